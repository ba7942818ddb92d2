"""What a capture server may do with a request: answer, redirect, be slow, keep silent, break the connection."""

from dataclasses import dataclass, field
from http import HTTPStatus

_NO_BODY_BELOW = 200
_NO_BODY = frozenset({HTTPStatus.NO_CONTENT, HTTPStatus.NOT_MODIFIED})


@dataclass(frozen=True, slots=True)
class Status:
    """An HTTP answer with this status code."""

    code: int = 200
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""
    delay: float = 0.0
    """Seconds before it is sent."""


@dataclass(frozen=True, slots=True)
class Redirect:
    """A redirect to `location`; 307 and 308 ask for the same method and body."""

    location: str
    code: int = 307


@dataclass(frozen=True, slots=True)
class Slow:
    """An answer after that many seconds, or as soon as the holds are released."""

    seconds: float
    then: Status = field(default_factory=Status)


@dataclass(frozen=True, slots=True)
class Silence:
    """No answer; the connection stays open until the holds are released, and is closed then."""


@dataclass(frozen=True, slots=True)
class Reset:
    """A true TCP reset, with not a byte of an answer before it."""


Answer = Status | Redirect | Slow | Silence | Reset

OK = Status(200, (("Content-Type", "application/json"),), b"{}")
"""What is answered where nothing else is asked for: success, with an empty JSON object."""


def name(answer: Answer) -> str:
    """Return the value of `Exchange.answer`: a status code in decimal, ``reset`` or ``silence``."""
    match answer:
        case Status(code=code) | Redirect(code=code) | Slow(then=Status(code=code)):
            return str(code)
        case Silence():
            return "silence"
        case Reset():
            return "reset"


def holds(answer: Answer) -> bool:
    """Whether the answer is held back, so that later times show the receiver and not the emitter."""
    match answer:
        case Silence() | Slow():
            return True
        case Status(delay=delay):
            return delay > 0
        case _:
            return False


def as_bytes(answer: Status | Redirect, *, head_only: bool, connection: str) -> bytes:
    """Return the answer as it stands on the wire.

    `head_only` leaves the body out but not its length (the answer to HEAD); `connection` is the value of
    the Connection header, empty for none.
    """
    if isinstance(answer, Redirect):
        answer = Status(answer.code, (("Location", answer.location),))
    try:
        phrase = HTTPStatus(answer.code).phrase
    except ValueError:
        phrase = ""
    lines = [f"HTTP/1.1 {answer.code} {phrase}", *(f"{key}: {value}" for key, value in answer.headers)]
    bodiless = answer.code < _NO_BODY_BELOW or answer.code in _NO_BODY
    if not bodiless:
        lines.append(f"Content-Length: {len(answer.body)}")
    if connection:
        lines.append(f"Connection: {connection}")
    head = ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")
    return head if head_only or bodiless else head + answer.body
