"""Every exit gives everything back; those who had been told hear neutral words, nobody else."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime

import pytest

from concord.errors import Conflict, InvalidInput
from concord.matches import actions
from concord.matches.models import Match, MatchStep
from concord.matches.states import TERMINAL, MatchState
from concord.requests.models import Disclosure
from tests.factories import people
from tests.factories.matches import (
    Cast,
    accepted,
    approved,
    cast,
    consented,
    fresh,
    later,
    proposed,
)
from tests.matches.seen import (
    counts,
    cover_rows,
    forget_told,
    line_of,
    live_disclosures,
    open_tasks,
    queued,
    told,
    trail,
)

pytestmark = pytest.mark.usefixtures("database")
Reach = Callable[[Cast], Awaitable[Match]]
Leave = Callable[[Match, Cast, datetime], Awaitable[object]]
S = MatchState
ASKED_NOT = {("match_ended_to_state", "state")}
ASKED = ASKED_NOT | {("match_ended_to_providers", "partner")}


async def by_state(match: Match, players: Cast, now: datetime) -> None:
    await actions.decline_by_state(
        match,
        reason="declined_by_state.timing",
        note="CANARY",
        actor=players.focal_point,
        now=now,
    )


async def by_partner(match: Match, players: Cast, now: datetime) -> None:
    await actions.decline_by_partner(
        match, reason="declined_by_partner.funding", actor=players.partner, now=now
    )


async def by_approver(match: Match, players: Cast, now: datetime) -> None:
    await actions.reject(
        match, reason="rejected_by_approver.risk", actor=players.approver, now=now
    )


async def by_coordinator(match: Match, players: Cast, now: datetime) -> None:
    await actions.cancel(
        match, reason="cancelled.need_changed", actor=players.coordinator, now=now
    )


async def cancelled_by_state(match: Match, players: Cast, now: datetime) -> None:
    await actions.cancel(
        match, reason="cancelled.need_changed", actor=players.focal_point, now=now
    )


async def cancelled_by_partner(match: Match, players: Cast, now: datetime) -> None:
    await actions.cancel(match, reason="cancelled.provider_unable", actor=players.partner, now=now)


async def by_clock(match: Match, players: Cast, now: datetime) -> None:
    assert await actions.lapse(match.id, now=later(days=100))


async def suspended(players: Cast) -> Match:
    match = await approved(players)
    await actions.suspend(match, actor=players.focal_point, now=later(hours=1))
    return await fresh(match)


async def ended_by_approver(match: Match, players: Cast, now: datetime) -> None:
    await actions.end_suspension(
        match, reason="cancelled.security", actor=players.approver, now=now
    )


async def consent_gone(match: Match, players: Cast, now: datetime) -> None:
    await actions.withdraw_consent(match, actor=players.focal_point, now=now)


@dataclass(frozen=True)
class Exit:
    reach: Reach
    leave: Leave
    state: MatchState
    heard: frozenset[tuple[str, str]]


def exit_(reach: Reach, leave: Leave, state: MatchState, *heard: tuple[str, str]) -> object:
    told_pair = ASKED_NOT if reach is proposed else ASKED
    return pytest.param(
        Exit(reach, leave, state, frozenset(told_pair | set(heard))),
        id=f"{leave.__name__} from {reach.__name__}",
    )


LAPSED = ("match_lapsed", "coordinator")
CANCELLED = ("match_cancelled", "coordinator")
DECLINED = ("match_declined_by_state", "coordinator")
REFUSED = ("match_declined_by_partner", "coordinator")
EXITS = [
    *(
        exit_(reach, by_state, S.DECLINED_BY_STATE, DECLINED)
        for reach in (proposed, consented, accepted)
    ),
    *(exit_(reach, by_partner, S.DECLINED_BY_PARTNER, REFUSED) for reach in (consented, accepted)),
    exit_(accepted, by_approver, S.REJECTED, ("match_rejected", "coordinator")),
    *(
        exit_(reach, by_coordinator, S.CANCELLED, CANCELLED)
        for reach in (proposed, consented, accepted)
    ),
    exit_(approved, cancelled_by_state, S.CANCELLED, CANCELLED),
    exit_(approved, cancelled_by_partner, S.CANCELLED, CANCELLED),
    exit_(approved, consent_gone, S.CANCELLED, CANCELLED),
    *(
        exit_(reach, by_clock, S.LAPSED, LAPSED)
        for reach in (proposed, consented, accepted, approved)
    ),
    exit_(suspended, ended_by_approver, S.CANCELLED, CANCELLED),
    exit_(suspended, consent_gone, S.CANCELLED, CANCELLED),
]


@pytest.mark.parametrize("way", EXITS)
async def test_an_ended_match_holds_nothing(way: Exit) -> None:
    players = await cast()
    match = await way.reach(players)
    disclosed = await live_disclosures(match)
    await forget_told()
    now = later(hours=2)
    await way.leave(match, players, now)
    match = await fresh(match)
    assert match.state is way.state
    assert (match.due_at, match.hold_until) == (None, None)
    assert await counts(match) == {"slot": (0, 0), "item": (0, 0)}
    assert await line_of(match) == ("released", False)
    assert (await cover_rows(), await open_tasks(match)) == (0, set())
    assert await queued("rank_request") == 1
    assert await live_disclosures(match) == 0
    ended = await Disclosure.filter(match_id=match.id, delete_by=later(hours=2, days=30)).count()
    assert ended == (0 if way.leave is by_clock else disclosed)


@pytest.mark.parametrize("way", EXITS)
async def test_who_had_been_told_hears_neutral_words(way: Exit) -> None:
    players = await cast()
    match = await way.reach(players)
    await forget_told()
    await way.leave(match, players, later(hours=2))
    heard = await told(match, players)
    actors: dict[Leave, str] = {
        by_state: "state",
        cancelled_by_state: "state",
        consent_gone: "state",
        by_partner: "partner",
        cancelled_by_partner: "partner",
        by_coordinator: "coordinator",
    }
    actor = actors.get(way.leave)
    assert heard == {(message, whom) for message, whom in way.heard if whom != actor}


@pytest.mark.parametrize("way", EXITS)
async def test_the_trail_says_so_and_a_second_time_is_refused(way: Exit) -> None:
    players = await cast()
    match = await way.reach(players)
    before = len(await trail(match))
    await way.leave(match, players, later(hours=2))
    assert len(await trail(match)) == before + 1
    if way.leave is not by_clock:
        with pytest.raises(Conflict):
            await way.leave(match, players, later(hours=3))
    assert (await fresh(match)).state in TERMINAL


@pytest.mark.parametrize(
    ("leave", "reason"),
    [
        (actions.decline_by_state, "declined_by_partner.timing"),
        (actions.decline_by_state, ""),
        (actions.cancel, "cancelled.<script>"),
    ],
)
async def test_reasons_are_of_the_list(leave: Callable[..., Awaitable[None]], reason: str) -> None:
    players = await cast()
    match = await proposed(players)
    actor = players.coordinator if leave is actions.cancel else players.focal_point
    with pytest.raises(InvalidInput) as refused:
        await leave(match, reason=reason, actor=actor, now=later(hours=1))
    assert set(refused.value.fields) == {"reason"}


async def test_a_proposal_cancelled_within_its_minute_is_never_told() -> None:
    players = await cast()
    match = await proposed(players)
    await by_coordinator(match, players, later(seconds=30))
    assert await told(match, players) == set()


async def test_notes_stay_with_the_step() -> None:
    players = await cast()
    match = await proposed(players)
    await by_state(match, players, later(hours=1))
    step = await MatchStep.get(match=match, verb="decline_by_state")
    assert (step.reason, step.note, step.source, step.target) == (
        "declined_by_state.timing",
        "CANARY",
        "proposed",
        "declined_by_state",
    )
    assert step.person_id == players.focal_point.person_id


async def test_what_one_match_gives_back_another_takes() -> None:
    players = await cast()
    match = await approved(players)
    await cancelled_by_state(match, players, later(days=1))
    again = await approved(await recast(players), now=later(days=2))
    assert again.state is MatchState.APPROVED


async def recast(players: Cast) -> Cast:
    players.approver = await people.approver()
    return players
