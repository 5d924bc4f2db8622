"""Withdrawing, suspending and changing what has matches, each listed before the act."""

import pytest

from concord.actor import Role
from concord.jobs import Outbox
from concord.matches import on_paper
from concord.matches.states import MatchState
from concord.offers.models import Offer
from concord.offers.states import OfferState
from concord.organizations.models import ActOnBehalf, Organization
from concord.organizations.states import Verification
from concord.requests.models import Request, RequestItem
from concord.requests.states import RequestState
from tests.conftest import NOW
from tests.factories import people
from tests.factories.matches import (
    accepted,
    approved,
    cast,
    consented,
    fresh,
    offered,
    open_request,
    proposed,
)
from tests.matches.conftest import Browse

pytestmark = pytest.mark.usefixtures("app")


async def test_a_request_is_withdrawn_with_its_matches(browse: Browse) -> None:
    players = await cast()
    request = await open_request()
    match = await approved(players, request=request)
    browser = await browse(players.focal_point)
    page = await browser.get(f"/requests/{request.public_id}/withdrawal")
    assert page.status_code == 200
    assert match.public_id in page.text
    answer = await browser.post(
        f"/requests/{request.public_id}/withdrawal",
        data={"version": str(request.version), "note": "x", "idempotency_key": "1"},
    )
    assert (answer.status_code, answer.headers["location"]) == (
        303,
        f"/requests/{request.public_id}",
    )
    assert (await fresh(match)).state is MatchState.CANCELLED
    assert (await Request.get(id=request.id)).state is RequestState.WITHDRAWN


async def test_a_stale_withdrawal_keeps_the_note(browse: Browse) -> None:
    players = await cast()
    request = await open_request()
    browser = await browse(players.focal_point)
    answer = await browser.post(
        f"/requests/{request.public_id}/withdrawal",
        data={"version": "77", "note": "KEEPME", "idempotency_key": "1"},
    )
    assert answer.status_code == 409
    assert "KEEPME" in answer.text


async def test_a_request_is_suspended_but_for_what_goes_on(browse: Browse) -> None:
    players = await cast()
    request = await open_request()
    stays, goes = [
        await approved(players, request=request, offer=await offered(players.provider), quantity=5)
        for _ in range(2)
    ]
    browser = await browse(players.focal_point)
    address = f"/requests/{request.public_id}"
    version = (await Request.get(id=request.id)).version
    answer = await browser.post(
        f"{address}/suspension", data={"version": str(version), "keep": [goes.public_id]}
    )
    assert answer.status_code == 303
    assert (await fresh(stays)).state is MatchState.SUSPENDED
    assert (await fresh(goes)).state is MatchState.APPROVED
    answer = await browser.post(f"{address}/resumption", data={"version": str(version + 1)})
    assert answer.status_code == 303
    assert (await fresh(stays)).state is MatchState.APPROVED


async def test_others_do_not_stop_a_request(browse: Browse) -> None:
    players = await cast()
    request = await open_request()
    for way in ("withdrawal", "suspension"):
        for actor, status in ((players.approver, 403), (await people.focal_point("QZZ"), 404)):
            browser = await browse(actor)
            address = f"/requests/{request.public_id}/{way}"
            assert (await browser.get(address)).status_code == status
            assert (
                await browser.post(address, data={"idempotency_key": way})
            ).status_code == status


async def test_an_offer_is_withdrawn(browse: Browse) -> None:
    players = await cast()
    offer = await offered(players.provider)
    told, hidden = await consented(players, offer=offer), await proposed(players, offer=offer)
    browser = await browse(players.partner)
    page = await browser.get(f"/offers/{offer.public_id}/withdrawal")
    assert told.public_id in page.text
    assert hidden.public_id not in page.text
    answer = await browser.post(
        f"/offers/{offer.public_id}/withdrawal",
        data={"version": str(offer.version), "idempotency_key": "1"},
    )
    assert answer.status_code == 303
    assert (await Offer.get(id=offer.id)).state is OfferState.WITHDRAWN
    assert (await fresh(hidden)).state is MatchState.CANCELLED


async def test_a_change_of_an_open_request_reaches_its_matches(browse: Browse) -> None:
    players = await cast()
    request = await open_request()
    match = await accepted(players, request=request)
    browser = await browse(players.focal_point)
    base = f"/requests/{request.public_id}/change"
    assert "consented to again" in (await browser.get(base)).text
    assert (await browser.get(f"{base}/items")).status_code == 200
    assert (await browser.get(f"{base}/timing")).status_code == 200
    answer = await browser.post(
        f"{base}/items/1",
        data={
            "topic": "INV.02",
            "modality": "training_course",
            "beneficiary": "prosecution",
            "quantity": "30",
            "unit": "training_places",
            "version": str(request.version),
            "idempotency_key": "1",
        },
    )
    assert answer.status_code == 303, answer.text
    assert (await RequestItem.get(request=request)).quantity == 30
    assert (await fresh(match)).state is MatchState.PROPOSED


async def test_an_offer_changes_by_the_form_of_offers(browse: Browse) -> None:
    players = await cast()
    offer = await offered(players.provider)
    browser = await browse(players.partner)
    page = await browser.get(f"/offers/{offer.public_id}/change")
    assert page.status_code == 200
    assert "Change this offer" in page.text
    other = await browse(players.focal_point)
    assert (await other.get(f"/offers/{offer.public_id}/change")).status_code == 403


async def test_a_suspended_provider_takes_its_matches_along(browse: Browse) -> None:
    players = await cast()
    match = await approved(players)
    officer = await people.actor(await people.member(Role.DUE_DILIGENCE))
    browser = await browse(officer)
    address = f"/organizations/{players.provider.public_id}/suspension"
    refused = await browser.post(address, data={"reason": "", "idempotency_key": "1"})
    assert refused.status_code == 422
    answer = await browser.post(address, data={"reason": "A new listing.", "idempotency_key": "2"})
    assert answer.status_code == 303, answer.text
    found = await Organization.get(id=players.provider.id)
    assert found.verification is Verification.SUSPENDED
    assert (await fresh(match)).state is MatchState.SUSPENDED
    forbidden = await (await browse(players.coordinator)).post(
        address, data={"reason": "x", "idempotency_key": "3"}
    )
    assert forbidden.status_code in {403, 409}


async def test_consent_on_paper_waits_for_a_second_person(browse: Browse) -> None:
    players = await cast()
    match = await proposed(players)
    page = await (await browse(players.coordinator)).get(f"/matches/{match.public_id}")
    assert "/acts-on-behalf/new?command=matches.consent" in page.text
    subject = await on_paper.subject(players.coordinator, match.public_id)
    assert (subject.kind, subject.states, subject.assigned) == ("match", frozenset({"QMM"}), None)
    arguments = {
        "subject_id": str(match.id),
        "data_shared": ["outcome", "contacts"],
        "note_reference": "NV/1",
    }
    await on_paper.consent(arguments, actor=players.approver, state="QMM", now=NOW)
    assert (await fresh(match)).state is MatchState.STATE_CONSENTED
    assert await ActOnBehalf.all().count() == 0


async def test_a_decline_on_paper(browse: Browse) -> None:
    players = await cast()
    match = await proposed(players)
    arguments = {
        "subject_id": str(match.id),
        "reason": "declined_by_state.timing",
        "note_reference": "NV/2",
    }
    await on_paper.decline(arguments, actor=players.approver, state="QMM", now=NOW)
    assert (await fresh(match)).state is MatchState.DECLINED_BY_STATE
    assert await Outbox.filter(name="tell").count() > 0
