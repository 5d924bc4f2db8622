"""What must hold for a match to be proposed, and again when it is approved."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from concord.errors import Conflict, Text
from concord.matches.models import Match
from concord.matches.states import MatchState
from concord.offers.models import Offer, OfferSlot
from concord.offers.states import OfferState
from concord.organizations.models import Organization
from concord.organizations.policy import may_provide
from concord.organizations.states import OrganizationKind
from concord.reference.code_lists import CodeLists
from concord.requests.models import Request, RequestItem
from concord.requests.states import MATCHABLE

DECLINED_PAIR_RESTS = timedelta(days=180)
UNLIMITED = "unlimited"
CHANGED_UNITS = "The units differ: say why this many of one stand for that many of the other."


@dataclass(frozen=True, slots=True)
class Pair:
    """A request and an offer with what decides whether they may meet."""

    request: Request
    offer: Offer
    states: frozenset[str]
    participants: Collection[Organization]
    excluded_organizations: frozenset[UUID]
    excluded_states: frozenset[str]


def check_pair(pair: Pair, *, now: datetime) -> None:
    """Raise `Conflict` with the first condition that fails; UNODC alone reads it."""
    for problem in pair_problems(pair, now=now):
        raise Conflict(problem)


def pair_problems(pair: Pair, *, now: datetime) -> Iterator[Text]:
    """Every condition between a request, an offer and its participants that fails now."""
    request, offer = pair.request, pair.offer
    if request.state not in MATCHABLE:
        yield Text("The request is not open for new matches.")
    if offer.state is not OfferState.PUBLISHED or (offer.expires_at and offer.expires_at <= now):
        yield Text("The offer is not published, or has to be reconfirmed first.")
    if offer.directed_state_id and offer.directed_state_id not in pair.states:
        yield Text("The offer is directed to another State.")
    if pair.excluded_states & pair.states:
        yield Text("The provider cannot serve a requesting State.")
    for organization in pair.participants:
        yield from _participant_problems(organization, pair, now)


def _participant_problems(organization: Organization, pair: Pair, now: datetime) -> Iterator[Text]:
    if not may_provide(organization, now=now):
        yield Text("“%(name)s” is not verified at present.", name=organization.name)
    if organization.id in pair.excluded_organizations:
        yield Text("The requesting State excludes “%(name)s”.", name=organization.name)
    if organization.kind is OrganizationKind.STATE_AUTHORITY:
        yield Text("“%(name)s” requests and does not provide.", name=organization.name)
    if organization.kind is OrganizationKind.STATE and organization.state_id in pair.states:
        yield Text("A State never receives its own offer.")


def check_period(
    starts_on: date, ends_on: date, *, request: Request, offer: Offer, now: datetime
) -> dict[str, str]:
    """What is wrong with the dates of a match, by field."""
    if ends_on < starts_on:
        return {"ends_on": Text("The end must not be before the start.")}
    if ends_on < now.date():
        return {"ends_on": Text("These dates have passed.")}
    if not _within(starts_on, ends_on, offer.starts_on, offer.ends_on):
        return {"starts_on": Text("The offer does not cover these dates.")}
    if not _meets(starts_on, ends_on, request.starts_on, request.ends_on):
        return {"starts_on": Text("These dates lie outside the time that the State asked for.")}
    return {}


def _within(start: date, end: date, first: date | None, last: date | None) -> bool:
    return (first is None or start >= first) and (last is None or end <= last)


def _meets(start: date, end: date, first: date | None, last: date | None) -> bool:
    return (first is None or end >= first) and (last is None or start <= last)


@dataclass(frozen=True, slots=True)
class Line:
    """A request item meeting an offer slot."""

    item: RequestItem
    slot: OfferSlot
    item_quantity: int
    slot_quantity: int
    ratio_reason: str
    starts_on: date
    ends_on: date


def line_problem(line: Line, lists: CodeLists) -> tuple[str, Text] | None:
    """The field of a line that does not fit, and why; None when the line is sound."""
    item, slot = line.item, line.slot
    if item.modality_id != slot.modality_id:
        return "slot", Text("The slot is another kind of assistance than the item asks for.")
    if not plausible_topics(item.topic_id, slot.topic_id, lists):
        return "slot", Text("The slot's topic is too far from the item's.")
    if not _within(line.starts_on, line.ends_on, slot.starts_on, slot.ends_on):
        return "slot", Text("This slot is not available on these dates.")
    open_quantity = (item.quantity or 0) - item.reserved - item.delivered
    if line.item_quantity > open_quantity:
        return "item_quantity", Text("Of this item, %(open)s are still open.", open=open_quantity)
    if needs_ratio(line) and not line.ratio_reason:
        return "ratio_reason", Text(CHANGED_UNITS)
    if slot.capacity is not None and line.slot_quantity > slot_left(slot):
        return "slot_quantity", Text("This slot has %(left)s left.", left=slot_left(slot))
    return None


def needs_ratio(line: Line) -> bool:
    """Whether the two quantities are not one and the same; an unlimited slot is never counted."""
    if line.slot.capacity is None or line.slot.unit_id == UNLIMITED:
        return False
    return line.item.unit_id != line.slot.unit_id or line.item_quantity != line.slot_quantity


def slot_left(slot: OfferSlot) -> int:
    return (slot.capacity or 0) - slot.held - slot.reserved - slot.delivered


def plausible_topics(asked: str, given: str, lists: CodeLists) -> bool:
    """Equal, of one group, or named as related."""
    one, other = lists.topics[asked], lists.topics[given]
    return (
        lists.topic_group(asked) == lists.topic_group(given)
        or given in one.related
        or asked in other.related
    )


def rests(declined: Match, *, request: Request, offer: Offer, now: datetime) -> bool:
    """Whether a declined pair may not be proposed yet: 180 days, or a change of scope."""
    if declined.state not in {MatchState.DECLINED_BY_STATE, MatchState.DECLINED_BY_PARTNER}:
        return False
    changed = max(request.scope_changed_at, offer.scope_changed_at) > declined.state_since
    return not changed and now < declined.state_since + DECLINED_PAIR_RESTS
