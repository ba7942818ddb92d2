"""Wrong about how long a text is, or what it is made of."""

import json
from urllib.parse import quote
from uuid import uuid4

from cgstate_reference.broken.emitters import deviation
from cgstate_reference.broken.emitters.rewriting import rewrites
from cgstate_reference.life_cycle import Event, LifeCycle
from cgstate_reference.writer import Attributes, Writer

_FIELD = 256
_SHORT = 15
_COMMENT = " (made from the template of the years before; ask the head of the night shift before anything is changed)"
_SWITCHES = 20
_BEYOND_16_BITS = 0x10000


@rewrites(
    "fills-up-with-blanks",
    primary="campaign-group-name.length",
    shows="GSW_CAMPAIGN_GROUP_NAME is longer than 255 characters",
)
def _fills_up_with_blanks(attributes: Attributes, event: Event) -> None:
    """Fills GSW_CAMPAIGN_GROUP_NAME up to 256 characters with blanks, the width of its column."""
    attributes["GSW_CAMPAIGN_GROUP_NAME"] = event.group.name.ljust(_FIELD)


@rewrites("sends-whole-buffer", primary="group-name.length", shows="GSW_GROUP_NAME is longer than 255 characters")
def _sends_whole_buffer(attributes: Attributes, event: Event) -> None:
    """Sends the whole buffer of 256 characters that holds the group's name, with the NULs at its end."""
    attributes["GSW_GROUP_NAME"] = event.group.group_name.ljust(_FIELD, "\0")


@rewrites(
    "percent-encodes-campaign-name",
    primary="campaign-name.length",
    shows="GSW_CAMPAIGN_NAME is longer than 255 characters",
    consequences={"campaign-name.as-configured": "an encoded name that is not too long is another name still"},
)
def _percent_encodes_campaign_name(attributes: Attributes, event: Event) -> None:
    """Percent-encodes the campaign's name, which makes long ones longer than 255 characters."""
    if event.group.campaign_name is not None:
        attributes["GSW_CAMPAIGN_NAME"] = quote(event.group.campaign_name)


@rewrites(
    "template-name-with-comment",
    primary="campaign-template-name.length",
    shows="GSW_CAMPAIGN_TEMPLATE_NAME is longer than 255 characters",
)
def _template_name_with_comment(attributes: Attributes, event: Event) -> None:
    """Appends three times to the campaign template's name what somebody wrote about it."""
    if event.group.campaign_template_name is not None:
        attributes["GSW_CAMPAIGN_TEMPLATE_NAME"] = event.group.campaign_template_name + 3 * _COMMENT


@rewrites("queues-of-all-switches", primary="queue-name.length", shows="GSW_QUEUE_NAME is longer than 255 characters")
def _queues_of_all_switches(attributes: Attributes, event: Event) -> None:
    """Lists the DN of each of twenty switches in GSW_QUEUE_NAME."""
    attributes["GSW_QUEUE_NAME"] = ";".join(f"{event.group.queue_name}@{n}" for n in range(_SWITCHES))


@deviation("guid-of-two", primary="guid.length", shows="GSW_CAMPAIGN_GROUP_GUID is longer than 64 characters")
class GuidOfTwo(LifeCycle):
    """Puts the GUIDs of campaign and group together, which makes 73 characters."""

    def new_guid(self) -> str:
        """Return two GUIDs."""
        return f"{uuid4()}@{uuid4()}"


@deviation("empty-guid", primary="guid.not-empty", shows="GSW_CAMPAIGN_GROUP_GUID is empty")
class EmptyGuid(LifeCycle):
    """Has an empty text for a GUID."""

    def new_guid(self) -> str:
        """Return nothing."""
        return ""


class _Escaping(Writer):
    """A writer of pure ASCII, which alone can write half of a surrogate pair."""

    def encoded(self, attributes: Attributes) -> bytes:
        """Return the object with everything beyond ASCII escaped."""
        return json.dumps(attributes, separators=(",", ":")).encode()


@deviation(
    "escapes-half-of-a-pair",
    primary="body.no-lone-surrogates",
    shows="a text has half of a surrogate pair",
    consequences={"queue-name.as-configured": "what is left of the character is another one"},
)
class EscapesHalfOfAPair(_Escaping):
    """Escapes a character of the queue's name that UTF-16 has a pair for as the first half of it."""

    def names(self, event: Event) -> Attributes:
        """Return names, the queue's without the second halves."""
        return {**super().names(event), "GSW_QUEUE_NAME": "".join(map(_first_half, event.group.queue_name))}


def _first_half(character: str) -> str:
    beyond = ord(character) - _BEYOND_16_BITS
    return character if beyond < 0 else chr(0xD800 + (beyond >> 10))


@deviation("cuts-through-a-pair", primary="body.no-lone-surrogates", shows="a text has half of a surrogate pair")
class CutsThroughAPair(_Escaping):
    """Adds the last 15 UTF-16 units of the queue's name for narrow columns, which may begin in the middle of a pair."""

    def names(self, event: Event) -> Attributes:
        """Return names and the attribute added."""
        units = event.group.queue_name.encode("utf-16-le")
        return {**super().names(event), "GSW_QUEUE_LABEL": units[-2 * _SHORT :].decode("utf-16-le", "surrogatepass")}


@rewrites("newline-after-time", primary="date-time.form", shows="GSW_DATE_TIME is not seconds with three decimals")
def _newline_after_time(attributes: Attributes, event: Event) -> None:
    """Ends GSW_DATE_TIME with a line feed."""
    attributes["GSW_DATE_TIME"] = f"{event.at:.3f}\n"


@rewrites("time-in-seconds", primary="date-time.form", shows="GSW_DATE_TIME is not seconds with three decimals")
def _time_in_seconds(attributes: Attributes, event: Event) -> None:
    """Sends GSW_DATE_TIME without milliseconds."""
    attributes["GSW_DATE_TIME"] = str(int(event.at))
