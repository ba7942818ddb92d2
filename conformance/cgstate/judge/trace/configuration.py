"""Names, queue and tenant equal the configuration; what is not configured is left out."""

from collections.abc import Iterator
from itertools import zip_longest
from unicodedata import normalize

from cgstate.evidence import GroupConfiguration
from cgstate.judge.checks import check
from cgstate.judge.message import Message
from cgstate.judge.ruling import Ruling, broken, met
from cgstate.judge.shown import excerpt, shown
from cgstate.judge.trace.scene import Scene
from cgstate.judge.trace.story import Story

_ATTRIBUTES = {
    "campaign-group-name": ("GSW_CAMPAIGN_GROUP_NAME", "name"),
    "group-name": ("GSW_GROUP_NAME", "group_name"),
    "campaign-name": ("GSW_CAMPAIGN_NAME", "campaign_name"),
    "campaign-template-name": ("GSW_CAMPAIGN_TEMPLATE_NAME", "campaign_template_name"),
    "queue-name": ("GSW_QUEUE_NAME", "queue_name"),
    "tenant-name": ("GSW_TENANT_NAME", "tenant_name"),
    "tenant-ccid": ("GSW_TENANT_CCID", "tenant_ccid"),
}
_OPTIONAL = ("campaign-name", "campaign-template-name")
UNDEFINED = "undefined"
"""What GSW_TENANT_NAME says where the tenant's name is not set."""


def messages_of(story: Story) -> Iterator[Message]:
    """Yield all messages that speak of the group, whatever they are."""
    yield from story.events.values()
    yield from story.periodic
    yield from story.undetermined
    for _, message in (*story.drains, *story.stops):
        yield message


@check(
    *(f"{slug}.as-configured" for slug in _ATTRIBUTES),
    *(f"{slug}.present-if-configured" for slug in _OPTIONAL),
    *(f"{slug}.left-out" for slug in _OPTIONAL),
    "tenant-name.undefined",
)
def rule_on_configuration(scene: Scene) -> Iterator[Ruling]:
    """Hold each name in each message against the group's configuration, as far as that is known."""
    for story in scene.stories:
        for message in messages_of(story):
            if message.value is not None:
                for slug in _ATTRIBUTES:
                    yield from _rule_on_name(story.group, message, message.value, slug)


def _rule_on_name(group: GroupConfiguration, message: Message, value: dict[str, object], slug: str) -> Iterator[Ruling]:
    attribute, field = _ATTRIBUTES[slug]
    if field in group.unknown:
        return
    configured: str | None = getattr(group, field)
    numbers = [message.exchange.number]
    if configured is None and slug == "tenant-name":
        yield from _rule_on_equal("tenant-name.undefined", attribute, UNDEFINED, value, numbers)
    elif configured is None:
        if attribute not in value:
            yield met(f"{slug}.left-out", numbers)
        else:
            yield broken(
                f"{slug}.left-out",
                f"{attribute} is sent though it is not configured",
                expected="the key left out",
                seen=shown(value[attribute]),
                exchanges=numbers,
            )
    elif slug in _OPTIONAL and attribute not in value:
        yield broken(
            f"{slug}.present-if-configured",
            f"{attribute} is missing though it is configured",
            expected=shown(configured),
            seen="no such key",
            exchanges=numbers,
        )
    else:
        if slug in _OPTIONAL:
            yield met(f"{slug}.present-if-configured", numbers)
        yield from _rule_on_equal(f"{slug}.as-configured", attribute, configured, value, numbers)


def _rule_on_equal(
    requirement: str, attribute: str, expected: str, value: dict[str, object], numbers: list[int]
) -> Iterator[Ruling]:
    if attribute not in value:
        return  # Presence is another rule's.
    if value[attribute] == expected:
        yield met(requirement, numbers)
    else:
        sentence = f"{attribute} is not what is configured"
        if requirement == "tenant-name.undefined":
            sentence = "GSW_TENANT_NAME is not the literal undefined though no name is set"
        wanted, seen = _told_apart(expected, value[attribute])
        yield broken(requirement, sentence, expected=wanted, seen=seen, exchanges=numbers)


def _told_apart(expected: str, seen: object) -> tuple[str, str]:
    """Show both; where they look alike, show where they part, and escaped where even that looks alike."""
    if not isinstance(seen, str) or not _alike(shown(expected), shown(seen)):
        return shown(expected), shown(seen)
    at = next(n for n, (a, b) in enumerate(zip_longest(expected, seen)) if a != b)
    escaped = _alike(excerpt(expected, at), excerpt(seen, at))
    one, other = (excerpt(text, at, escaped=escaped) for text in (expected, seen))
    return f"{one} about character {at + 1}", f"{other} there"


def _alike(one: str, other: str) -> bool:
    return normalize("NFKC", one) == normalize("NFKC", other)
