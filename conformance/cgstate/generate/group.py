"""What is chosen about a Campaign Group before its ids and its token are known; pure, serialisable."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any, Self

from cgstate.evidence import GroupConfiguration
from cgstate.generate.samples import NAME_LENGTH


@dataclass(frozen=True, slots=True)
class GroupChoice:
    """Names, queue, tenant and dialing of a Campaign Group; None for a name means: not configured.

    The same choice makes groups in many runs: ids and token are given when one is made, so that a
    recorded case can be replayed on a group of its own.
    """

    name: str = "campaign@group"
    group_name: str = "group"
    campaign_name: str | None = "campaign"
    campaign_template_name: str | None = "template"
    queue_name: str = "8001"
    tenant_name: str | None = "tenant"
    tenant_ccid: str = "1"
    dial_mode: int = 1
    optimize_by: int = 1
    optimize_goal: int = 80
    drain_seconds: float = 0.0

    def configuration(self, campaign_id: int, group_id: int, token: str = "") -> GroupConfiguration:
        """Return the group with these ids; every name, queue and tenant begins with `token` (ASCII).

        Names are cut to 255 code points, token included.
        """
        if not token.isascii() or len(token) >= NAME_LENGTH:
            raise ValueError(f"a token is ASCII and shorter than {NAME_LENGTH} characters")
        named = {
            key: None if value is None else (token + value)[:NAME_LENGTH]
            for key, value in asdict(self).items()
            if value is None or isinstance(value, str)
        }
        return GroupConfiguration(campaign_id=campaign_id, group_id=group_id, **(asdict(self) | named))

    @property
    def configured(self) -> tuple[bool, bool, bool]:
        """Whether campaign, template and tenant have a name."""
        return (self.campaign_name is not None, self.campaign_template_name is not None, self.tenant_name is not None)

    def as_json(self) -> dict[str, Any]:
        """Return it as JSON values, by the field names of this class."""
        return asdict(self)

    @classmethod
    def from_json(cls, document: Mapping[str, Any]) -> Self:
        """Read what `as_json` wrote; `ValueError` with one line where it is something else."""
        defaults = {field.name: field.default for field in fields(cls)}
        for key, value in document.items():
            if key not in defaults:
                raise ValueError(f"group: unknown key {key!r}")
            default = defaults[key]
            optional = key in {"campaign_name", "campaign_template_name", "tenant_name"}
            right = isinstance(value, int | float if isinstance(default, float) else type(default))
            if isinstance(value, bool) or not (right or (optional and value is None)):
                raise ValueError(f"group: {key} is no {type(default).__name__}")
        return cls(**document)
