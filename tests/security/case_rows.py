"""Requests and offers in every state and class, with all their parts."""

from typing import Any
from uuid import uuid4

from concord.offers import models as of_offer
from concord.offers.states import OfferState
from concord.reference.identifiers import new_public_id
from concord.requests import models as of_request
from concord.requests.states import CIRCULATED_CLASSES, Confidentiality, RequestState
from tests.conftest import NOW
from tests.security.scene import STEP, Scene


async def add_requests(scene: Scene) -> None:
    scene.requests = [
        _request(scene, state, kind)
        for state in RequestState
        for kind in Confidentiality
        for _ in range(3)
    ]
    await of_request.Request.bulk_create(scene.requests)
    at: dict[str, Any] = {"request_id": lambda parent: parent.id}
    await scene.each(
        of_request.RequestItem,
        scene.requests,
        position=lambda _: scene.chance.randint(1, 9),
        topic_id="INV.02",
        modality_id="training_course",
        quantity=5,
        **at,
    )
    parts = of_request
    await scene.each(parts.RequestParty, scene.requests, state_id=scene.state, **at)
    some = scene.chance.sample(scene.requests, 40)
    await scene.each(parts.RequestExclusion, some, organization_id=scene.provider, **at)
    for _ in range(3):
        await scene.each(
            parts.Disclosure,
            scene.requests,
            organization_id=scene.provider,
            level=lambda _: scene.one_of(["circulation", "full"]),
            basis=lambda _: scene.one_of(["named_by_state", "consent"]),
            parts=lambda _: scene.one_of([[], ["attachments"], ["outcome"]]),
            granted_at=NOW,
            ended_at=lambda _: scene.maybe(NOW, 0.2),
            **at,
        )
        await scene.each(
            parts.RequestAssignment,
            scene.requests,
            person_id=scene.person,
            role=lambda _: scene.one_of(["coordinator", "approver"]),
            **at,
        )
    await scene.each(parts.Clarification, scene.requests, **scene.question(), **at)
    await scene.each(parts.RequestStep, scene.requests, **STEP, **at)
    await scene.each(parts.RequestReading, scene.requests, person_id=scene.person, hour=NOW, **at)


def _request(scene: Scene, state: RequestState, kind: Confidentiality) -> of_request.Request:
    submitted = state is not RequestState.DRAFT and scene.chance.random() < 0.9
    published = scene.maybe(NOW) if kind is Confidentiality.PUBLIC else None
    return of_request.Request(
        id=uuid4(),
        public_id=new_public_id("REQ"),
        lead_state_id=scene.state(),
        co_states=scene.one_of([[], [], ["QNN"], ["QMM", "QPP"]]),
        authority_id=scene.maybe(scene.one_of(scene.crowd.authorities).id),
        created_by_id=scene.maybe(scene.person()),
        title="Training",
        confidentiality=kind,
        state=state,
        state_since=NOW,
        scope_changed_at=NOW,
        submitted_at=NOW if submitted else None,
        import_source=scene.maybe("a file", 0.1),
        circulation_text="A State seeks training.",
        circulated_at=scene.maybe(NOW, 0.9) if kind in CIRCULATED_CLASSES else None,
        publish_agreed_at=published,
        public_summary=scene.one_of(["", "Training."]),
    )


async def add_offers(scene: Scene) -> None:
    scene.offers = [
        of_offer.Offer(
            id=uuid4(),
            public_id=new_public_id("OFR"),
            organization_id=scene.provider(),
            directed_state_id=scene.maybe(scene.state(), 0.3),
            state=state,
            state_since=NOW,
            scope_changed_at=NOW,
            submitted_at=None if state is OfferState.DRAFT else NOW,
        )
        for state in OfferState
        for _ in range(8)
    ]
    await of_offer.Offer.bulk_create(scene.offers)
    at: dict[str, Any] = {"offer_id": lambda parent: parent.id}
    await scene.each(
        of_offer.OfferSlot,
        scene.offers,
        position=lambda _: scene.chance.randint(1, 9),
        topic_id="INV.02",
        modality_id="training_course",
        capacity=9,
        **at,
    )
    await scene.each(of_offer.OfferExclusion, scene.offers, state_id=scene.state, **at)
    await scene.each(of_offer.OfferStep, scene.offers, **STEP, **at)
    await scene.each(of_offer.OfferClarification, scene.offers, **scene.question(), **at)
