"""Matches in every state, their terms, deliveries and evaluations."""

from typing import Any
from uuid import uuid4

from concord.matches import models as of_match
from concord.matches.states import MatchState
from concord.offers.models import OfferSlot
from concord.reference.identifiers import new_public_id
from concord.requests.models import RequestItem
from tests.conftest import NOW
from tests.security.scene import DAY, STEP, TEXT_HASH, Scene

MATCHES = 150


async def add_matches(scene: Scene) -> None:
    scene.matches = [
        of_match.Match(
            id=uuid4(),
            public_id=new_public_id("MAT"),
            starts_on=DAY,
            ends_on=DAY,
            request_id=scene.one_of(scene.requests).id,
            offer_id=scene.one_of(scene.offers).id,
            state=scene.one_of(list(MatchState)),
            state_since=NOW,
            scope_changed_at=NOW,
            told_at=scene.maybe(NOW, 0.8),
            proposed_by_id=scene.person(),
            proposed_at=NOW,
        )
        for _ in range(MATCHES)
    ]
    await of_match.Match.bulk_create(scene.matches)
    at: dict[str, Any] = {"match_id": lambda parent: parent.id}
    items = await RequestItem.all()
    slots = await OfferSlot.all()
    await scene.each(
        of_match.MatchLine,
        scene.matches,
        item_id=lambda _: scene.one_of(items).id,
        slot_id=lambda _: scene.one_of(slots).id,
        item_quantity=1,
        slot_quantity=1,
        undertaking_id=lambda _: uuid4(),
        live=False,
        status="released",
        **at,
    )
    await scene.each(
        of_match.Participant,
        scene.matches,
        organization_id=scene.provider,
        invited_at=scene.when,
        **at,
    )
    await scene.each(
        of_match.Consent, scene.matches, state_id=scene.state, text="Yes.", given_at=NOW, **at
    )
    await scene.each(of_match.MatchStep, scene.matches, **STEP, **at)


async def add_deliveries(scene: Scene) -> None:
    at: dict[str, Any] = {"match_id": lambda parent: parent.id}
    terms = await scene.each(
        of_match.Terms,
        scene.matches,
        id=lambda _: uuid4(),
        body="x",
        text="x",
        sha256=TEXT_HASH,
        number=lambda _: scene.chance.randint(1, 99),
        drafted_at=NOW,
        **at,
    )
    await scene.each(
        of_match.TermsAgreement,
        terms,
        terms_id=lambda parent: parent.id,
        organization_id=scene.provider,
        sha256=TEXT_HASH,
        agreed_at=NOW,
    )
    made = await scene.each(
        of_match.Delivery,
        scene.matches,
        id=lambda _: uuid4(),
        title="Course",
        starts_on=DAY,
        public_id=lambda _: new_public_id("DLV"),
        ends_on=DAY,
        state_since=NOW,
        **at,
    )
    of: dict[str, Any] = {"delivery_id": lambda parent: parent.id}
    lines = await of_match.MatchLine.all()
    await scene.each(
        of_match.DeliveryLine, made, line_id=lambda _: scene.one_of(lines).id, quantity=1, **of
    )
    await scene.each(of_match.DeliveryParticipants, made, institution="Police", **of)
    await scene.each(
        of_match.Milestone,
        made,
        position=lambda _: scene.chance.randint(1, 9),
        title="x",
        due_on=DAY,
        **of,
    )
    await scene.each(of_match.DeliveryStep, made, **STEP, **of)
    side = {"given_at": NOW, **at}
    await scene.each(of_match.Evaluation, scene.matches, state_id=scene.state, **side)
    await scene.each(of_match.Evaluation, scene.matches, organization_id=scene.provider, **side)
    await scene.each(
        of_match.LessonDraft, scene.matches, title="x", text="x", drafted_at=NOW, **at
    )
