"""Tells of messages that were sent to a receiver: the case, a command line that repeats one, what all took; pure."""

import shlex
from collections.abc import Sequence
from itertools import pairwise
from statistics import median
from urllib.parse import urlsplit

from cgstate.evidence import Act, Exchange
from cgstate.judge.receiver.scene import is_legal
from cgstate.sending import Delivery, Expect, Parcel, ReceiverEvidence, Sending, Trouble
from cgstate.verdict.scene import printf
from cgstate.verdict.tally import Scene, Teller

_LONGEST_INLINE = 16_000
"""Bytes of a body that a command line may hold."""
_AFTER = frozenset({"accepts.after-fault", "accepts.after-dropped"})
_TWICE = "accepts.repetition"


def teller(evidence: ReceiverEvidence) -> Teller:
    """Return what tells the scenes of a run against a receiver. Credentials are not known here, and not told."""
    sendings = {sending.exchange.number: sending for sending in evidence.sendings}
    order = sorted(evidence.sendings, key=lambda sending: (sending.began, sending.parcel.number))
    before = {after.exchange.number: first for first, after in pairwise(order)}

    def tell(exchange: Exchange | None, _act: Act | None) -> Scene:
        sending = sendings.get(exchange.number) if exchange is not None else None
        if sending is None:
            return Scene()
        parcel = sending.parcel
        lines = command(parcel, evidence.uri)
        first = before.get(parcel.number)
        if parcel.requirement == _TWICE:
            lines *= 2
        elif first is not None and (parcel.requirement in _AFTER or first.parcel.expect is not Expect.TAKEN):
            # What it was sent after is half of the scene.
            lines = (*command(first.parcel, evidence.uri), *lines) if is_legal(parcel) else lines
        return Scene(evidence.cases.get(parcel.number, ""), lines)

    return tell


def command(parcel: Parcel, uri: str) -> tuple[str, ...]:
    """Return the command that sends the parcel again; none where its body is too long for a command line."""
    if len(parcel.body) > _LONGEST_INLINE:
        return ()
    if parcel.delivery in {Delivery.CUT, Delivery.DROPPED}:
        return _cut(parcel, uri)
    # To a HEAD with -X curl waits for a body.
    asked = ["--head"] if parcel.method == "HEAD" else ["-i", "-X", shlex.quote(parcel.method)]
    told = ["curl", *asked, shlex.quote(uri)]
    headers = [f"{name}: {value}" for name, value in parcel.headers]
    if parcel.body and all(name.lower() != "content-type" for name, _ in parcel.headers):
        headers.append("Content-Type:")
    if parcel.delivery is Delivery.CHUNKED:
        headers.append("Transfer-Encoding: chunked")
    told += [f"-H {shlex.quote(header)}" for header in headers]
    if parcel.method in {"GET", "HEAD"} and not parcel.body:
        return (" ".join(told),)
    text = _printable(parcel.body)
    if text is not None and not text.startswith("@"):
        return (" ".join([*told, "--data-binary", shlex.quote(text)]),)
    return (f"{printf(parcel.body)} | {' '.join([*told, '--data-binary', '@-'])}",)


def _cut(parcel: Parcel, uri: str) -> tuple[str, ...]:
    """Return what sends half of the body: curl cannot announce more than it sends."""
    parts = urlsplit(uri)
    if parts.scheme != "http" or not parts.hostname:
        return ()
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    head = [f"{parcel.method} {target} HTTP/1.1", f"Host: {parts.netloc}"]
    head += [f"{name}: {value}" for name, value in parcel.headers]
    head += [f"Content-Length: {len(parcel.body)}", "", ""]
    request = "\r\n".join(head).encode() + parcel.body[: len(parcel.body) // 2]
    return (f"{printf(request)} | nc -N {shlex.quote(parts.hostname)} {parts.port or 80}",)


def _printable(body: bytes) -> str | None:
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError:
        return None
    return text if text.isprintable() else None


def notes(evidence: ReceiverEvidence) -> tuple[str, ...]:
    """Return what is worth knowing of the run: how many messages, what became of them, how long answers took."""
    sendings = evidence.sendings
    if not sendings:
        return ()
    told = [f"{len(sendings)} requests sent: {_counted(sendings)}"]
    times = [sending.seconds for sending in sendings if sending.status is not None]
    if times:
        told.append(f"answers took {1000 * median(times):.1f} ms (median), {1000 * max(times):.1f} ms at most")
    return tuple(told)


def _counted(sendings: Sequence[Sending]) -> str:
    judged = [sending for sending in sendings if not sending.ignored]
    counts = {
        "taken": sum(1 for sending in judged if sending.taken),
        "refused": sum(1 for sending in judged if sending.refused),
        "answered otherwise": sum(1 for s in judged if s.status is not None and not (s.taken or s.refused)),
        "dropped on purpose": sum(1 for s in judged if s.parcel.delivery is Delivery.DROPPED and s.status is None),
        "met a connection that had just been closed": len(sendings) - len(judged),
        "without an answer": sum(
            1 for s in judged if isinstance(s.trouble, Trouble) and s.parcel.delivery is not Delivery.DROPPED
        ),
    }
    return ", ".join(f"{times} {what}" for what, times in counts.items() if times or what == "taken")
