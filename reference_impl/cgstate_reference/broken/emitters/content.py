"""Wrong about what a notification says."""

import json

from cgstate_reference.broken.emitters import deviation
from cgstate_reference.codes import ACTORS, Action, Cause, State
from cgstate_reference.life_cycle import Event
from cgstate_reference.statistics import Statistics
from cgstate_reference.writer import Attributes, Writer


@deviation(
    "keeps-dial-mode-after-stop",
    primary="dial-mode.only-when-running",
    shows="GSW_DIAL_MODE is sent though the group is not running",
)
class KeepsDialModeAfterStop(Writer):
    """Goes on sending the dial mode when dialing has stopped."""

    def dialing(self, event: Event) -> Attributes:
        """Return the dial mode after a stop too."""
        stopped = event.action is Action.STOP and event.state is State.ACTIVE
        return {"GSW_DIAL_MODE": event.dialing.mode} if stopped else super().dialing(event)


@deviation(
    "null-dial-mode",
    primary="dial-mode.only-when-running",
    shows="GSW_DIAL_MODE is sent though the group is not running",
)
class NullDialMode(Writer):
    """Sends null for the dial mode of a group that is not running."""

    def dialing(self, event: Event) -> Attributes:
        """Return null instead of nothing."""
        return super().dialing(event) or {"GSW_DIAL_MODE": None}


@deviation(
    "optimizes-progressive",
    primary="optimize-by.only-when-predictive",
    shows="GSW_OPTIMIZE_BY is sent though no predictive mode is running",
    consequences={"optimize-goal.only-when-predictive": "method and goal are sent together"},
)
class OptimizesProgressive(Writer):
    """Sends optimisation method and goal in mode 2, Progress, too."""

    def dialing(self, event: Event) -> Attributes:
        """Return method and goal with mode 2."""
        attributes = super().dialing(event)
        if attributes.get("GSW_DIAL_MODE") == 2:  # noqa: PLR2004 - the mode this is about
            attributes["GSW_OPTIMIZE_BY"] = event.dialing.optimize_by
            attributes["GSW_OPTIMIZE_GOAL"] = event.dialing.optimize_goal
        return attributes


@deviation(
    "rounds-goal",
    primary="optimize-goal.as-requested",
    shows="GSW_OPTIMIZE_GOAL is not what start-dialing asked for",
    consequences={"dialing.kept": "periodic messages carry the same goal"},
)
class RoundsGoal(Writer):
    """Rounds the goal down to a multiple of five: only a goal that nobody thought of shows it."""

    def dialing(self, event: Event) -> Attributes:
        """Return the goal as a slider with steps of five would."""
        attributes = super().dialing(event)
        goal = attributes.get("GSW_OPTIMIZE_GOAL")
        return attributes | {"GSW_OPTIMIZE_GOAL": goal // 5 * 5} if isinstance(goal, int) else attributes


@deviation(
    "local-time",
    primary="date-time.utc",
    shows="GSW_DATE_TIME is local time",
    consequences={
        "date-time.clock": "two hours are more than a clock may be off",
        "date-time.when-it-happened": "no action happened then",
    },
)
class LocalTime(Writer):
    """Sends the local time of a place two hours east of Greenwich."""

    def date_time(self, event: Event) -> str:
        """Return local time."""
        return f"{event.at + 7200:.3f}"


@deviation("newline-after-time", primary="date-time.form", shows="GSW_DATE_TIME is not seconds with three decimals")
class NewlineAfterTime(Writer):
    """Ends GSW_DATE_TIME with a line feed."""

    def date_time(self, event: Event) -> str:
        """Return the time as a line."""
        return super().date_time(event) + "\n"


@deviation(
    "time-in-seconds",
    primary="date-time.form",
    shows="GSW_DATE_TIME is not seconds with three decimals",
)
class TimeInSeconds(Writer):
    """Sends GSW_DATE_TIME without milliseconds."""

    def date_time(self, event: Event) -> str:
        """Return whole seconds."""
        return str(int(event.at))


@deviation("state-as-string", primary="state.integer", shows="GSW_CAMPAIGN_GROUP_STATE is not an integer")
class StateAsString(Writer):
    """Sends the state as a string."""

    def state(self, event: Event) -> object:
        """Return the digits."""
        return str(int(event.state))


@deviation(
    "actor-always-client",
    primary="actor.as-declared",
    shows="the ACTOR of an action by schedule is not the declared one",
)
class ActorAlwaysClient(Writer):
    """Says that a client asked for what the emitter did by itself."""

    def actor(self, event: Event) -> object:
        """Return the client's code."""
        del event
        return ACTORS[Cause.CLIENT]


@deviation("actor-unknown", primary="actor.as-declared")
class ActorUnknown(Writer):
    """Sends 0, unknown, for what a condition of the group asked for, though it declares a code."""

    def actor(self, event: Event) -> object:
        """Return 0 for a condition."""
        return 0 if event.cause is Cause.CONDITION else super().actor(event)


@deviation("null-campaign-name", primary="campaign-name.string", shows="GSW_CAMPAIGN_NAME is not a string")
class NullCampaignName(Writer):
    """Sends null for a campaign name that is not configured."""

    def names(self, event: Event) -> Attributes:
        """Return the campaign's name in any case."""
        return {**super().names(event), "GSW_CAMPAIGN_NAME": event.group.campaign_name}


@deviation(
    "empty-template-name",
    primary="campaign-template-name.left-out",
    shows="GSW_CAMPAIGN_TEMPLATE_NAME is sent though it is not configured",
)
class EmptyTemplateName(Writer):
    """Sends an empty string for a campaign template name that is not configured."""

    def names(self, event: Event) -> Attributes:
        """Return the template's name in any case."""
        return {"GSW_CAMPAIGN_TEMPLATE_NAME": "", **super().names(event)}


@deviation(
    "escapes-twice",
    primary="campaign-name.as-configured",
    shows="GSW_CAMPAIGN_NAME is not what is configured",
    consequences={"campaign-name.length": "an escaped character takes six"},
)
class EscapesTwice(Writer):
    """Escapes the non-ASCII characters of the campaign's name twice."""

    def names(self, event: Event) -> Attributes:
        """Return the campaign's name as it would stand in ASCII JSON."""
        names = super().names(event)
        name = names.get("GSW_CAMPAIGN_NAME")
        if isinstance(name, str) and not name.isascii():
            names["GSW_CAMPAIGN_NAME"] = json.dumps(name)[1:-1]
        return names


@deviation("truncates-queue-name", primary="queue-name.as-configured", shows="GSW_QUEUE_NAME is not what is configured")
class TruncatesQueueName(Writer):
    """Cuts queue names off after 64 characters."""

    def names(self, event: Event) -> Attributes:
        """Return a short queue name."""
        return {**super().names(event), "GSW_QUEUE_NAME": event.group.queue_name[:64]}


@deviation(
    "empty-tenant-name",
    primary="tenant-name.undefined",
    shows="GSW_TENANT_NAME is not the literal undefined though no name is set",
)
class EmptyTenantName(Writer):
    """Sends an empty string for a tenant name that is not set."""

    def tenant(self, event: Event) -> Attributes:
        """Return the tenant's name or nothing."""
        return {**super().tenant(event), "GSW_TENANT_NAME": event.group.tenant_name or ""}


@deviation("leaves-out-tenant-name", primary="tenant-name.present", shows="GSW_TENANT_NAME is missing")
class LeavesOutTenantName(Writer):
    """Leaves GSW_TENANT_NAME out when it is not set."""

    def tenant(self, event: Event) -> Attributes:
        """Return the name only where there is one."""
        tenant = super().tenant(event)
        if event.group.tenant_name is None:
            del tenant["GSW_TENANT_NAME"]
        return tenant


@deviation("duplicate-keys", primary="body.unique-keys", shows="a key stands more than once in one object")
class DuplicateKeys(Writer):
    """Writes GSW_GROUP_NAME into the body twice."""

    def encoded(self, attributes: Attributes) -> bytes:
        """Return an object that ends with a key it had already."""
        again = json.dumps({"GSW_GROUP_NAME": attributes["GSW_GROUP_NAME"]}, ensure_ascii=False)
        return super().encoded(attributes)[:-1] + b"," + again[1:].encode()


@deviation("byte-order-mark", primary="body.no-byte-order-mark", shows="the body begins with a byte order mark")
class ByteOrderMark(Writer):
    """Begins each body with a byte order mark."""

    def encoded(self, attributes: Attributes) -> bytes:
        """Return the body after a mark."""
        return b"\xef\xbb\xbf" + super().encoded(attributes)


@deviation("windows-1252", primary="body.utf8", shows="the body is not UTF-8")
class Windows1252(Writer):
    """Encodes bodies in Windows-1252 where it can."""

    def encoded(self, attributes: Attributes) -> bytes:
        """Return bytes that are UTF-8 only as long as names are ASCII."""
        body = super().encoded(attributes)
        try:
            return body.decode().encode("cp1252")
        except UnicodeEncodeError:
            return body


@deviation(
    "array-of-one",
    primary="body.object",
    shows="the body is not a JSON object",
    consequences={
        "failure.next-event": "no message can be told for an event",
        "periodic.reported": "no message can be told for a periodic one",
    },
)
class ArrayOfOne(Writer):
    """Sends an array that holds the object."""

    def encoded(self, attributes: Attributes) -> bytes:
        """Return an array."""
        return b"[" + super().encoded(attributes) + b"]"


@deviation(
    "no-statistics",
    primary="periodic.statistics",
    shows="a periodic message carries no statistics",
    consequences={"periodic.all-statistics": "there are none at all"},
)
class NoStatistics(Writer):
    """Sends periodic messages without statistics."""

    def statistics(self, statistics: Statistics | None) -> Attributes:
        """Return none."""
        del statistics
        return {}


@deviation("negative-statistics", primary="stat-overdial-rate.not-negative", shows="GSW_STAT_OVERDIAL_RATE is negative")
class NegativeStatistics(Writer):
    """Sends a negative overdial rate for a group that runs."""

    def statistics(self, statistics: Statistics | None) -> Attributes:
        """Return the overdial rate with the wrong sign."""
        attributes: Attributes = dict(statistics or {})
        rate = attributes.get("GSW_STAT_OVERDIAL_RATE")
        if isinstance(rate, float):
            attributes["GSW_STAT_OVERDIAL_RATE"] = -rate
        return attributes
