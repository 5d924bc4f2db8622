"""Who sees what of a match: its own side, and nothing of the other."""

import pytest

from concord.actor import Actor, Role
from concord.matches import actions
from concord.requests.states import Confidentiality
from tests.conftest import NOW
from tests.factories import people
from tests.factories.matches import (
    accepted,
    approved,
    cast,
    consented,
    open_request,
)
from tests.matches.conftest import Browse, form
from tests.matches.seen import forget_told, told

REASON = {"reason": "declined_by_state.timing", "note": "STATECANARY"}


async def test_reasons_and_names_stay_on_their_side(browse: Browse) -> None:
    players = await cast()
    match = await consented(players)
    browser = await browse(players.focal_point)
    page = await browser.get(f"/matches/{match.public_id}/decline")
    assert "The dates do not suit" in page.text
    empty = await browser.post(
        f"/matches/{match.public_id}/decline", data=form(match, note="KEEP")
    )
    assert (empty.status_code, "KEEP" in empty.text) == (422, True)
    answer = await browser.post(
        f"/matches/{match.public_id}/decline", data=form(match, **REASON, idempotency_key="2")
    )
    assert answer.status_code == 303
    own = await browser.get(f"/matches/{match.public_id}")
    assert "The dates do not suit" in own.text
    theirs = await (await browse(players.partner)).get(f"/matches/{match.public_id}")
    assert theirs.status_code == 200
    for canary in ("STATECANARY", "The dates do not suit", "Declined", players.focal_point.name):
        assert canary not in theirs.text
    assert "Ended" in theirs.text
    assert "Forty prosecutors" not in theirs.text
    listed = await (await browse(players.partner)).get("/matches?state=declined_by_state")
    assert "No matches here" not in listed.text
    unodc = await (await browse(players.coordinator)).get(f"/matches/{match.public_id}")
    assert "STATECANARY" in unodc.text


async def test_the_partners_reason_stays_with_it(browse: Browse) -> None:
    players = await cast()
    match = await consented(players)
    await actions.decline_by_partner(
        match,
        reason="declined_by_partner.internal_rules",
        note="PARTNERCANARY",
        actor=players.partner,
        now=NOW,
    )
    theirs = await (await browse(players.focal_point)).get(f"/matches/{match.public_id}")
    for canary in ("PARTNERCANARY", "Our own rules", "Declined by the partner"):
        assert canary not in theirs.text
    own = await (await browse(players.partner)).get(f"/matches/{match.public_id}")
    assert "PARTNERCANARY" in own.text


@pytest.mark.parametrize("role", [Role.ADMIN, Role.DUE_DILIGENCE, Role.DONOR])
async def test_other_roles_know_of_no_match(role: Role, browse: Browse) -> None:
    match = await approved(await cast())
    browser = await browse(await people.actor(await people.member(role)))
    assert (await browser.get(f"/matches/{match.public_id}")).status_code == 404
    assert (await browser.get("/matches")).status_code == 404


async def test_strangers_of_every_side_know_of_no_match(browse: Browse) -> None:
    match = await approved(await cast())
    strangers: list[Actor] = [
        await people.focal_point("QZZ"),
        await people.partner_admin(),
        await people.coordinator("QZZ"),
    ]
    for stranger in strangers:
        browser = await browse(stranger)
        assert (await browser.get(f"/matches/{match.public_id}")).status_code == 404
        assert match.public_id not in (await browser.get("/matches")).text


async def test_an_auditor_sees_that_steps_happened(browse: Browse) -> None:
    players = await cast()
    request = await open_request(
        confidentiality=Confidentiality.SEALED,
        assigned=[(players.coordinator, Role.COORDINATOR), (players.approver, Role.APPROVER)],
    )
    match = await approved(players, request=request)
    browser = await browse(await people.actor(await people.member(Role.AUDITOR)))
    page = await browser.get(f"/matches/{match.public_id}")
    assert page.status_code == 200
    assert match.public_id in page.text
    for secret in (
        request.title,
        "Forty",
        players.provider.name,
        players.focal_point.name,
        "The closest",
    ):
        assert secret not in page.text
    listed = await browser.get("/matches")
    assert match.public_id in listed.text
    assert players.provider.name not in listed.text


async def test_a_sealed_match_is_for_those_named(browse: Browse) -> None:
    players = await cast()
    request = await open_request(
        confidentiality=Confidentiality.SEALED,
        assigned=[(players.coordinator, Role.COORDINATOR), (players.approver, Role.APPROVER)],
    )
    match = await approved(players, request=request)
    for other in (await people.coordinator("QMM"), await people.approver()):
        assert (await (await browse(other)).get(f"/matches/{match.public_id}")).status_code == 404
    for named in (players.coordinator, players.approver):
        assert (await (await browse(named)).get(f"/matches/{match.public_id}")).status_code == 200


async def test_a_hidden_delivery_in_the_way_reaches_a_coordinator_who_may_see_it(
    browse: Browse,
) -> None:
    players = await cast()
    sealed = await open_request(
        confidentiality=Confidentiality.SEALED,
        assigned=[(players.coordinator, Role.COORDINATOR), (players.approver, Role.APPROVER)],
    )
    hidden = await approved(players, request=sealed)
    again = await accepted(players)
    players.others["another approver"] = await people.approver()
    players.others["another coordinator"] = await people.coordinator("QMM")
    await forget_told()
    browser = await browse(players.others["another approver"])
    answer = await browser.post(f"/matches/{again.public_id}/approval", data=form(again))
    assert answer.status_code == 409
    assert "This would repeat an existing delivery. Ask UNODC before going on." in answer.text
    assert hidden.public_id not in answer.text
    assert await told(hidden, players) == {("duplicate_flagged", "coordinator")}
