"""The State's word: exact text, scope of data shared, every requesting State, withdrawal."""

import pytest

from concord.errors import Conflict, InvalidInput, NotAllowed, StaleVersion
from concord.matches import actions
from concord.matches.models import Consent, Match, Participant
from concord.matches.states import MatchState
from concord.matches.values import OnBehalf
from concord.requests.models import Disclosure
from tests.conftest import NOW
from tests.factories import people
from tests.factories.matches import (
    Cast,
    accepted,
    approved,
    cast,
    consented,
    fresh,
    later,
    open_request,
    proposed,
)
from tests.matches.seen import (
    counts,
    cover_rows,
    forget_told,
    live_disclosures,
    open_tasks,
    told,
    trail,
)

pytestmark = pytest.mark.usefixtures("database")


async def test_consent_asks_the_provider_and_shows_the_request() -> None:
    players = await cast()
    match = await proposed(players)
    await forget_told()
    await actions.consent(
        match, data_shared=("outcome",), actor=players.focal_point, now=later(days=1)
    )
    match = await fresh(match)
    assert (match.state, match.state_since) == (MatchState.STATE_CONSENTED, later(days=1))
    assert await open_tasks(match) == {"accept_match"}
    assert await told(match, players) == {
        ("match_consented_to_coordinators", "coordinator"),
        ("match_acceptance_asked", "partner"),
    }
    assert (await Participant.get(match=match)).invited_at == later(days=1)
    shown = await Disclosure.get(match_id=match.id)
    assert (shown.organization_id, shown.level, shown.basis, shown.parts) == (
        players.provider.id,
        "full",
        "consent",
        ["outcome"],
    )
    assert await trail(match) == ["match.propose", "match.consent"]


async def test_the_exact_text_is_kept() -> None:
    players = await cast()
    match = await consented(players)
    kept = await Consent.get(match=match)
    assert kept.text.splitlines()[0].endswith(f"consents to match {match.public_id}:")
    assert players.provider.name in kept.text
    assert kept.text.splitlines()[-1] == (
        "Parts of the request shared: the description, the expected outcome."
    )
    assert (kept.state_id, kept.person_id, kept.text_language, kept.data_shared) == (
        "QMM",
        players.focal_point.person_id,
        "en",
        ["description", "outcome"],
    )


async def test_no_part_at_all_shows_the_items_alone() -> None:
    players = await cast()
    match = await proposed(players)
    await actions.consent(match, data_shared=(), actor=players.focal_point, now=NOW)
    assert (await Disclosure.get(match_id=match.id)).parts == ["items"]


async def test_nothing_is_shared_that_was_not_proposed() -> None:
    players = await cast()
    match = await proposed(players)
    with pytest.raises(InvalidInput) as refused:
        await actions.consent(match, data_shared=("existing",), actor=players.focal_point, now=NOW)
    assert set(refused.value.fields) == {"data_shared"}
    assert await Consent.all().count() == 0


async def joint(players: Cast) -> Match:
    players.others["second state"] = await people.focal_point("QNN")
    return await proposed(players, request=await open_request(co_states=["QNN"]))


async def test_every_requesting_state_is_asked_and_the_last_one_opens() -> None:
    players = await cast()
    match = await joint(players)
    await actions.consent(match, data_shared=("outcome",), actor=players.focal_point, now=NOW)
    assert (await fresh(match)).state is MatchState.PROPOSED
    assert await live_disclosures(match) == 0
    assert await open_tasks(match) == {"consent_to_match"}
    await actions.consent(
        match,
        data_shared=("outcome", "description"),
        actor=players.others["second state"],
        now=NOW,
    )
    assert (await fresh(match)).state is MatchState.STATE_CONSENTED
    assert (await Disclosure.get(match_id=match.id)).parts == ["outcome"]


async def test_a_state_consents_once() -> None:
    players = await cast()
    match = await joint(players)
    await actions.consent(match, data_shared=(), actor=players.focal_point, now=NOW)
    with pytest.raises(Conflict, match="already"):
        await actions.consent(match, data_shared=(), actor=players.focal_point, now=NOW)


async def test_one_state_of_several_declines_for_all() -> None:
    players = await cast()
    match = await joint(players)
    await actions.consent(match, data_shared=(), actor=players.focal_point, now=NOW)
    await actions.decline_by_state(
        match,
        reason="declined_by_state.timing",
        actor=players.others["second state"],
        now=NOW,
    )
    assert (await fresh(match)).state is MatchState.DECLINED_BY_STATE
    assert "partner" not in {whom for _, whom in await told(match, players)}


async def test_a_stale_form_is_refused() -> None:
    players = await cast()
    match = await proposed(players)
    with pytest.raises(StaleVersion):
        await actions.consent(
            match,
            data_shared=(),
            actor=players.focal_point,
            now=NOW,
            version=match.version - 1,
        )


async def test_nobody_else_consents() -> None:
    players = await cast()
    match = await proposed(players)
    for stranger in (await people.focal_point("QZZ"), players.coordinator, players.partner):
        with pytest.raises(NotAllowed):
            await actions.consent(match, data_shared=(), actor=stranger, now=NOW)


async def test_consent_on_paper_is_recorded_for_the_state() -> None:
    players = await cast()
    match = await proposed(players)
    await actions.consent(
        match,
        data_shared=(),
        actor=players.coordinator,
        now=NOW,
        on_behalf=OnBehalf("QMM", "NV/2027/3"),
    )
    kept = await Consent.get(match=match)
    assert (kept.state_id, kept.on_behalf_note) == ("QMM", "NV/2027/3")
    steps = await match.steps.all().order_by("at", "verb")
    assert [(step.verb, step.on_behalf_of) for step in steps] == [
        ("consent", "QMM"),
        ("propose", None),
    ]


@pytest.mark.parametrize(
    "on_behalf", [OnBehalf("QZZ", "NV/1"), OnBehalf("QMM", "NV/1")], ids=["other state", "partner"]
)
async def test_on_behalf_is_for_unodc_and_requesting_states(on_behalf: OnBehalf) -> None:
    players = await cast()
    match = await proposed(players)
    actor = players.coordinator if on_behalf.state == "QZZ" else players.partner
    with pytest.raises(NotAllowed):
        await actions.consent(match, data_shared=(), actor=actor, now=NOW, on_behalf=on_behalf)


@pytest.mark.parametrize("reached", [consented, accepted])
async def test_withdrawn_before_approval_it_is_proposed_again(reached: object) -> None:
    players = await cast()
    match = await (consented if reached is consented else accepted)(players)
    await forget_told()
    await actions.withdraw_consent(match, actor=players.focal_point, now=later(days=2))
    match = await fresh(match)
    assert match.state is MatchState.PROPOSED
    assert await counts(match) == {"slot": (10, 0), "item": (0, 0)}
    assert await open_tasks(match) == {"consent_to_match"}
    assert await live_disclosures(match) == 0
    assert (await Disclosure.get(match_id=match.id)).delete_by == later(days=32)
    assert await told(match, players) == {
        ("consent_withdrawn_to_coordinators", "coordinator"),
        ("consent_withdrawn_to_providers", "partner"),
    }
    assert (await Participant.get(match=match)).accepted_at is None


async def test_withdrawn_after_approval_it_is_cancelled() -> None:
    players = await cast()
    match = await approved(players)
    assert await cover_rows() == 1
    await forget_told()
    await actions.withdraw_consent(match, actor=players.focal_point, now=later(days=2))
    match = await fresh(match)
    assert match.state is MatchState.CANCELLED
    assert await counts(match) == {"slot": (0, 0), "item": (0, 0)}
    assert await cover_rows() == 0
    assert await told(match, players) == {
        ("match_ended_to_providers", "partner"),
        ("match_cancelled", "coordinator"),
    }


async def test_what_was_not_given_is_not_withdrawn() -> None:
    players = await cast()
    match = await proposed(players)
    with pytest.raises(Conflict):
        await actions.withdraw_consent(match, actor=players.focal_point, now=NOW)


async def test_after_a_withdrawal_everyone_answers_anew() -> None:
    players = await cast()
    match = await accepted(players)
    await actions.withdraw_consent(match, actor=players.focal_point, now=later(days=2))
    await actions.consent(match, data_shared=(), actor=players.focal_point, now=later(days=3))
    assert (await fresh(match)).state is MatchState.STATE_CONSENTED
    assert await open_tasks(match) == {"accept_match"}
    await actions.accept(match, no_conflict=True, actor=players.partner, now=later(days=4))
    assert (await fresh(match)).state is MatchState.PARTNER_ACCEPTED
