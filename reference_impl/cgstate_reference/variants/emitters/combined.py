"""Several freedoms at once: each is harmless, and together they leave little to go by."""

import asyncio

from cgstate_reference.notifier import Notification
from cgstate_reference.variants.chance import some_time
from cgstate_reference.variants.emitters import variant
from cgstate_reference.variants.emitters.carrying import (
    Chunked,
    ContentTypeForms,
    FollowsRedirects,
    OddHeaders,
    SmallSegments,
)
from cgstate_reference.variants.emitters.life import (
    DrainsAsItComes,
    DrainsForSeconds,
    ModeAtAnyTime,
    ReportsEverything,
    SilentAboutSameMode,
    StopsBeforeUnload,
)
from cgstate_reference.variants.emitters.periodic import (
    AnyAction,
    SamplesAtOnce,
    SamplesWhileDraining,
    TimeOfLastAction,
)
from cgstate_reference.variants.emitters.timing import ClockAhead, ClockBehind, CoarseClock, OutOfOrder, SlowControl
from cgstate_reference.variants.emitters.writing import (
    EscapesEverything,
    MoreAttributes,
    OddStatistics,
    ShuffledKeys,
    StatisticsInEvents,
)


class _SlowDraining(SlowControl, DrainsAsItComes):
    """Answers late, and has no hook that says how long calls drain."""


class _SlowOutOfOrder(OutOfOrder):
    """Takes 50 to 500 ms for each notification, each by itself."""

    async def go(self, notification: Notification, uri: str) -> None:
        await asyncio.sleep(some_time())
        await self.attempt(uri, notification.body)


class _DrainsInTwo(StopsBeforeUnload, DrainsForSeconds, TimeOfLastAction):
    """Stops, drains for seconds, and says when the last action was."""


@variant("slow-draining-out-of-order", _SlowDraining, _SlowOutOfOrder, SamplesWhileDraining)
class SlowDrainingOutOfOrder(_DrainsInTwo):
    """Is slow, drains for seconds after a stop of its own, and sends over parallel connections in no order."""


class _Carried(FollowsRedirects, Chunked, SmallSegments, OddHeaders, ContentTypeForms):
    """Carries a notification as awkwardly as HTTP allows."""


@variant("awkward", _Carried, may_warn=("event.soon",))
class Awkward(ShuffledKeys, EscapesEverything, MoreAttributes, StatisticsInEvents, OddStatistics):
    """Writes and carries notifications as awkwardly as JSON and HTTP allow."""


class _NothingToGoBy(StopsBeforeUnload, AnyAction, TimeOfLastAction, ModeAtAnyTime):
    """Says in a periodic message that anything happened at the time of the last action."""


class _CoarseAhead(SamplesWhileDraining, ReportsEverything, CoarseClock, ClockAhead):
    """Takes and reports everything, by a clock that is coarse and ahead."""


@variant("nothing-to-go-by", _NothingToGoBy, _CoarseAhead, SamplesAtOnce, OutOfOrder)
class NothingToGoBy(StatisticsInEvents, OddStatistics):
    """Lets events and periodic messages look alike, come out of order, and tell the same times."""


class _Terse(SilentAboutSameMode, TimeOfLastAction):
    """Says no more than it has to."""


@variant("slow-behind-terse", SlowControl, _SlowOutOfOrder, ClockBehind)
class SlowBehindTerse(_Terse):
    """Is slow, has a clock that is behind, says no more than it has to, and in no order."""
