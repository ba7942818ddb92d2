"""Command lines that repeat what was seen, quoted so that any name survives a POSIX shell; pure."""

import json
import math
import re
import shlex
from collections.abc import Sequence

from cgstate.drivers.driver import Options
from cgstate.drivers.wire import automatic_of, configuration_of, data_of, options_body
from cgstate.evidence import Act, Cause, Evidence, Exchange, Reply, Setting
from cgstate.specification.codes import Action
from cgstate.verdict.tally import Scene, Teller

_UNSHOWABLE = re.compile(r"[^\x20-\x7e]")
_PLAIN = frozenset(range(0x20, 0x7F)) - frozenset(b"\\%-")
_LONGEST_INLINE = 4_000
"""Bytes of a body that a command line may hold."""


def as_json(value: object) -> str:
    r"""Return `value` as one line of JSON for a command line: what cannot be printed as ``\uXXXX``."""

    def escaped(match: re.Match[str]) -> str:
        character = match[0]
        return character if character.isprintable() else json.dumps(character)[1:-1]

    return _UNSHOWABLE.sub(escaped, json.dumps(value, ensure_ascii=False))


def printf(body: bytes) -> str:
    """Return a ``printf`` command that writes exactly these bytes, made of printable characters only."""
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError:
        text = "\x00"
    if text.isprintable():
        return f"printf %s {shlex.quote(text)}"
    # A hyphen would be taken for an option at the beginning.
    parts = [chr(byte) if byte in _PLAIN else f"\\{byte:03o}" for byte in body]
    return f"printf {shlex.quote(''.join(parts))}"


def check_again(body: bytes) -> tuple[str, ...]:
    """Return the command that judges one message again, if it is short enough for a command line."""
    return (f"{printf(body)} | cgstate check -",) if len(body) <= _LONGEST_INLINE else ()


def teller(evidence: Evidence, base: str | None) -> Teller:
    """Return what tells the scenes of a driven run.

    `base` is the base URI of the control API, or None where the emitter is driven otherwise; then only
    the message itself can be judged again.
    """

    def tell(exchange: Exchange | None, act: Act | None) -> Scene:
        act = act or (act_before(evidence, exchange) if exchange else None)
        case = act.case if act else ""
        if act is not None and base is not None:
            return Scene(case, _requests(evidence, base, act))
        return Scene(case, check_again(exchange.body) if exchange else ())

    return tell


def act_before(evidence: Evidence, exchange: Exchange) -> Act | None:
    """Return the last act on the message's group that was asked for before the message came."""
    try:
        body = json.loads(exchange.body)
    except (ValueError, RecursionError):
        return None
    name = body.get("GSW_CAMPAIGN_GROUP_NAME") if isinstance(body, dict) else None
    keys = {key for key, group in evidence.groups.items() if group.name == name and "name" not in group.unknown}
    arrival = math.inf if exchange.arrival is None else exchange.arrival
    earlier = [act for act in evidence.acts if act.key in keys and act.asked <= arrival]
    return max(earlier, key=lambda act: act.number, default=None)


def _requests(evidence: Evidence, base: str, act: Act) -> tuple[str, ...]:
    """Return the requests from the group's last load to `act`: none of them means anything without the others."""
    path: list[Act] = []
    for other in sorted(evidence.acts, key=lambda a: a.number):
        if other.key != act.key or other.number > act.number:
            continue
        if other.action is Action.LOAD and other.reply is Reply.ACCEPTED:
            path.clear()
        path.append(other)
    base = base.rstrip("/")
    lines: list[str] = []
    hooks = evidence.emitter.capabilities if evidence.emitter is not None else frozenset()
    setting = _setting_before(evidence, act)
    if setting is not None and "options" in hooks:
        lines.append(curl("PUT", f"{base}/conformance/options", _options(setting)))
    group = evidence.groups.get(act.key)
    if group is not None and "groups" in hooks:
        uri = f"{base}/conformance/campaign-groups/{group.campaign_id}/{group.group_id}"
        lines.append(curl("PUT", uri, configuration_of(group)))
    return (*lines, *_lines_of(path, base))


def _setting_before(evidence: Evidence, act: Act) -> Setting | None:
    """Return the options as the act found them."""
    earlier = [setting for setting in evidence.settings if setting.known and setting.asked <= act.asked]
    return max(earlier, key=lambda setting: setting.asked, default=None)


def _options(setting: Setting) -> dict[str, object]:
    interval = None if setting.default_interval else setting.interval
    return options_body(Options(enabled=setting.enabled, uri=setting.uri, interval=interval))


def _lines_of(path: Sequence[Act], base: str) -> list[str]:
    lines = []
    for act in path:
        if act.cause is Cause.CLIENT:
            lines.append(curl("POST", f"{base}/{act.action.request}", data_of(act.key, act.dialing)))
            continue
        lines.append(curl("POST", f"{base}/conformance/automatic", automatic_of(act.key, act.action, act.cause)))
    return lines


def curl(method: str, uri: str, body: object) -> str:
    """Return a ``curl`` line that sends `body` as JSON."""
    target = shlex.quote(uri)
    return f"curl -X {method} {target} -H 'Content-Type: application/json' -d {shlex.quote(as_json(body))}"
