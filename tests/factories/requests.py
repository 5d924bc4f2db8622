"""Requests in any state, by rows: fast, and without the steps that led there."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from concord.organizations.models import Organization
from concord.reference.identifiers import new_public_id
from concord.requests.models import (
    Disclosure,
    Request,
    RequestAssignment,
    RequestExclusion,
    RequestItem,
    RequestParty,
)
from concord.requests.states import CIRCULATED_CLASSES, Confidentiality, RequestState
from concord.requests.values import DraftValues, ItemValues, Level
from tests.conftest import NOW
from tests.factories.history import set_down

ITEM = ItemValues(
    topic="INV.02",
    modality="training_course",
    beneficiary="police",
    institution="National Police of QM",
    quantity=40,
    unit="training_places",
)
DESCRIPTION = (
    "Every month the National Police receives more complaints in which a telephone or a computer"
    " is the main source of evidence. Station officers, who arrive first at the scene, do not know"
    " how to isolate a device from the network, document the seizure or preserve volatile memory,"
    " and several cases were dismissed for that reason. Practical training is requested for forty"
    " officers from all twelve regions, followed by the preparation of eight national trainers who"
    " can repeat the course at the police school every year without help from abroad."
)


def complete_values(**changes: Any) -> DraftValues:
    """A draft that scores 100."""
    found: dict[str, Any] = {
        "title": "Training of first responders in handling digital evidence",
        "description": DESCRIPTION,
        "outcome": "Forty officers follow one procedure for seizing devices, year after year.",
        "existing": "The police school has a two-hour introductory module.",
        "working_languages": ("en",),
        "starts_on": date(2027, 3, 1),
        "ends_on": date(2027, 11, 30),
        "items": (ITEM,),
    }
    return DraftValues(**(found | changes))


async def draft(
    state: str = "QMM",
    *,
    items: Sequence[ItemValues] = (ITEM,),
    co_states: Sequence[str] = (),
    excluded: Sequence[Organization] = (),
    coordinators: Sequence[UUID] = (),
    approver: UUID | None = None,
    authority: Organization | None = None,
    stage: RequestState = RequestState.DRAFT,
    at: datetime = NOW,
    **columns: Any,
) -> Request:
    """A complete draft of `state`, in the `stage` given; `columns` are those of `Request`."""
    values = complete_values()
    defaults: dict[str, Any] = {
        name: getattr(values, name)
        for name in ("title", "description", "outcome", "existing", "starts_on", "ends_on")
    }
    request = await Request.create(
        **(
            defaults
            | {
                "public_id": new_public_id("REQ"),
                "lead_state_id": state,
                "authority": authority,
                "working_languages": ["en"],
                "co_states": sorted(co_states),
                "completeness": 100,
                "state_since": at,
                "scope_changed_at": at,
            }
            | columns
        )
    )
    await _add_parts(request, items, co_states, excluded, coordinators, approver, at)
    if stage is not RequestState.DRAFT:
        await set_down(request, state=stage)
    return request


async def submitted(state: str = "QMM", *, at: datetime = NOW, **more: Any) -> Request:
    """On the coordinator's desk."""
    found: dict[str, Any] = {
        "stage": RequestState.SUBMITTED,
        "submitted_at": at,
        "due_at": at + timedelta(days=14),
    }
    return await draft(state, at=at, **(found | more))


async def in_no_objection(state: str = "QMM", *, at: datetime = NOW, **more: Any) -> Request:
    """Both exact texts lie before the State."""
    found: dict[str, Any] = {
        "stage": RequestState.NO_OBJECTION,
        "due_at": at + timedelta(days=7),
        "circulation_text": "A State seeks training of first responders in digital evidence.",
        "public_summary": "Training in digital evidence is sought.",
    }
    return await submitted(state, at=at, **(found | more))


async def open_request(
    state: str = "QMM",
    *,
    items: Sequence[ItemValues] = (ITEM,),
    confidentiality: Confidentiality = Confidentiality.PARTNERS,
    at: datetime = NOW,
    **more: Any,
) -> Request:
    """Open; circulated where its class allows. `at` is when it was submitted and opened."""
    circulates = confidentiality in CIRCULATED_CLASSES
    found: dict[str, Any] = {
        "stage": RequestState.OPEN,
        "confidentiality": confidentiality,
        "submitted_at": at,
        "opened_at": at,
        "circulated_at": at if circulates else None,
        "circulation_text": (
            "A State seeks training of first responders in digital evidence." if circulates else ""
        ),
    }
    return await draft(state, items=items, at=at, **(found | more))


async def disclosed(
    request: Request,
    organization: Organization,
    *,
    level: Level = Level.FULL,
    basis: str = "consent",
    parts: Sequence[str] = (),
    match_id: UUID | None = None,
) -> Disclosure:
    return await Disclosure.create(
        request_id=request.id,
        organization_id=organization.id,
        level=level.value,
        basis=basis,
        parts=list(parts),
        match_id=match_id,
        granted_at=NOW,
    )


async def items_of(request: Request) -> list[RequestItem]:
    return await RequestItem.filter(request_id=request.id).order_by("position")


async def _add_parts(
    request: Request,
    items: Sequence[ItemValues],
    co_states: Sequence[str],
    excluded: Sequence[Organization],
    coordinators: Sequence[UUID],
    approver: UUID | None,
    at: datetime,
) -> None:
    await RequestItem.bulk_create(
        [
            RequestItem(
                request_id=request.id,
                position=position,
                topic_id=item.topic,
                modality_id=item.modality,
                beneficiary_id=item.beneficiary,
                institution=item.institution,
                quantity=item.quantity,
                unit_id=item.unit,
            )
            for position, item in enumerate(items, 1)
        ]
    )
    confirmed_at = at if request.submitted_at else None
    await RequestParty.bulk_create(
        [
            RequestParty(request_id=request.id, state_id=state, confirmed_at=confirmed_at)
            for state in co_states
        ]
    )
    await RequestExclusion.bulk_create(
        [RequestExclusion(request_id=request.id, organization_id=one.id) for one in excluded]
    )
    named = [(person, "coordinator") for person in coordinators]
    named += [(approver, "approver")] if approver else []
    await RequestAssignment.bulk_create(
        [
            RequestAssignment(request_id=request.id, person_id=person, role=role)
            for person, role in named
        ]
    )
