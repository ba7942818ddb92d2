"""What a receiver did with a message, in words: for sentences (nothing of this run in them) and for what was seen."""

from collections.abc import Mapping, Sequence
from typing import Final

from cgstate.sending import Sending, Trouble

_MOST_BYTES: Final = 200
"""Of an answer's body that are shown."""
_MOST_NAMED: Final = 3
"""Of several causes with one effect that are named."""

_TROUBLES: Final = {
    Trouble.UNREACHED: "finds no connection",
    Trouble.CLOSED: "is cut off: the connection ends without an answer",
    Trouble.SILENCE: "gets no answer",
    Trouble.GARBAGE: "is answered by something that is no HTTP",
}

_HINTS: Final[Mapping[int | None, str]] = {
    401: "the login is refused",
    403: "it is forbidden",
    404: "is the URI right?",
    405: "is this the URI that takes POST?",
    407: "the proxy refuses the login",
    411: "a length is asked for",
    413: "the message is called too large",
    415: "the messages are JSON, as their Content-Type says",
    429: "there are too many for it",
}

_BUSY: Final = frozenset({408, 425, 429})

Answer = int | Trouble | None
"""What two refusals have in common that are of one kind."""


def answer_of(sending: Sending) -> Answer:
    """Return the status, or the trouble in its place."""
    return sending.trouble if sending.status is None else sending.status


def may_be_chance(answer: Answer) -> bool:
    """Whether a receiver may give that answer for reasons outside the message."""
    return isinstance(answer, Trouble) or answer in _BUSY or (answer is not None and answer >= 500)  # noqa: PLR2004


def did(sending: Sending) -> str:
    """Return what happens to such a message, to complete "a message with ..."."""
    if sending.trouble is not None:
        return _TROUBLES[sending.trouble]
    if sending.taken:
        return "is taken"
    if sending.refused:
        return "is refused"
    if is_redirect(sending):
        return "is answered by a redirect"
    return f"is answered by {sending.status}"


def did_all(sendings: Sequence[Sending]) -> str:
    """Return what happens to each of them, or, where that differs, only that none is taken."""
    words = {did(sending) for sending in sendings}
    return words.pop() if len(words) == 1 else "is not taken"


def seen(sending: Sending) -> str:
    """Return the answer to this one message, with the beginning of its body and a hint where there is one."""
    if sending.status is None:
        told = f"{sending.trouble}, after {sending.seconds:.2f} s"
        return f"{told}: {sending.detail}" if sending.detail else told
    told = f"{sending.status} after {1000 * sending.seconds:.0f} ms"
    body = sending.answer[:_MOST_BYTES].decode("utf-8", "backslashreplace").strip()
    if body:
        told += f": {body}"
    hint = hint_of(sending)
    return f"{told} ({hint})" if hint else told


def hint_of(sending: Sending) -> str | None:
    """Return what such an answer often means, if anything."""
    if is_redirect(sending):
        return "an emitter need not follow a redirect"
    if sending.status is not None and sending.status >= 500:  # noqa: PLR2004 - the class of server errors
        return "the receiver itself, or what stands in front of it, fails"
    return _HINTS.get(sending.status)


def is_redirect(sending: Sending) -> bool:
    """Whether the answer was a 3xx."""
    return sending.status is not None and 300 <= sending.status < 400  # noqa: PLR2004 - the class of redirects


def listed(things: Sequence[str]) -> str:
    """Return the first few of these, and how many more there are."""
    first = "; ".join(things[:_MOST_NAMED])
    more = len(things) - _MOST_NAMED
    return first if more <= 0 else f"{first}; {more} more"


def the_same(things: Sequence[str]) -> str:
    """Return what else has the effect that a sentence tells of the first of these, in brackets; empty: nothing."""
    return f" (the same {listed(things[1:])})" if len(things) > 1 else ""
