"""Who works on what: six States, four providers, UNODC; too little capacity for all of it."""

import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

from concord.accounts.models import Membership, Session
from concord.accounts.sessions import cookie_digest
from concord.actor import Role
from concord.offers.models import Offer
from concord.requests.values import ItemValues
from tests.factories import offers, people
from tests.factories import requests as request_rows

STATES = ("QMM", "QNN", "QOO", "QPP", "QQQ", "QRR")
TOPICS = ("INV.02", "INV.03", "INV.05")
NEEDS = (
    ("Training of first responders", "Officers who arrive first seize telephones and computers."),
    ("Laboratory staff for malware", "Analysts take apart hostile programs found in banks."),
)
"""Title and description of each State's two requests: nobody takes one for the other."""
MODALITY, UNIT = "training_course", "training_places"


@dataclass(frozen=True, slots=True)
class Seat:
    """A signed-in person: the cookie and token of a browser."""

    person_id: UUID
    role: Role
    cookie: str
    csrf: str


@dataclass(frozen=True, slots=True)
class Scene:
    seats: tuple[Seat, ...]
    requests: tuple[str, ...]
    offers: tuple[str, ...]


async def build() -> Scene:
    """Twenty people, twelve requests of two items, sixteen offers; by the clock on the wall."""
    now = datetime.now(UTC)
    since = now.date() - timedelta(days=60)
    memberships = [
        await people.member(Role.FOCAL_POINT, await people.organization(state=state))
        for state in STATES
    ]
    memberships += [await people.member(Role.COORDINATOR) for _ in range(3)]
    memberships += [await people.member(Role.APPROVER) for _ in range(3)]
    providers = [await people.provider() for _ in range(4)]
    memberships += [
        await people.member(Role.PARTNER_ADMIN, place) for place in providers for _ in range(2)
    ]
    asked = [
        await request_rows.open_request(
            state,
            items=_items(number),
            at=now,
            title=title,
            description=description,
            starts_on=since,
        )
        for state in STATES
        for number, (title, description) in enumerate(NEEDS)
    ]
    given = [
        await offers.published(
            place,
            at=now,
            starts_on=since,
            slots=[(topic, MODALITY, 3, UNIT) for topic in TOPICS],
        )
        for place in providers
        for _ in range(4)
    ]
    await Offer.all().update(scope_changed_at=now)
    return Scene(
        seats=tuple([await _seat(membership, now) for membership in memberships]),
        requests=tuple(request.public_id for request in asked),
        offers=tuple(offer.public_id for offer in given),
    )


def _items(number: int) -> list[ItemValues]:
    return [
        ItemValues(
            topic=TOPICS[(number + step) % len(TOPICS)],
            modality=MODALITY,
            beneficiary="prosecution",
            institution=f"Institution {number}",
            quantity=4,
            unit=UNIT,
        )
        for step in range(2)
    ]


async def _seat(membership: Membership, now: datetime) -> Seat:
    cookie, csrf = secrets.token_urlsafe(32), secrets.token_urlsafe(24)
    await Session.create(
        digest=cookie_digest(cookie),
        person_id=membership.person_id,
        membership=membership,
        csrf_token=csrf,
        seen_at=now,
        expires_at=now + timedelta(hours=12),
    )
    return Seat(membership.person_id, membership.role, cookie, csrf)
