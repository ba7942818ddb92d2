"""Cases as data, one JSON document each: messages and traces as they lie in ``fixtures`` and as anyone may write them.

The forms are those of ``message-case.schema.json`` and ``trace-case.schema.json``.
"""

import json
import re
from base64 import b64decode
from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import cache
from itertools import pairwise
from math import isinf
from typing import Any, BinaryIO, Final

from cgstate.drivers.driver import DriverTrouble
from cgstate.drivers.wire import INTERVAL, declaration_from, options_from
from cgstate.evidence import (
    Act,
    Cause,
    Dialing,
    Emitter,
    Evidence,
    Exchange,
    GroupConfiguration,
    Reply,
    Setting,
    Traits,
    Window,
)
from cgstate.sources.recordings import UnreadableRecording, read_whole
from cgstate.specification.codes import Action
from cgstate.specification.data import folder, read

KINDS: Final = (
    "messages/valid",
    "messages/discouraged",
    "messages/invalid",
    "traces/conforming",
    "traces/violating",
)
"""The folders of cases in ``fixtures``."""
_REQUESTS: Final = {action.request: action for action in Action}
_NOTHING: Final = {"campaign_name": None, "campaign_template_name": None, "tenant_name": None}
"""What stands for an unknown name that may also not be configured."""


@dataclass(frozen=True, slots=True)
class Trace:
    """A trace and what is said of it."""

    description: str
    requirement: str | None
    """The one that is broken, or None."""
    evidence: Evidence


def cases(kind: str) -> dict[str, dict[str, Any]]:
    """Return the cases of one of `KINDS` that come with the suite, by name."""
    files = [file for file in folder("fixtures").joinpath(*kind.split("/")).iterdir() if file.name.endswith(".json")]
    return {
        file.name.removesuffix(".json"): json.loads(file.read_bytes()) for file in sorted(files, key=lambda f: f.name)
    }


def body_of(case: Mapping[str, Any]) -> bytes:
    """Return the body of a case that has one of ``message``, ``text`` and ``bytes``.

    Raises ValueError where it cannot be written as its form promises.
    """
    if "bytes" in case:
        return b64decode(case["bytes"], validate=True)
    if "text" in case:
        try:
            return str(case["text"]).encode("utf-8")
        except UnicodeEncodeError:
            raise ValueError("a text holds half a surrogate pair, which UTF-8 has no bytes for: give bytes") from None
    return json.dumps(case["message"], ensure_ascii=False, allow_nan=False).encode("utf-8")


def read_trace(file: BinaryIO, name: str) -> Trace:
    """Read a trace; `name` is what reports call it.

    Raises `UnreadableRecording` with one clear line where that cannot be done.
    """
    try:
        document = json.loads(read_whole(file, name), parse_float=_finite)
    except OverflowError as error:
        raise UnreadableRecording(f"{name} is no trace: {error}") from None
    except (ValueError, RecursionError):
        raise UnreadableRecording(f"{name} is not JSON, so no trace") from None
    return trace_from(document, name)


def _finite(text: str) -> float:
    if isinf(number := float(text)):
        raise OverflowError(f"nothing can be counted from {text[:20]}")
    return number


def trace_from(document: object, name: str) -> Trace:
    """Make evidence of a trace, a JSON value; raises `UnreadableRecording` as `read_trace` does."""
    from jsonschema.exceptions import best_match  # noqa: PLC0415 - 60 ms that nothing but a trace needs

    error = best_match(_validator().iter_errors(document))
    if error is not None:
        said = error.message if len(error.message) <= _LONGEST else f"{error.message[:_LONGEST]}..."
        raise UnreadableRecording(f"{name} is no trace: {error.json_path}: {' '.join(said.split())}")
    assert isinstance(document, dict)
    try:
        evidence = _evidence(document, name)
    except (ValueError, DriverTrouble) as error:
        raise UnreadableRecording(f"{name} is no trace: {error}") from None
    return Trace(document["description"], document.get("requirement"), evidence)


_LONGEST: Final = 200


@cache
def _validator() -> Any:  # noqa: ANN401 - jsonschema's types do not fit what its errors hold here
    from jsonschema import Draft202012Validator  # noqa: PLC0415 - as above
    from referencing import Registry, Resource  # noqa: PLC0415 - the same

    trace, message = (json.loads(read(f"{kind}-case.schema.json")) for kind in ("trace", "message"))
    registry: Any = Registry().with_resource(message["$id"], Resource.from_contents(message))
    return Draft202012Validator(trace, registry=registry)


def _evidence(trace: Mapping[str, Any], name: str) -> Evidence:
    began = trace.get("began", 0.0)
    messages = trace["messages"]
    if any(later.get("arrived", 0) < earlier.get("arrived", 0) for earlier, later in pairwise(messages)):
        raise ValueError("messages do not stand in the order of their arrival")
    groups = [_group(declared) for declared in trace.get("groups", ())]
    acts = tuple(_act(number, asked, began) for number, asked in enumerate(trace.get("requests", ()), 1))
    keys = {group.key for group in groups}
    if len(keys) < len(groups) or any(act.key not in keys for act in acts):
        raise ValueError("requests name a group that does not stand in groups, or one stands there twice")
    return Evidence(
        traits=Traits(
            name,
            complete_from_start=bool(acts),
            has_bytes=True,
            has_arrival="began" in trace,
            has_request=bool(messages) and all("target" in message for message in messages),
            has_response=bool(messages) and all("answer" in message for message in messages),
        ),
        exchanges=tuple(_exchange(number, message, trace) for number, message in enumerate(messages, 1)),
        acts=acts,
        settings=tuple(_setting(change, began) for change in trace.get("options", ())),
        windows=tuple(_window(window, began) for window in trace.get("windows", ())),
        groups={group.key: group for group in groups},
        emitter=_emitter(trace["emitter"], name) if "emitter" in trace else None,
        redirects=frozenset(trace.get("redirects", ())),
        ended=began + trace["ended"] if "ended" in trace else None,
    )


def _exchange(number: int, message: Mapping[str, Any], trace: Mapping[str, Any]) -> Exchange:
    target = message.get("target")
    content_type = message.get("contentType", "application/json")
    return Exchange(
        number,
        body_of(message),
        arrival=trace["began"] + message["arrived"] if "began" in trace else None,
        connection=message.get("connection", 1),
        method=None if target is None else message.get("method", "POST"),
        target=target,
        version=None if target is None else "HTTP/1.1",
        headers=(("Content-Type", content_type),) if target is not None and content_type is not None else (),
        malformed=message.get("malformed"),
        answer=message.get("answer"),
    )


def _group(declared: Mapping[str, Any]) -> GroupConfiguration:
    """Return a group; the fields of the control API are ours in camel case."""
    given = {re.sub("[A-Z]", lambda found: f"_{found[0].lower()}", key): value for key, value in declared.items()}
    names = {field.name for field in fields(GroupConfiguration)} - {"unknown"}
    values = {name: _NOTHING.get(name, "" if name.endswith(("name", "ccid")) else 0) for name in names} | given
    return GroupConfiguration(**values, unknown=frozenset(names - given.keys()))


def _act(number: int, asked: Mapping[str, Any], began: float) -> Act:
    dialing = (
        Dialing(asked["dialMode"], asked.get("optimizeBy"), asked.get("optimizeGoal")) if "dialMode" in asked else None
    )
    return Act(
        number,
        (asked["campaignId"], asked["groupId"]),
        _REQUESTS[asked["request"]],
        began + asked["asked"],
        began + asked["answered"],
        Reply(asked.get("reply", Reply.ACCEPTED)),
        Cause(asked.get("cause", Cause.CLIENT)),
        dialing,
    )


def _setting(change: Mapping[str, Any], began: float) -> Setting:
    options = options_from(change["set"])
    return Setting(
        began + change["asked"],
        began + change["answered"],
        enabled=bool(options.enabled),
        uri=options.uri,
        interval=options.interval if options.interval is not None else 0,
        default_interval=INTERVAL not in change["set"],
        known=change.get("known", True),
    )


def _window(window: Mapping[str, Any], began: float) -> Window:
    keys = frozenset((key[0], key[1]) for key in window.get("groups", ()))
    return Window(window["rule"], began + window["began"], began + window["ended"], keys)


def _emitter(declared: Mapping[str, Any], name: str) -> Emitter:
    said = declaration_from(declared)
    return Emitter(name, said.capabilities, said.actors, said.dial_modes)
