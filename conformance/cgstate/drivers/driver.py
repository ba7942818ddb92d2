"""What the suite asks of whatever drives an emitter: the five client requests, and hooks where it has them."""

from collections.abc import Mapping
from dataclasses import dataclass

from cgstate.evidence import Cause, Dialing, GroupConfiguration
from cgstate.specification.codes import Action


class Refused(Exception):  # noqa: N818 - named for the fact: a refusal is lawful, not an error
    """The emitter refused the request: unknown group, or not possible in its state."""


class DriverTrouble(Exception):  # noqa: N818 - named for the fact
    """The control API failed on a lawful request. What depends on it is not exercised."""


class Unreachable(Exception):  # noqa: N818 - named for the fact
    """Nothing answers at the emitter's URI, or a login was refused. The text says which, and what to do."""


class LoginRefused(Unreachable):
    """The emitter, or a proxy before it, does not let us in. The text names the options that are missing."""


@dataclass(frozen=True, slots=True)
class Options:
    """The emitter's options. None: left to its default, which is the specification's (false, none, 10 seconds)."""

    enabled: bool | None = None
    uri: str | None = None
    interval: float | None = None
    """Seconds."""


class Driver:
    """Base class of drivers: override the five client requests, and the hooks named in `capabilities`.

    A request returns when the emitter accepted it; it raises `Refused` where the emitter refused,
    `DriverTrouble` where the request failed for another reason, `Unreachable` where nobody answers.
    Methods are called from several threads at once, for different groups.
    """

    name: str = "driver"
    """What is driven, for the header and the verdict."""
    capabilities: frozenset[str] = frozenset()
    """Of ``options``, ``groups``, ``automatic``, ``drain``: the hooks that work."""
    actors: Mapping[str, int] | None = None
    """The emitter's codes for ``client``, ``schedule``, ``condition``; None: their meaning is not judged."""
    dial_modes: frozenset[int] | None = None
    """The dial modes the emitter has; None: all."""

    acts_by_itself: bool = True
    """Whether it ever acts by schedule or by a condition of a group; False: what that needs is not applicable."""
    ends_with_run: bool = False
    """Whether the emitter ends when the driver is closed: then nothing needs to be put back."""

    def load(self, group: GroupConfiguration) -> None:
        """Ask to load the Campaign Group."""
        raise NotImplementedError

    def unload(self, group: GroupConfiguration) -> None:
        """Ask to unload the Campaign Group, running or not."""
        raise NotImplementedError

    def start(self, group: GroupConfiguration, dialing: Dialing) -> None:
        """Ask to start dialing."""
        raise NotImplementedError

    def stop(self, group: GroupConfiguration) -> None:
        """Ask to stop dialing."""
        raise NotImplementedError

    def set_dialing_mode(self, group: GroupConfiguration, dialing: Dialing) -> None:
        """Ask to change the dial mode of a running group."""
        raise NotImplementedError

    def options(self) -> Options:
        """Hook ``options``: return the three options as they are set."""
        raise NotImplementedError

    def set_options(self, options: Options) -> None:
        """Hook ``options``: set all three at once; what is None goes back to its default."""
        raise NotImplementedError

    def create_group(self, group: GroupConfiguration) -> None:
        """Hook ``groups``: configure a group, not loaded."""
        raise NotImplementedError

    def delete_group(self, group: GroupConfiguration) -> None:
        """Hook ``groups``: take the group away whatever its state, without a notification."""
        raise NotImplementedError

    def group_state(self, group: GroupConfiguration) -> int:
        """Hook ``groups``: return the group's CM_GrpCampState."""
        raise NotImplementedError

    def automatic(self, group: GroupConfiguration, action: Action, cause: Cause) -> None:
        """Hook ``automatic``: let the emitter itself act, by schedule or by a condition of the group."""
        raise NotImplementedError

    def close(self) -> None:
        """Release what the driver holds; the suite calls it once, at the end."""
