"""Requests of an emitter, lawful or not, as steps of a table."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from selftest.reference.conftest import DONE

if TYPE_CHECKING:
    from collections.abc import Callable

    from selftest.reference.conftest import Control, Group

    Step = Callable[[Control, Group], int]

LANGUAGES = ("python", "node")
OPTIONS = "/conformance/options"
CONFIGURED: dict[str, object] = {
    "name": "C@G",
    "groupName": "G",
    "campaignName": "C",
    "campaignTemplateName": None,
    "queueName": "8000",
    "tenantName": None,
    "tenantCcid": "ccid",
    "dialMode": 1,
    "optimizeBy": 1,
    "optimizeGoal": 80,
}


def ask(request: str, **dialing: Any) -> Step:  # noqa: ANN401 - any type, lawful or not
    return lambda _, group: group.ask(request, **dialing)


def by_itself(request: str, cause: str = "schedule") -> Step:
    return lambda _, group: group.automatic(request, cause)


def configure(**changes: object) -> Step:
    """Configure the group; ... leaves a key out."""
    body = {key: value for key, value in (CONFIGURED | changes).items() if value is not ...}
    return lambda control, group: control.call("PUT", group.path, body)[0]


def set_options(**options: object) -> Step:
    """Set options, - in their names written as _, and take them back."""

    def step(control: Control, _: Group) -> int:
        status = control.call("PUT", OPTIONS, {key.replace("_", "-"): value for key, value in options.items()})[0]
        assert control.call("PUT", OPTIONS, {})[0] in DONE
        return status

    return step


def send_to(uri: object) -> Step:
    return set_options(campaigngroup_states_uri=uri)


def every(seconds: object) -> Step:
    return set_options(campaigngroup_states_interval=seconds)


def call(method: str, path: str, body: object = None) -> Step:
    return lambda control, _: control.call(method, path, body)[0]


def about(method: str) -> Step:
    return lambda control, group: control.call(method, group.path)[0]


LOAD, START, STOP, UNLOAD = (ask(r) for r in ("load-campaign", "start-dialing", "stop-dialing", "unload-campaign"))
SET = "set-dialing-mode"
