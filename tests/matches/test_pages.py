"""The page of a match: every decision, and forms that lose nothing."""

import pytest

from concord.matches import actions
from concord.matches.states import MatchState
from concord.organizations.models import Organization
from concord.organizations.states import Verification
from tests.conftest import NOW, Clock
from tests.factories.matches import (
    accepted,
    approved,
    cast,
    consented,
    fresh,
    later,
    open_request,
    proposed,
)
from tests.matches.conftest import Browse, form
from tests.matches.seen import counts


async def test_the_state_consents(browse: Browse) -> None:
    players = await cast()
    match = await proposed(players)
    browser = await browse(players.focal_point)
    page = await browser.get(f"/matches/{match.public_id}")
    assert page.status_code == 200
    assert f"consents to match {match.public_id}:" in page.text
    assert players.provider.name in page.text
    assert "The closest in topic and language." not in page.text
    answer = await browser.post(
        f"/matches/{match.public_id}/consent", data=form(match, data_shared=["outcome"])
    )
    assert (answer.status_code, answer.headers["location"]) == (303, f"/matches/{match.public_id}")
    assert (await fresh(match)).state is MatchState.STATE_CONSENTED
    page = await browser.get(answer.headers["location"])
    assert "Your State has consented." in page.text
    assert "The exact text" in page.text


async def test_before_consent_the_match_does_not_exist_for_the_provider(browse: Browse) -> None:
    players = await cast()
    match = await proposed(players)
    browser = await browse(players.partner)
    seen, unknown = (
        await browser.get(f"/matches/{match.public_id}"),
        await browser.get("/matches/MAT-0000-00"),
    )
    assert (seen.status_code, unknown.status_code) == (404, 404)
    assert match.public_id not in (await browser.get("/matches")).text
    answer = await browser.post(f"/matches/{match.public_id}/acceptance", data=form(match))
    assert answer.status_code == 404


async def test_the_provider_sees_what_is_shared_and_accepts(browse: Browse) -> None:
    players = await cast()
    match = await proposed(players)
    await actions.consent(match, data_shared=("outcome",), actor=players.focal_point, now=NOW)
    match = await fresh(match)
    browser = await browse(players.partner)
    page = await browser.get(f"/matches/{match.public_id}")
    assert "Prosecutors present electronic evidence in court." in page.text
    assert "Forty prosecutors handle" not in page.text
    assert "The closest in topic and language." not in page.text
    refused = await browser.post(
        f"/matches/{match.public_id}/acceptance", data=form(match, note="Two <b>trainers</b>")
    )
    assert refused.status_code == 422
    assert "no conflict of interest." in refused.text
    assert "Two &lt;b&gt;trainers&lt;/b&gt;" in refused.text
    answer = await browser.post(
        f"/matches/{match.public_id}/acceptance",
        data=form(match, no_conflict="yes", note="", idempotency_key="second"),
    )
    assert answer.status_code == 303
    assert (await fresh(match)).state is MatchState.PARTNER_ACCEPTED


async def test_a_provider_that_is_not_verified_sees_the_match_but_not_the_request(
    browse: Browse,
) -> None:
    players = await cast()
    match = await consented(players)
    await Organization.filter(id=players.provider.id).update(verification=Verification.EXPIRED)
    browser = await browse(players.partner)
    page = await browser.get(f"/matches/{match.public_id}")
    assert page.status_code == 200
    assert "The request is not shown" in page.text
    for secret in ("Training of prosecutors", "Forty prosecutors", "Illustrative State"):
        assert secret not in page.text
    answer = await browser.post(
        f"/matches/{match.public_id}/acceptance", data=form(match, no_conflict="yes")
    )
    assert (answer.status_code, "not verified at present" in answer.text) == (409, True)


async def test_the_approver_approves_with_what_is_asked(browse: Browse) -> None:
    players = await cast()
    item = ("INV.02", "training_course", "police", 20, "training_places")
    match = await accepted(players, request=await open_request(items=[item]))
    browser = await browse(players.approver)
    page = await browser.get(f"/matches/{match.public_id}")
    assert "The closest in topic and language." in page.text
    assert "A security force benefits" in page.text
    refused = await browser.post(
        f"/matches/{match.public_id}/approval", data=form(match, risk_note="RISKCANARY")
    )
    assert refused.status_code == 422
    assert "Say how the risk is mitigated." in refused.text
    assert "RISKCANARY" in refused.text
    answer = await browser.post(
        f"/matches/{match.public_id}/approval",
        data=form(match, risk_note="RISKCANARY", risk_mitigation="Vetting", idempotency_key="2"),
    )
    assert answer.status_code == 303
    for other in (players.focal_point, players.partner):
        shown = await (await browse(other)).get(f"/matches/{match.public_id}")
        assert shown.status_code == 200
        assert "RISKCANARY" not in shown.text


async def test_a_repetition_is_said_and_can_be_joined(browse: Browse) -> None:
    players = await cast()
    first = await approved(players)
    again = await accepted(players)
    browser = await browse(players.approver)
    refused = await browser.post(f"/matches/{again.public_id}/approval", data=form(again))
    assert refused.status_code == 409
    assert f"This would repeat {first.public_id}" in refused.text
    assert "join_reason" in refused.text
    answer = await browser.post(
        f"/matches/{again.public_id}/approval",
        data=form(again, join_reason="Another region.", idempotency_key="2"),
    )
    assert answer.status_code == 303


async def test_a_stale_form_loses_nothing(browse: Browse) -> None:
    players = await cast()
    match = await consented(players)
    browser = await browse(players.partner)
    answer = await browser.post(
        f"/matches/{match.public_id}/acceptance",
        data=form(match, version="1", no_conflict="yes", note="KEEPME"),
    )
    assert answer.status_code == 409
    assert "KEEPME" in answer.text
    assert "has changed since the page was opened" in answer.text
    assert (await fresh(match)).state is MatchState.STATE_CONSENTED


@pytest.mark.parametrize("version", ["", "abc", "0", "999999999999"])
async def test_a_form_without_a_version_is_stale(browse: Browse, version: str) -> None:
    """Nobody consents to a text that is not known to be the present one."""
    players = await cast()
    match = await proposed(players)
    response = await (await browse(players.focal_point)).post(
        f"/matches/{match.public_id}/consent",
        data={"version": version, "data_shared": "description"},
    )
    assert (response.status_code, (await fresh(match)).state) == (409, MatchState.PROPOSED)


async def test_a_repeated_click_answers_the_same(browse: Browse) -> None:
    players = await cast()
    match = await proposed(players)
    browser = await browse(players.focal_point)
    answers = [
        await browser.post(f"/matches/{match.public_id}/consent", data=form(match))
        for _ in range(2)
    ]
    assert [(a.status_code, a.headers["location"]) for a in answers] == [
        (303, f"/matches/{match.public_id}")
    ] * 2
    assert (await fresh(match)).version == match.version + 1


async def test_a_command_on_a_match_that_moved_is_a_409(browse: Browse) -> None:
    players = await cast()
    match = await proposed(players)
    await actions.cancel(
        match, reason="cancelled.security", actor=players.coordinator, now=later(hours=1)
    )
    browser = await browse(players.focal_point)
    answer = await browser.post(
        f"/matches/{match.public_id}/consent", data={"idempotency_key": "x"}
    )
    assert answer.status_code == 409
    assert "Nothing was changed" in answer.text


async def test_undo_from_the_banner(browse: Browse, clock: Clock) -> None:
    players = await cast()
    match = await proposed(players)
    browser = await browse(players.coordinator)
    assert (
        "You have just proposed this match"
        in (await browser.get(f"/matches/{match.public_id}")).text
    )
    answer = await browser.post(f"/matches/{match.public_id}/undo", data={"idempotency_key": "1"})
    assert answer.status_code == 303
    assert (await fresh(match)).state is MatchState.CANCELLED
    state = await browse(players.focal_point)
    assert (await state.get(f"/matches/{match.public_id}")).status_code == 404
    clock.forward(minutes=2)
    late = await proposed(players)
    page = await browser.get(f"/matches/{late.public_id}")
    assert "You have just proposed" not in page.text


STEPS = [
    (
        "cancellation",
        "coordinator",
        {"reason": "cancelled.need_changed"},
        MatchState.CANCELLED,
        accepted,
    ),
    (
        "refusal",
        "partner",
        {"reason": "declined_by_partner.timing"},
        MatchState.DECLINED_BY_PARTNER,
        accepted,
    ),
    (
        "rejection",
        "approver",
        {"reason": "rejected_by_approver.risk"},
        MatchState.REJECTED,
        accepted,
    ),
    ("consent-withdrawal", "focal_point", {"note": "n"}, MatchState.PROPOSED, accepted),
    ("suspension", "focal_point", {"note": "n"}, MatchState.SUSPENDED, approved),
    (
        "cancellation",
        "partner",
        {"reason": "cancelled.provider_unable"},
        MatchState.CANCELLED,
        approved,
    ),
]


@pytest.mark.parametrize(("address", "who", "typed", "state", "reach"), STEPS)
async def test_steps_with_a_page_of_their_own(
    address: str,
    who: str,
    typed: dict[str, str],
    state: MatchState,
    reach: object,
    browse: Browse,
) -> None:
    players = await cast()
    match = await (accepted if reach is accepted else approved)(players)
    browser = await browse(getattr(players, who))
    page = await browser.get(f"/matches/{match.public_id}/{address}")
    assert page.status_code == 200
    answer = await browser.post(f"/matches/{match.public_id}/{address}", data=form(match, **typed))
    assert answer.status_code == 303, answer.text
    assert (await fresh(match)).state is state


@pytest.mark.parametrize(
    ("address", "who"), [("rejection", "coordinator"), ("decline", "approver")]
)
async def test_steps_of_others_are_forbidden(address: str, who: str, browse: Browse) -> None:
    players = await cast()
    match = await accepted(players)
    browser = await browse(getattr(players, who))
    assert (await browser.get(f"/matches/{match.public_id}/{address}")).status_code == 403
    reason = {"rejection": "rejected_by_approver.risk", "decline": "declined_by_state.timing"}
    answer = await browser.post(
        f"/matches/{match.public_id}/{address}", data=form(match, reason=reason[address])
    )
    assert answer.status_code == 403
    assert (await counts(match))["slot"] == (10, 0)
