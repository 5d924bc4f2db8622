"""What time does to deliveries and to the matches that they serve, one transaction each."""

from collections.abc import Awaitable, Callable
from datetime import date, datetime, timedelta
from uuid import UUID

from concord.actor import CLOCK, PROVIDER_ROLES, Role
from concord.database import transaction
from concord.deliveries.actions.confirming import follow
from concord.deliveries.actions.locking import lock_delivery, wait_for
from concord.deliveries.actions.planning import STALLED_TASK, begun
from concord.matches.actions.closing import closed
from concord.matches.actions.delivering import confirmed
from concord.matches.actions.locking import Locked, lock_match
from concord.matches.actions.moving import ask_approvers, record
from concord.matches.actions.telling_deliveries import tell_delivery, tell_match
from concord.matches.delivery_states import AWAITING, LIVE, DeliveryState
from concord.matches.models import Delivery, Match
from concord.matches.states import MatchState

REPORT_TASK = "report_delivery"
DECIDE_TASK = "decide_delivery"
STALLS_AFTER = timedelta(days=30)
_D = DeliveryState
_S = MatchState
Act = Callable[[Locked, Delivery], Awaitable[None]]


async def begin_on_its_day(delivery_id: UUID, *, now: datetime) -> bool:
    """A planned delivery runs from its first day on."""

    async def act(locked: Locked, found: Delivery) -> None:
        await begun(locked, found, actor=CLOCK, now=now)

    def is_due(locked: Locked, found: Delivery) -> bool:
        going = locked.match.state is _S.IN_DELIVERY and found.state is _D.PLANNED
        return going and found.starts_on <= now.date()

    return await _if(delivery_id, is_due, act)


async def ask_report(delivery_id: UUID, *, now: datetime) -> bool:
    """Its last day is over: the provider is asked for a report, once."""

    async def act(locked: Locked, found: Delivery) -> None:
        await Delivery.filter(id=found.id).update(reminded_at=now)
        await wait_for(found, REPORT_TASK, PROVIDER_ROLES, organizations=locked.asked, now=now)
        await tell_delivery(locked, found, "report_due", actor=CLOCK, now=now)

    def is_due(_locked: Locked, found: Delivery) -> bool:
        over = found.state is _D.RUNNING and found.ends_on < now.date()
        return over and found.reminded_at is None

    return await _if(delivery_id, is_due, act)


async def confirm_by_silence(delivery_id: UUID, *, now: datetime) -> bool:
    """The State did not answer in time: delivered, and marked as not confirmed by it."""

    async def act(locked: Locked, found: Delivery) -> None:
        await confirmed(locked, found, None, by="silence", verb="confirm", actor=CLOCK, now=now)
        await tell_delivery(locked, found, "unconfirmed", actor=CLOCK, now=now)
        await follow(locked, found, "confirm", actor=CLOCK, now=now)

    def is_due(_locked: Locked, found: Delivery) -> bool:
        late = found.due_at is not None and found.due_at <= now
        return late and found.state is _D.REPORTED

    return await _if(delivery_id, is_due, act)


async def ask_to_decide(delivery_id: UUID, *, now: datetime) -> bool:
    """A dispute outlived its time: an approver decides, on a sealed request the one named."""

    async def act(locked: Locked, found: Delivery) -> None:
        await Delivery.filter(id=found.id).update(reminded_at=now)
        named = [None] if locked.assigned is None else sorted(locked.assigned)
        await wait_for(found, DECIDE_TASK, {Role.APPROVER}, persons=named, now=now)
        await tell_delivery(locked, found, "decision_asked", actor=CLOCK, now=now)

    def is_due(_locked: Locked, found: Delivery) -> bool:
        late = found.due_at is not None and found.due_at <= now
        return late and found.state is _D.DISPUTED and found.reminded_at is None

    return await _if(delivery_id, is_due, act)


async def close_in_time(match_id: UUID, *, now: datetime) -> bool:
    """60 working days after it was delivered, whoever has evaluated it or not."""
    async with transaction():
        locked = await lock_match(await Match.get(id=match_id))
        due = locked.match.due_at
        if locked.match.state not in {_S.DELIVERED, _S.EVALUATED} or due is None or due > now:
            return False
        await closed(locked, actor=CLOCK, now=now)
        await record(locked, "close", actor=CLOCK, now=now)
    return True


async def ask_about_stalled(match_id: UUID, *, now: datetime) -> bool:
    """Its period is over and nothing more happens: an approver decides what becomes of it."""
    async with transaction():
        locked = await lock_match(await Match.get(id=match_id))
        live = await Delivery.filter(match_id=match_id, state__in=sorted(LIVE))
        if not is_stalled(locked.match, live, today=now.date()):
            return False
        await Match.filter(id=match_id).update(stalled_at=now)
        await ask_approvers(STALLED_TASK, locked, now=now)
        await tell_match(locked, "stalled", actor=CLOCK, now=now)
        await record(locked, "ask_decision", actor=CLOCK, now=now)
    return True


def is_stalled(match: Match, live: list[Delivery], *, today: date) -> bool:
    """30 days after the last day of match and deliveries; never while a report waits."""
    if match.state is not _S.IN_DELIVERY or match.stalled_at is not None:
        return False
    if any(each.state in AWAITING for each in live):
        return False
    last = max([match.ends_on, *(each.ends_on for each in live)])
    return last + STALLS_AFTER < today


async def _if(delivery_id: UUID, is_due: Callable[[Locked, Delivery], bool], act: Act) -> bool:
    """Lock, look again, act."""
    async with transaction():
        locked, found = await lock_delivery(delivery_id)
        if not is_due(locked, found):
            return False
        await act(locked, found)
    return True
