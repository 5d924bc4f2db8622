"""Cover of a match: written at approval, moved with its dates, shrunk to what was delivered."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from uuid import UUID

from tortoise.exceptions import IntegrityError
from tortoise.expressions import Q

from concord.activities import cover
from concord.actor import Actor
from concord.database import transaction
from concord.errors import Conflict, DomainError, Text
from concord.inbox.actions import tell
from concord.matches.actions.locking import Locked
from concord.matches.delivery_states import DeliveryState
from concord.matches.models import Delivery, DeliveryLine, Match, MatchLine
from concord.matches.queries import visible_q
from concord.matches.undertakings import cover_parts
from concord.reference.queries import code_lists
from concord.requests import queries as requests
from notifications.messages.requests import DuplicateFlagged

REPEATS = (
    "This would repeat %(match)s, which covers the same until %(until)s, cooling time included."
)
REPEATS_UNSEEN = "This would repeat an existing delivery. Ask UNODC before going on."
Span = tuple[date, date]


class Repeats(Conflict):
    """The same is covered already, by the match `seen` or by `hidden` ones not for the actor."""

    def __init__(self, message: Text, hidden: tuple[UUID, ...] = (), seen: str = "") -> None:
        super().__init__(message)
        self.hidden, self.seen = hidden, seen


async def lock_cover(found: Iterable[Locked]) -> None:
    """The cover of matches of several requests, before any of it changes: in one order."""
    lists = await code_lists()
    await cover.lock({lists.states[state].number for one in found for state in one.states})


async def protect(locked: Locked, join_reason: str, *, actor: Actor) -> set[UUID]:
    """Write what is protected from repetition; join or refuse when it is covered already.

    Returns the matches of the undertaking that it joins.
    """
    parts = await _parts(locked, _whole(locked))
    if await _written(locked.match.id, parts):
        return set()
    found = await cover.overlaps(parts)
    undertakings = {overlap.undertaking_id for overlap in found}
    refusal = await _refusal(found, actor)
    if not join_reason or len(undertakings) != 1 or refusal.hidden:
        raise refusal
    joined = undertakings.pop()
    await MatchLine.filter(match_id=locked.match.id).update(undertaking_id=joined)
    for line in locked.match.lines:
        line.undertaking_id = joined
    if not await _written(locked.match.id, await _parts(locked, _whole(locked))):
        raise refusal
    return {match_id for overlap in found for match_id in overlap.matches}


async def move_cover(locked: Locked, *, actor: Actor) -> None:
    """Cover the match's present dates and those of its deliveries; `Repeats` where it cannot."""
    first, last = locked.match.starts_on, locked.match.ends_on
    live = Delivery.filter(match_id=locked.match.id).exclude(state=DeliveryState.CANCELLED)
    for delivery in await live:
        first, last = min(first, delivery.starts_on), max(last, delivery.ends_on)
    parts = await _parts(locked, {line.id: (first, last) for line in locked.match.lines})
    if not await _written(locked.match.id, parts):
        raise await _refusal(await cover.overlaps(parts), actor)


async def shrink_cover(locked: Locked) -> None:
    """Cover what was delivered alone, and when; without any delivery nothing is covered."""
    spans: dict[UUID, Span] = {}
    rows = DeliveryLine.filter(
        Q(delivery__match_id=locked.match.id, delivery__state=DeliveryState.CONFIRMED),
        confirmed_quantity__gt=0,
    )
    for row in await rows.select_related("delivery"):
        first, last = spans.get(row.line_id, (date.max, date.min))
        delivery = row.delivery
        spans[row.line_id] = (min(first, delivery.starts_on), max(last, delivery.ends_on))
    await cover.shrink(locked.match.id, await _parts(locked, spans))


def _whole(locked: Locked) -> dict[UUID, Span]:
    match = locked.match
    return {line.id: (match.starts_on, match.ends_on) for line in match.lines}


async def _parts(locked: Locked, spans: Mapping[UUID, Span]) -> list[cover.Part]:
    """What these lines need over these spans."""
    lists = await code_lists()
    found: set[cover.Part] = set()
    for line in locked.match.lines:
        if line.id in spans:
            first, last = spans[line.id]
            given = {"starts_on": first, "ends_on": last}
            found.update(cover_parts([line], states=locked.states, lists=lists, **given))
    return sorted(
        found, key=lambda part: (part.state, part.topic, part.modality, part.institution or 0)
    )


async def _written(match_id: UUID, parts: list[cover.Part]) -> bool:
    try:
        async with transaction():
            await cover.replace(match_id, parts)
    except IntegrityError:
        return False
    return True


async def _refusal(found: Sequence[cover.Overlap], actor: Actor) -> Repeats:
    """Names the deliveries in the way that the actor may see; nothing of any other."""
    until = {match_id: each.until for each in found for match_id in each.matches}
    seen = await Match.filter(id__in=sorted(until)).order_by("ends_on", "id")
    rows = Match.filter(visible_q(actor), id__in=sorted(until))
    visible = {UUID(str(row)) for row in await rows.values_list("id", flat=True)}
    for match in seen:
        if match.id in visible:
            day = until[match.id].isoformat()
            return Repeats(Text(REPEATS, match=match.public_id, until=day), seen=match.public_id)
    return Repeats(Text(REPEATS_UNSEEN), hidden=tuple(match.id for match in seen))


async def flag_repetition(
    match: Match, refused: DomainError, *, actor: Actor, now: datetime
) -> None:
    """Tell the coordinators who may see a delivery that stood in the way of one who may not.

    Nobody is told of any other refusal.
    """
    hidden = refused.hidden if isinstance(refused, Repeats) else ()
    if not hidden:
        return
    async with transaction():
        for other in await Match.filter(id__in=sorted(hidden)).select_related("request"):
            case = await requests.case_of(other.request, actor=actor)
            said = DuplicateFlagged(subject=other.public_id, other=match.public_id)
            event = f"match:{other.id}:repeated_by:{match.id}:{match.version}"
            await tell(said, case=case, event=event, now=now)
