"""Write evidence as a trace (``trace-case.schema.json``): what `cgstate.sources.corpus.trace_from` reads."""

import json
from base64 import b64encode
from typing import Any, Final

from cgstate.drivers.wire import ENABLED, INTERVAL, URI, configuration_of
from cgstate.evidence import Act, Cause, Evidence, Exchange, GroupConfiguration, Reply, Setting, Window

POST_OF_JSON: Final = ("POST", (("Content-Type", "application/json"),))


def trace_of(evidence: Evidence, description: str, requirement: str = "", layer: str = "trace") -> dict[str, Any]:
    """Return the evidence as a trace that counts its times from the first thing that was done."""
    began = min([s.asked for s in evidence.settings] + [a.asked for a in evidence.acts], default=0.0) // 1

    def after(moment: float) -> float:
        return _number(round(moment - began, 6))

    emitter = evidence.emitter
    trace: dict[str, Any] = {"description": description}
    trace |= {"requirement": requirement, "layer": layer} if requirement else {}
    trace["began"] = int(began)
    trace |= {} if evidence.ended is None else {"ended": after(evidence.ended)}
    if emitter is not None:
        declared = {"capabilities": sorted(emitter.capabilities), "actors": emitter.actors}
        trace["emitter"] = declared | ({"dialModes": sorted(emitter.dial_modes)} if emitter.dial_modes else {})
    trace["groups"] = [_group(group) for group in evidence.groups.values()]
    trace["options"] = [_times(s, after) | _options(s) for s in evidence.settings]
    trace["requests"] = [_times(act, after) | _request(act) for act in evidence.acts]
    trace["windows"] = [_window(window, after) for window in evidence.windows]
    trace["redirects"] = sorted(evidence.redirects)
    trace = {key: value for key, value in trace.items() if value != []}
    trace["messages"] = [_message(exchange, after) for exchange in evidence.exchanges]
    return trace


def text_of(trace: dict[str, Any]) -> str:
    """Return the text of a file: each message and each request on a line of its own."""
    lines = []
    for key, value in trace.items():
        if isinstance(value, list) and value and isinstance(value[0], dict):
            items = ",\n".join(f"    {json.dumps(item, ensure_ascii=False)}" for item in value)
            lines.append(f"  {json.dumps(key)}: [\n{items}\n  ]")
        else:
            lines.append(f"  {json.dumps(key)}: {json.dumps(value, ensure_ascii=False)}")
    return "{\n" + ",\n".join(lines) + "\n}\n"


def _number(value: float) -> float:
    return int(value) if value == int(value) else value


def _times(of: Act | Setting, after: Any) -> dict[str, Any]:  # noqa: ANN401 - a function
    return {"asked": after(of.asked), "answered": after(of.answered)}


def _group(group: GroupConfiguration) -> dict[str, Any]:
    told = {"campaignId": group.campaign_id, "groupId": group.group_id} | configuration_of(group)
    return told | {"drainSeconds": _number(group.drain_seconds)}  # left out, it would be unknown


def _options(setting: Setting) -> dict[str, Any]:
    options = {ENABLED: setting.enabled, URI: setting.uri, INTERVAL: setting.interval}
    if setting.default_interval:
        del options[INTERVAL]
    given = {key: value for key, value in options.items() if value not in (None, False) or key == INTERVAL}
    return {"set": given} | ({} if setting.known else {"known": False})


def _request(act: Act) -> dict[str, Any]:
    dialing = act.dialing
    said: dict[str, Any] = {"request": act.action.request, "campaignId": act.key[0], "groupId": act.key[1]}
    if dialing is not None:
        all_three = {
            "dialMode": dialing.dial_mode,
            "optimizeBy": dialing.optimize_by,
            "optimizeGoal": dialing.optimize_goal,
        }
        said |= {key: value for key, value in all_three.items() if value is not None}
    said |= {} if act.cause is Cause.CLIENT else {"cause": act.cause.value}
    return said | ({} if act.reply is Reply.ACCEPTED else {"reply": act.reply.value})


def _window(window: Window, after: Any) -> dict[str, Any]:  # noqa: ANN401 - a function
    told = {"rule": window.rule, "began": after(window.began), "ended": after(window.ended)}
    return told | ({"groups": sorted(map(list, window.keys))} if window.keys else {})


def _message(exchange: Exchange, after: Any) -> dict[str, Any]:  # noqa: ANN401 - a function
    told: dict[str, Any] = {} if exchange.arrival is None else {"arrived": after(exchange.arrival)}
    told |= {} if exchange.connection == 1 else {"connection": exchange.connection}
    told |= {} if exchange.target is None else {"target": exchange.target}
    if exchange.target is not None and exchange.method != "POST":
        told["method"] = exchange.method
    if exchange.target is not None and (exchange.method, exchange.headers) != POST_OF_JSON:
        told["contentType"] = exchange.header("Content-Type")
    told |= {} if exchange.malformed is None else {"malformed": exchange.malformed}
    told |= {} if exchange.answer is None else {"answer": exchange.answer}
    return told | _body(exchange.body)


def _body(body: bytes) -> dict[str, Any]:
    try:
        text = body.decode()
        message = json.loads(text)
    except ValueError:
        return {"bytes": b64encode(body).decode()}
    lossless = isinstance(message, dict) and json.dumps(message).encode() == body
    return {"message": message} if lossless else {"text": text}
