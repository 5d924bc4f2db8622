"""Terms of reference: the same text, by hash, from every side."""

from dataclasses import replace
from datetime import timedelta

import pytest
from tortoise.exceptions import IntegrityError

from concord.actor import Actor
from concord.deliveries import actions
from concord.deliveries.values import TermsDraft
from concord.deliveries.wording import canonical, hash_of
from concord.errors import Conflict, InvalidInput, NotAllowed
from concord.matches import actions as matches
from concord.matches.models import Match, Terms, TermsAgreement
from concord.matches.states import MatchState
from concord.matches.values import OnBehalf
from concord.requests.models import Request
from tests.conftest import NOW
from tests.factories import people
from tests.factories.deliveries import TERMS, agreed_match, drafted, on
from tests.factories.matches import (
    FIRST,
    PARTS,
    Cast,
    approve,
    approved,
    cast,
    fresh,
    open_request,
    proposed,
)
from tests.matches.conftest import Browse
from tests.matches.seen import forget_told, open_tasks, told

pytestmark = pytest.mark.usefixtures("database")
S = MatchState


async def test_the_exact_text_is_hashed_and_says_what_it_is() -> None:
    players = await cast()
    match, terms = await drafted(players)
    assert terms.sha256 == hash_of(terms.text)
    assert match.public_id in terms.text
    assert TERMS.body in terms.text
    assert "no obligation under any treaty" in terms.text
    assert await open_tasks(match) == {"agree_terms"}


def test_the_same_text_typed_otherwise_has_one_form() -> None:
    assert canonical("Etude\u0301 \r\nfin  ") == canonical("Etudé\nfin") == "Etudé\nfin\n"


async def test_both_sides_agree_to_the_same_hash() -> None:
    players = await cast()
    match, terms = await drafted(players)
    await forget_told()
    assert not await actions.agree_terms(
        match, sha256=terms.sha256, actor=players.focal_point, now=NOW
    )
    assert (await fresh(match)).state is S.APPROVED
    with pytest.raises(Conflict):
        await actions.agree_terms(match, sha256=terms.sha256, actor=players.focal_point, now=NOW)
    assert await actions.agree_terms(match, sha256=terms.sha256, actor=players.partner, now=NOW)
    match = await fresh(match)
    assert (match.state, match.agreed_at) == (S.AGREED, NOW)
    assert match.due_at is not None
    assert match.due_at.date() == FIRST + timedelta(days=30)
    assert await told(match, players) == {
        ("match_agreed_to_state", "state"),
        ("match_agreed_to_providers", "partner"),
        ("match_agreed_to_coordinators", "coordinator"),
    }


async def test_a_new_version_takes_every_agreement_back() -> None:
    players = await cast()
    match, terms = await drafted(players)
    await actions.agree_terms(match, sha256=terms.sha256, actor=players.focal_point, now=NOW)
    newer = await actions.draft_terms(
        match, replace(TERMS, body="The State hosts."), actor=players.focal_point, now=NOW
    )
    with pytest.raises(Conflict):
        await actions.agree_terms(match, sha256=terms.sha256, actor=players.partner, now=NOW)
    assert newer.number == 2
    assert not await actions.agree_terms(
        match, sha256=newer.sha256, actor=players.partner, now=NOW
    )
    assert await actions.agree_terms(
        match, sha256=newer.sha256, actor=players.focal_point, now=NOW
    )


async def test_every_requesting_state_agrees() -> None:
    players = await cast()
    second = await people.focal_point("QNN")
    request = await open_request(co_states=["QNN"])
    match = await approved_by_both(players, second, request)
    terms = await actions.draft_terms(match, TERMS, actor=players.coordinator, now=NOW)
    for side in (players.focal_point, players.partner):
        assert not await actions.agree_terms(match, sha256=terms.sha256, actor=side, now=NOW)
    assert await actions.agree_terms(match, sha256=terms.sha256, actor=second, now=NOW)


async def approved_by_both(players: Cast, second: Actor, request: Request) -> Match:
    match = await proposed(players, request=request)
    for state in (players.focal_point, second):
        await matches.consent(match, data_shared=PARTS, actor=state, now=NOW)
    await matches.accept(match, no_conflict=True, actor=players.partner, now=NOW)
    await approve(await fresh(match), players)
    return await fresh(match)


async def test_terms_without_dates_leave_six_months_from_approval() -> None:
    players = await cast()
    match = await agreed_match(players, terms=TermsDraft("The provider trains."))
    assert match.due_at is not None
    assert match.due_at.date() == on("2027-07-11")
    assert match.starts_on == FIRST


@pytest.mark.parametrize(
    ("draft", "field"),
    [
        (TermsDraft(" "), "body"),
        (replace(TERMS, ends_on=None), "ends_on"),
        (replace(TERMS, ends_on=on("2027-02-01")), "ends_on"),
        (replace(TERMS, starts_on=on("2026-02-01")), "starts_on"),
    ],
)
async def test_a_draft_with_a_fault_is_refused(draft: TermsDraft, field: str) -> None:
    players = await cast()
    match = await approved(players)
    with pytest.raises(InvalidInput) as refused:
        await actions.draft_terms(match, draft, actor=players.partner, now=NOW)
    assert field in refused.value.fields


async def test_strangers_neither_draft_nor_agree() -> None:
    players = await cast()
    match, terms = await drafted(players)
    for stranger in (await people.focal_point("QZZ"), players.approver):
        with pytest.raises(NotAllowed):
            await actions.draft_terms(match, TERMS, actor=stranger, now=NOW)
        with pytest.raises(NotAllowed):
            await actions.agree_terms(match, sha256=terms.sha256, actor=stranger, now=NOW)


async def test_agreement_on_paper() -> None:
    players = await cast()
    match, terms = await drafted(players)
    paper = OnBehalf("QMM", "NV 12/2027")
    await actions.agree_terms(
        match, sha256=terms.sha256, actor=players.approver, now=NOW, on_behalf=paper
    )
    kept = await TermsAgreement.get(terms_id=terms.id)
    assert (kept.state_id, kept.on_behalf_note) == ("QMM", "NV 12/2027")


async def test_the_database_wants_the_same_text_from_everyone() -> None:
    players = await cast()
    match, terms = await drafted(players)
    with pytest.raises(IntegrityError):
        await Match.filter(id=match.id).update(state=S.AGREED)
    with pytest.raises(IntegrityError):
        await TermsAgreement.create(
            terms_id=terms.id, state_id="QMM", sha256="0" * 64, agreed_at=NOW
        )
    with pytest.raises(IntegrityError):
        await Terms.filter(id=terms.id).update(text="Another text.")


async def test_the_note_of_an_agreement_on_paper_stays_with_its_side(browse: Browse) -> None:
    players = await cast()
    match, terms = await drafted(players)
    said = OnBehalf("QMM", "NOTECANARY of the Mission of QM")
    await actions.agree_terms(
        match, sha256=terms.sha256, actor=players.approver, now=NOW, on_behalf=said
    )
    for reader, sees in ((players.partner, False), (players.coordinator, True)):
        page = await (await browse(reader)).get(f"/matches/{match.public_id}/terms")
        assert page.status_code == 200
        assert ("NOTECANARY" in page.text) is sees
