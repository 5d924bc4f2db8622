"""The people, requests and offers among which random steps are taken."""

from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta

from concord.actor import Actor, Role
from concord.matches.models import Match
from concord.matches.values import LineDraft
from concord.offers.models import Offer
from concord.organizations.models import Organization
from concord.requests.models import Request
from tests.factories import people
from tests.factories.matches import Item, items_of, offered, open_request, slots_of

BEGIN = datetime(2027, 2, 2, 9, 0, tzinfo=UTC)
TOPICS = ("INV.02", "INV.03")
INSTITUTIONS = ("prosecution", "police")


@dataclass(slots=True)
class World:
    """`proposing_approver` is an approver who is the coordinator too, in another seat."""

    states: dict[str, Actor]
    coordinator: Actor
    approver: Actor
    proposing_approver: Actor
    officer: Actor
    partners: dict[str, Actor]
    strangers: tuple[Actor, ...]
    places: list[Organization]
    requests: list[Request] = field(default_factory=list)
    offers: list[Offer] = field(default_factory=list)

    @property
    def everyone(self) -> tuple[Actor, ...]:
        return (
            *self.states.values(),
            self.coordinator,
            self.approver,
            self.proposing_approver,
            *self.partners.values(),
            *self.strangers,
        )

    def partner_of(self, offer: Offer) -> Actor:
        return self.partners[str(offer.organization_id)]

    def partner_in(self, match: Match) -> Actor:
        return self.partner_of(next(each for each in self.offers if each.id == match.offer_id))

    def states_of(self, match: Match) -> list[Actor]:
        request = next(each for each in self.requests if each.id == match.request_id)
        return [self.states[code] for code in (request.lead_state_id, *request.co_states)]


async def settled(*, providers: int = 2, states: tuple[str, ...] = ("QMM", "QNN")) -> World:
    """Everyone, and nothing yet to do."""
    places = [await people.provider() for _ in range(providers)]
    partners = [await people.partner_admin(place) for place in places]
    coordinator, approver = await people.coordinator(), await people.approver()
    stranger = await people.partner_admin()
    return World(
        states={code: await people.focal_point(code) for code in states},
        coordinator=coordinator,
        approver=approver,
        proposing_approver=replace(approver, person_id=coordinator.person_id),
        officer=await people.actor(await people.member(Role.DUE_DILIGENCE)),
        partners={str(place.id): partner for place, partner in zip(places, partners, strict=True)},
        strangers=(stranger, await people.focal_point("QPP")),
        places=places,
    )


def wanted(topic: str, institution: str | None, quantity: int) -> Item:
    return (topic, "training_course", institution, quantity, "training_places")


async def ask(
    world: World, *items: Item, state: str = "QMM", co_states: tuple[str, ...] = ()
) -> Request:
    made = await open_request(state, items=items, co_states=co_states)
    world.requests.append(made)
    return made


async def give(world: World, place: Organization, *, capacity: int, year: int = 2027) -> Offer:
    slots = [(topic, "training_course", capacity, "training_places") for topic in TOPICS]
    made = await offered(
        place, slots=slots, starts_on=date(year, 1, 1), ends_on=date(year + 2, 12, 31)
    )
    world.offers.append(made)
    return made


async def line_between(request: Request, offer: Offer, item: int, quantity: int) -> LineDraft:
    """Of the request's item with that number and the offer's slot of its topic."""
    items, slots = await items_of(request), await slots_of(offer)
    chosen = items[item % len(items)]
    slot = next(each for each in slots if each.topic_id == chosen.topic_id)
    return LineDraft(chosen.id, slot.id, quantity, quantity)


def period(now: datetime, days: int) -> tuple[date, date]:
    return now.date(), now.date() + timedelta(days=days)
