"""A participant's word, with its organization still verified."""

import pytest

from concord.errors import Conflict, InvalidInput, NotAllowed
from concord.matches import actions
from concord.matches.models import Participant
from concord.matches.states import MatchState
from concord.matches.values import Part, ParticipantDraft
from concord.organizations.states import Verification
from tests.conftest import NOW
from tests.factories import people
from tests.factories.history import set_down
from tests.factories.matches import cast, consented, fresh, later, proposed
from tests.matches.seen import forget_told, open_tasks, told, trail

pytestmark = pytest.mark.usefixtures("database")


async def test_acceptance_asks_the_approvers() -> None:
    players = await cast()
    match = await consented(players)
    await forget_told()
    await actions.accept(
        match, no_conflict=True, note="Two trainers.", actor=players.partner, now=later(days=3)
    )
    match = await fresh(match)
    assert (match.state, match.due_at) == (
        MatchState.PARTNER_ACCEPTED,
        later(days=17).replace(hour=23, minute=59, second=59),
    )
    assert await open_tasks(match) == {"approve_match"}
    assert await told(match, players) == {
        ("match_accepted_to_state", "state"),
        ("match_accepted_by_participant", "coordinator"),
        ("match_approval_asked", "approver"),
    }
    participant = await Participant.get(match=match)
    assert (participant.accepted_at, participant.no_conflict_declared, participant.note) == (
        later(days=3),
        True,
        "Two trainers.",
    )
    assert (await trail(match))[-1] == "match.accept"


async def test_every_participant_accepts() -> None:
    players = await cast()
    funder = await people.provider()
    players.others["funder"] = await people.partner_admin(funder)
    match = await consented(players, participants=[ParticipantDraft(funder.id, Part.FUNDER)])
    await forget_told()
    await actions.accept(match, no_conflict=True, actor=players.partner, now=NOW)
    assert (await fresh(match)).state is MatchState.STATE_CONSENTED
    assert await told(match, players) == {("match_accepted_by_participant", "coordinator")}
    with pytest.raises(Conflict, match="already"):
        await actions.accept(match, no_conflict=True, actor=players.partner, now=NOW)
    await actions.accept(match, no_conflict=True, actor=players.others["funder"], now=NOW)
    assert (await fresh(match)).state is MatchState.PARTNER_ACCEPTED


async def test_one_participant_of_several_declines_for_all() -> None:
    players = await cast()
    funder = await people.provider()
    players.others["funder"] = await people.partner_admin(funder)
    match = await consented(players, participants=[ParticipantDraft(funder.id, Part.FUNDER)])
    await forget_told()
    await actions.decline_by_partner(
        match, reason="declined_by_partner.funding", actor=players.others["funder"], now=NOW
    )
    assert (await fresh(match)).state is MatchState.DECLINED_BY_PARTNER
    assert await told(match, players) == {
        ("match_declined_by_partner", "coordinator"),
        ("match_ended_to_state", "state"),
        ("match_ended_to_providers", "partner"),
    }


@pytest.mark.parametrize(
    "verification", [Verification.EXPIRED, Verification.SUSPENDED, Verification.REJECTED]
)
async def test_only_a_verified_provider_accepts(verification: Verification) -> None:
    players = await cast()
    match = await consented(players)
    await set_down(players.provider, verification=verification)
    with pytest.raises(Conflict, match="not verified"):
        await actions.accept(match, no_conflict=True, actor=players.partner, now=NOW)


async def test_a_conflict_of_interest_is_ruled_out() -> None:
    players = await cast()
    match = await consented(players)
    with pytest.raises(InvalidInput) as refused:
        await actions.accept(match, no_conflict=False, actor=players.partner, now=NOW)
    assert set(refused.value.fields) == {"no_conflict"}


async def test_nobody_accepts_before_the_state_consents() -> None:
    players = await cast()
    match = await proposed(players)
    with pytest.raises(NotAllowed):
        await actions.accept(match, no_conflict=True, actor=players.partner, now=NOW)


async def test_nobody_else_accepts() -> None:
    players = await cast()
    match = await consented(players)
    for stranger in (await people.partner_admin(), players.focal_point, players.coordinator):
        with pytest.raises(NotAllowed):
            await actions.accept(match, no_conflict=True, actor=stranger, now=NOW)
