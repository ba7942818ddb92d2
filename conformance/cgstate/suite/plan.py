"""What the capture server answers to which group: a right receiver's 200, unless a case wants otherwise."""

import threading
from collections import deque
from collections.abc import Sequence

from cgstate.evidence import Exchange, GroupConfiguration
from cgstate.judge.trace.attribution import TOKEN
from cgstate.sources.answers import OK, Answer


class AnswerPlan:
    """Chooses by the group in the body, before the body is read as JSON: it may be unreadable."""

    def __init__(self) -> None:
        """Begin with nothing planned."""
        self._lock = threading.Lock()
        self._planned: dict[bytes, deque[Answer]] = {}
        self._always: dict[bytes, Answer] = {}

    def next_messages(self, group: GroupConfiguration, answers: Sequence[Answer]) -> None:
        """Answer the group's next messages so, one each; those after them get a 200."""
        with self._lock:
            self._planned[_mark(group)] = deque(answers)

    def every_message(self, group: GroupConfiguration, answer: Answer) -> None:
        """Answer all messages of the group so."""
        with self._lock:
            self._always[_mark(group)] = answer

    def __call__(self, exchange: Exchange) -> Answer:
        """Choose; runs on the capture server's thread."""
        if not self._planned and not self._always:
            return OK
        with self._lock:
            for mark in self._marks_in(exchange.body):
                if self._planned.get(mark):
                    return self._planned[mark].popleft()
                if mark in self._always:
                    return self._always[mark]
        return OK

    def _marks_in(self, body: bytes) -> list[bytes]:
        token = TOKEN.search(body)
        if token:
            return [token.group()]
        return [mark for mark in (*self._planned, *self._always) if mark in body]


def _mark(group: GroupConfiguration) -> bytes:
    """Return bytes that stand in every message of the group."""
    name = group.name.encode("utf-8", "surrogatepass")
    token = TOKEN.match(name)
    return token.group() if token else name
