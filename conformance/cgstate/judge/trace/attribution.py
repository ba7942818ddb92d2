"""Whose message is it? Messages are told apart by the names in them, even where those are partly wrong."""

import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping

from cgstate.evidence import GroupConfiguration
from cgstate.judge.message import Message

TOKEN = re.compile(rb"cgstate-[0-9a-z]+-[0-9]+")
"""Begins every name of a group the suite created: found even in a body that cannot be read."""

_NAMES = {
    "GSW_CAMPAIGN_GROUP_NAME": "name",
    "GSW_GROUP_NAME": "group_name",
    "GSW_CAMPAIGN_NAME": "campaign_name",
    "GSW_CAMPAIGN_TEMPLATE_NAME": "campaign_template_name",
    "GSW_QUEUE_NAME": "queue_name",
}


class Attribution:
    """An index of groups by their names and tokens."""

    def __init__(self, groups: Mapping[tuple[int, int], GroupConfiguration]) -> None:
        """Index the groups; those whose names are unknown are found by what else is known of them."""
        self._by_value: dict[tuple[str, str], set[tuple[int, int]]] = defaultdict(set)
        self._by_token: dict[bytes, tuple[int, int]] = {}
        self._names: dict[tuple[int, int], str] = {}
        for group in groups.values():
            self.add(group)

    def add(self, group: GroupConfiguration) -> None:
        """Index one more group."""
        for attribute, field in _NAMES.items():
            value = getattr(group, field)
            if value and field not in group.unknown:
                self._by_value[attribute, value].add(group.key)
        self._names[group.key] = group.name
        token = TOKEN.match(group.name.encode("utf-8", "surrogatepass"))
        if token:
            self._by_token[token.group()] = group.key

    def of(self, message: Message) -> tuple[int, int] | None:
        """Return the key of the group the message most likely speaks of, or None."""
        value = message.value
        if value is not None:
            name, group_name = value.get("GSW_CAMPAIGN_GROUP_NAME"), value.get("GSW_GROUP_NAME")
            if isinstance(name, str) and isinstance(group_name, str):
                both = self._by_value.get(("GSW_CAMPAIGN_GROUP_NAME", name), set()) & self._by_value.get(
                    ("GSW_GROUP_NAME", group_name), set()
                )
                if len(both) == 1:
                    return next(iter(both))
        return self._by_votes(message)

    def _by_votes(self, message: Message) -> tuple[int, int] | None:
        votes: Counter[tuple[int, int]] = Counter()
        for attribute in _NAMES:
            named = (message.value or {}).get(attribute)
            if isinstance(named, str):
                for key in self._by_value.get((attribute, named), ()):
                    # The group's own name decides a tie.
                    votes[key] += 3 if attribute == "GSW_CAMPAIGN_GROUP_NAME" else 2
        body = message.exchange.body
        # In UTF-16 and UTF-32 a token's letters stand between NULs.
        letters = body if message.value is not None else body.replace(b"\0", b"")
        for token in TOKEN.findall(letters):
            if token in self._by_token:
                votes[self._by_token[token]] += 1
        if message.value is None:
            # Groups share a campaign or their agents, but not their own name.
            votes = self._by_own_name(letters, votes) or votes or self._by_raw_names(body)
        return max(votes, key=lambda key: votes[key]) if votes else None

    def _by_own_name(self, body: bytes, votes: Counter[tuple[int, int]]) -> Counter[tuple[int, int]]:
        """Return the votes for those whose own name stands in a body that cannot be read."""
        return Counter({key: times for key, times in votes.items() if _stands_in(self._names[key], body)})

    def _by_raw_names(self, body: bytes) -> Counter[tuple[int, int]]:
        """Look for known names in a body that cannot be read."""
        votes: Counter[tuple[int, int]] = Counter()
        for (_, name), keys in self._by_value.items():
            if _stands_in(name, body):
                for key in keys:
                    votes[key] += 1
        return votes


def _stands_in(name: str, body: bytes) -> bool:
    """Whether the name stands in a body, as it is or as JSON escapes it."""
    return json.dumps(name)[1:-1].encode() in body or name.encode("utf-8", "surrogatepass") in body


def by_group(
    messages: Iterable[Message], groups: Mapping[tuple[int, int], GroupConfiguration]
) -> dict[tuple[int, int] | None, list[Message]]:
    """Sort messages by the group they speak of; those of no known group stand under None."""
    attribution = Attribution(groups)
    sorted_by_group: dict[tuple[int, int] | None, list[Message]] = defaultdict(list)
    for message in messages:
        sorted_by_group[attribution.of(message)].append(message)
    return sorted_by_group
