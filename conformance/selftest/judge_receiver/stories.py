"""A run against a receiver as a short list of what was sent and answered, and as text what the judge says of it.

`legal` and `fault` tell one message each; a story numbers them from 1 and sends each a second after the one before.
What was taken is stored by `keeping`.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from inspect import cleandoc
from textwrap import fill
from typing import Any, Final

from cgstate.evidence import Exchange
from cgstate.judge.receiver import judge_receiver
from cgstate.sending import Delivery, Expect, Parcel, ReceiverEvidence, Sending, Stored, Trouble

Story = tuple[str, ReceiverEvidence, str]
"""What it tells, the run, and what is ruled, as `ruled` returns it."""

LIFE_CYCLE: Final = "accepts.life-cycle"
LOADED: Final = {"state": 4, "action": 7, "actor": 1}
_NAMES: Final = {
    "state": "GSW_CAMPAIGN_GROUP_STATE",
    "action": "GSW_CAMPAIGN_GROUP_ACTION",
    "actor": "GSW_CAMPAIGN_GROUP_ACTOR",
    "mode": "GSW_DIAL_MODE",
    "method": "GSW_OPTIMIZE_BY",
    "tenant": "GSW_TENANT_NAME",
    "time": "GSW_DATE_TIME",
}


@dataclass(frozen=True)
class Told:
    """One message of a story."""

    parcel: Parcel
    answer: int | Trouble
    says: Mapping[str, object] = field(default_factory=dict)
    """Its body is made of it, unless the parcel has one already."""
    seconds: float = 0.002
    connection: int = 1
    at: float = 0.0
    """When it went out; 0: as many seconds after the beginning as its number is."""
    more: Mapping[str, Any] = field(default_factory=dict)
    """Further fields of the sending."""


def legal(
    *marks: str,
    answer: int | Trouble = 204,
    sent_for: str = LIFE_CYCLE,
    guid: str = "g",
    **more: Any,  # noqa: ANN401 - any attribute, any field
) -> Told:
    """Tell a legal message with these marks; `more`: what it says, by the words of `_NAMES`, or fields of `Told`."""
    told = {name: more.pop(name) for name in ("seconds", "connection", "at", "more") if name in more}
    delivery, body = more.pop("delivery", Delivery.WHOLE), more.pop("body", b"")
    says: dict[str, object] = {_NAMES.get(word, word): value for word, value in {**LOADED, **more}.items()}
    parcel = Parcel(0, sent_for, Expect.TAKEN, body, guid, frozenset(marks), delivery=delivery)
    return Told(parcel, answer, says, **told)


def fault(
    words: str = "a bare word",
    answer: int | Trouble = 400,
    sent_for: str = "rejects.unreadable",
    **more: Any,  # noqa: ANN401 - any field
) -> Told:
    """Tell what is no notification; without `twin` it has none that was taken."""
    told = {name: more.pop(name) for name in ("seconds", "connection", "at", "more", "says") if name in more}
    expect = more.pop("expect", Expect.REFUSED)
    body = b"" if told.get("says") else more.pop("body", b"word")
    return Told(Parcel(0, sent_for, expect, body, fault=words, **more), answer, **told)


def either(
    words: str,
    answer: int | Trouble = 204,
    sent_for: str = "survives.large-body",
    **more: Any,  # noqa: ANN401 - any field
) -> Told:
    """Tell what may be taken or refused."""
    return fault(words, answer, sent_for, expect=Expect.EITHER, **more)


def dropped(**more: Any) -> Told:  # noqa: ANN401 - any field
    """Tell a request in whose middle the connection is dropped."""
    sent_for = "accepts.after-dropped"
    return either("a request that is dropped", Trouble.CLOSED, sent_for, delivery=Delivery.DROPPED, **more)


def story(*told: Told, **more: Any) -> ReceiverEvidence:  # noqa: ANN401 - any field
    """Return the evidence of that run. `more`: further fields of it."""
    sendings = tuple(_sent(number, each) for number, each in enumerate(told, 1))
    return replace(ReceiverEvidence("a receiver", "http://receiver.test/", sendings), **more)


def _sent(number: int, told: Told) -> Sending:
    date_time = {"GSW_CAMPAIGN_GROUP_GUID": told.parcel.guid, "GSW_DATE_TIME": f"{number}.000"}
    body = told.parcel.body or json.dumps(date_time | dict(told.says), ensure_ascii=False).encode()
    parcel = replace(told.parcel, number=number, body=body)
    status, trouble = (None, told.answer) if isinstance(told.answer, Trouble) else (told.answer, None)
    exchange = Exchange(number, body, connection=told.connection, answer=str(told.answer))
    began = told.at or float(number)
    sending = Sending(parcel, exchange, began, began + told.seconds, status=status, trouble=trouble)
    return replace(sending, **told.more)


Messages = list[dict[str, Any]]


def keeping(
    evidence: ReceiverEvidence,
    change: Callable[[Messages], Messages] = lambda messages: messages,
    **more: Any,  # noqa: ANN401 - any field of `Stored`
) -> ReceiverEvidence:
    """Return the evidence with what was read back: what was taken, as `change` left it."""
    taken = [json.loads(each.parcel.body) for each in evidence.sendings if each.taken and each.parcel.guid]
    by_guid: dict[str, list[Mapping[str, object]]] = {}
    for message in change(taken):
        by_guid.setdefault(str(message["GSW_CAMPAIGN_GROUP_GUID"]), []).append(message)
    return replace(evidence, stored=Stored({guid: tuple(found) for guid, found in by_guid.items()}, **more))


def ruled(evidence: ReceiverEvidence, about: str = "") -> str:
    """Return what is ruled, as text: what is accused, what was seen with the numbers it rests on, and what was met.

    `about`: beginnings of the requirements that are meant, with commas; empty: all.
    """
    rulings = [r for r in judge_receiver(evidence) if r.requirement.startswith(tuple(about.split(",")))]
    accused: dict[tuple[str, str], dict[str, list[str]]] = {}
    met: dict[str, list[str]] = {}
    for ruling in rulings:
        numbers = " ".join(map(str, ruling.exchanges))
        if ruling.fault is None:
            met.setdefault(ruling.requirement, []).append(numbers)
        else:
            told = (f"{ruling.requirement}: {ruling.fault.sentence}", f"    expected {ruling.fault.expected}")
            accused.setdefault(told, {}).setdefault(ruling.fault.seen, []).append(numbers)
    lines: list[str] = []
    for told, seen in accused.items():
        lines += [*told, *(f"    seen {words} [{', '.join(numbers)}]" for words, numbers in seen.items())]
    lines += [f"met {name}: {', '.join(_runs(numbers))}" for name, numbers in sorted(met.items())]
    return "\n".join(fill(line, 100, subsequent_indent="        ", break_on_hyphens=False) for line in lines)


def _runs(numbers: list[str]) -> list[str]:
    """Return the numbers with three or more that follow one another as ``1-3``."""
    runs: list[list[str]] = []
    for number in numbers:
        if runs and number.isdecimal() and runs[-1][-1].isdecimal() and int(runs[-1][-1]) + 1 == int(number):
            runs[-1].append(number)
        else:
            runs.append([number])
    return [f"{run[0]}-{run[-1]}" if len(run) > 2 else ", ".join(run) for run in runs]


def text(told: str) -> str:
    """Return a text that stands indented in a test as `ruled` returns it."""
    return cleandoc(told).strip()
