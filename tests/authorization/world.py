"""One small world in which every case of every subject exists, for visitors to ask for."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from concord.accounts.models import Membership
from concord.activities.models import ExternalActivity, ImportedName
from concord.actor import Role
from concord.duplicates.models import DuplicateFlag
from concord.duplicates.values import FlagKind
from concord.matches.models import Delivery, Match
from concord.matches.states import MatchState
from concord.offers.models import Offer, OfferClarification, OfferStep
from concord.organizations.models import (
    ActOnBehalf,
    Attachment,
    Organization,
    OrganizationStep,
    Screening,
)
from concord.organizations.states import OrganizationKind, Verification
from concord.portfolio.models import PortfolioRun
from concord.reference.identifiers import new_public_id
from concord.requests.models import Clarification, Request, RequestStep
from concord.requests.states import Confidentiality, RequestState
from tests.authorization.deliveries import in_delivery
from tests.authorization.visitors import Company, company
from tests.conftest import NOW
from tests.factories import matches, offers, people, rankings
from tests.factories import requests as request_rows

ACTIVITY_CASES = {"ownState": "QMM", "otherState": "QNN"}
MATCH_CASES = ("open", "restricted", "sealed", "closed")


@dataclass(frozen=True, slots=True)
class World:
    """Subjects by case; `addresses` maps each kind of path parameter to ids by case."""

    people: Company
    requests: Mapping[str, Request]
    matches: Mapping[str, Match]
    offers: Mapping[str, Offer]
    organizations: Mapping[str, Organization]
    attachments: Mapping[str, Attachment]
    questions: Mapping[str, Clarification]
    offer_questions: Mapping[str, OfferClarification]
    act: ActOnBehalf
    duplicates: Mapping[str, DuplicateFlag]
    deliveries: Mapping[str, Delivery]
    activities: Mapping[str, ExternalActivity]
    names: Mapping[str, ImportedName]
    portfolios: Mapping[str, PortfolioRun]


async def world() -> World:
    """Build it once: about a hundred rows."""
    everyone = await company()
    found_requests = await _requests(everyone)
    found_offers = await _offers(everyone)
    found_matches = {
        case: await _match(everyone, found_requests[case], case) for case in MATCH_CASES
    }
    await _end(found_requests["closed"], found_matches["closed"])
    found_deliveries = {
        case: await in_delivery(everyone, found_matches[case]) for case in ("restricted", "sealed")
    }
    await rankings.ranked(found_requests["open"])
    return World(
        people=everyone,
        requests=found_requests,
        matches=found_matches,
        offers=found_offers,
        organizations=await _organizations(everyone),
        attachments={case: await _attachment(one) for case, one in found_requests.items()},
        questions={case: await _question(everyone, one) for case, one in found_requests.items()},
        offer_questions={
            case: await _offer_question(everyone, one) for case, one in found_offers.items()
        },
        act=await _act(everyone, found_requests["open"]),
        duplicates={
            case: await _flag(found_requests["open"], found_requests[case])
            for case in ("public", "sealed")
        },
        deliveries=found_deliveries,
        activities={case: await _activity(state) for case, state in ACTIVITY_CASES.items()},
        names={"waiting": await ImportedName.create(name="Ruritania", key="ruritania")},
        portfolios={"coM": await _portfolio(everyone.memberships["coM"])},
    )


async def _requests(everyone: Company) -> dict[str, Request]:
    named = [
        (everyone.actors["co*"], Role.COORDINATOR),
        (everyone.actors["ap*"], Role.APPROVER),
    ]
    own: dict[str, Any] = {"authority": everyone.office}
    shown = {"public_summary": "Prosecutors.", "publish_agreed_at": NOW}
    opened = matches.open_request
    kinds = Confidentiality
    made = {
        "draft": await request_rows.draft("QMM", **own),
        "submitted": await request_rows.submitted("QMM", **own),
        "open": await opened(confidentiality=kinds.PARTNERS, **own),
        "closed": await opened(confidentiality=kinds.PARTNERS, **own),
        "restricted": await opened(confidentiality=kinds.RESTRICTED, **own),
        "sealed": await opened(confidentiality=kinds.SEALED, assigned=named, **own),
        "public": await opened(confidentiality=kinds.PUBLIC, **(own | shown)),
    }
    for request in made.values():
        for audience in ("state", "secretariat", "all"):
            await RequestStep.create(
                request=request, verb="review", source="submitted", target="open", at=NOW,
                note="A note.", note_seen_by=audience,
            )  # fmt: skip
    return made


async def _match(everyone: Company, request: Request, case: str) -> Match:
    """Accepted by the provider: both sides and UNODC have a step to make or to undo."""
    actors = everyone.actors
    sealed = case == "sealed"
    players = matches.Cast(
        focal_point=actors["foc"],
        coordinator=actors["co*" if sealed else "coM"],
        approver=actors["ap*" if sealed else "app"],
        partner=actors["adm"],
        provider=everyone.provider,
    )
    return await matches.accepted(players, request=request)


async def _end(request: Request, match: Match) -> None:
    await Match.filter(id=match.id).update(state=MatchState.LAPSED)
    await Request.filter(id=request.id).update(state=RequestState.CLOSED)


async def _offers(everyone: Company) -> dict[str, Offer]:
    own = everyone.provider
    made = {
        "draft": await offers.draft(own),
        "review": await offers.submitted(own),
        "open": await offers.published(own, excluded=("QPP",)),
        "directed": await offers.published(own, directed="QMM"),
        "closed": await offers.withdrawn(own),
    }
    for offer in made.values():
        await OfferStep.create(
            offer=offer, verb="return", source="submitted", target="returned", at=NOW
        )
    return made


async def _organizations(everyone: Company) -> dict[str, Organization]:
    return {
        "authority": everyone.office,
        "provider": everyone.provider,
        "screening": await _applicant(),
    }


async def _applicant() -> Organization:
    """A registered applicant that nobody has judged yet."""
    applicant = await people.organization(
        OrganizationKind.ACADEMIA,
        state=None,
        name="An applicant (illustrative)",
        verification=Verification.SCREENING,
    )
    await Screening.create(organization=applicant)
    await OrganizationStep.create(
        organization=applicant, verb="screen", source="registered", target="screening", at=NOW
    )
    return applicant


async def _attachment(request: Request) -> Attachment:
    return await Attachment.create(
        subject_kind="request",
        subject_id=request.id,
        filename="annex.pdf",
        media_type="application/pdf",
        size=4,
        sha256="0" * 64,
        content=b"%PDF",
    )


async def _question(everyone: Company, request: Request) -> Clarification:
    asker = everyone.actors["co*" if request.confidentiality == "sealed" else "coM"]
    asked: dict[str, Any] = {
        "request": request,
        "asked_by_id": asker.person_id,
        "asked_by_organization_id": asker.organization_id,
        "asked_at": NOW,
        "question": "In which month?",
    }
    await Clarification.create(**asked, answer="In May.", answered_at=NOW)
    return await Clarification.create(**asked)


async def _offer_question(everyone: Company, offer: Offer) -> OfferClarification:
    asker = everyone.actors["foc"]
    asked: dict[str, Any] = {
        "offer": offer,
        "asked_by_id": asker.person_id,
        "asked_by_organization_id": asker.organization_id,
        "asked_at": NOW,
        "question": "In which language?",
    }
    await OfferClarification.create(**asked, answer="In French.", answered_at=NOW)
    return await OfferClarification.create(**asked)


async def _activity(state: str) -> ExternalActivity:
    return await ExternalActivity.create(
        publisher="XM-QX-1",
        identifier=f"XM-QX-1-{state}",
        source="illustrative",
        title="A project of somebody else",
        state_id=state,
        states=[state],
    )


async def _portfolio(of: Membership) -> PortfolioRun:
    """One coordinator's question: nobody else's."""
    return await PortfolioRun.create(
        person_id=of.person_id, membership_id=of.id, asked_at=NOW, terms={}
    )


async def _flag(left: Request, right: Request) -> DuplicateFlag:
    first, second = sorted((left.id, right.id))
    return await DuplicateFlag.create(
        kind=FlagKind.REQUESTS, left_id=first, right_id=second, score=0.9, verdict="likely"
    )


async def _act(everyone: Company, request: Request) -> ActOnBehalf:
    return await ActOnBehalf.create(
        public_id=new_public_id("ACT"),
        state_id="QMM",
        command="requests.withdraw",
        subject_kind="request",
        subject_id=request.id,
        subject_public_id=request.public_id,
        note_reference="NV 12/2027",
        refusal="",
        note_date=NOW.date(),
        recorded_by_id=everyone.actors["coM"].person_id,
    )
