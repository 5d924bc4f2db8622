"""The machine of requests, state by state, verb by verb and role by role."""

import pytest

from concord.actor import Role
from concord.errors import Conflict
from concord.matches.states import TERMINAL as TERMINAL_MATCHES
from concord.requests.states import ENDED_MATCHES, MACHINE, RequestState

S = RequestState
FOCAL = {Role.FOCAL_POINT, Role.ALTERNATE}
OPEN = {S.OPEN, S.PARTIALLY_MET, S.MET}
MERGEABLE = OPEN | {S.SUBMITTED, S.NO_OBJECTION, S.SUSPENDED}
EXPECTED: dict[str, tuple[set[S], set[S], set[Role], bool]] = {
    "submit": ({S.DRAFT, S.RETURNED}, {S.SUBMITTED}, FOCAL, False),
    "confirm": ({S.SUBMITTED}, {S.SUBMITTED}, FOCAL, False),
    "decline": ({S.SUBMITTED}, {S.RETURNED}, FOCAL, False),
    "review": ({S.SUBMITTED}, {S.NO_OBJECTION, S.OPEN}, {Role.COORDINATOR}, False),
    "return": ({S.SUBMITTED}, {S.RETURNED}, {Role.COORDINATOR}, False),
    "ask_referral": ({S.SUBMITTED}, {S.SUBMITTED}, {Role.COORDINATOR}, False),
    "refuse_referral": ({S.SUBMITTED}, {S.SUBMITTED}, {Role.APPROVER}, False),
    "refer": ({S.SUBMITTED}, {S.REFERRED}, {Role.APPROVER}, False),
    "agree": ({S.NO_OBJECTION}, {S.NO_OBJECTION}, FOCAL, False),
    "object": ({S.NO_OBJECTION}, {S.OPEN}, FOCAL, False),
    "open": ({S.NO_OBJECTION}, {S.OPEN}, FOCAL, True),
    "import": ({S.DRAFT}, {S.OPEN}, {Role.COORDINATOR}, False),
    "change_scope": (OPEN, OPEN, FOCAL, False),
    "derive": (OPEN, OPEN, FOCAL, True),
    "close": (OPEN, {S.CLOSED}, FOCAL, True),
    "follow_up": ({S.CLOSED}, {S.FOLLOWED_UP}, FOCAL, True),
    "suspend": (OPEN | {S.NO_OBJECTION}, {S.SUSPENDED}, FOCAL, False),
    "resume": ({S.SUSPENDED}, OPEN | {S.NO_OBJECTION}, FOCAL, False),
    "withdraw": (
        set(S) - {S.FOLLOWED_UP, S.REFERRED, S.WITHDRAWN, S.MERGED, S.CLOSED},
        {S.WITHDRAWN},
        FOCAL | {Role.COORDINATOR},
        False,
    ),
    "ask_merge": (MERGEABLE, MERGEABLE, {Role.COORDINATOR}, False),
    "confirm_merge": (MERGEABLE, MERGEABLE, FOCAL, False),
    "decline_merge": (MERGEABLE, MERGEABLE, FOCAL, False),
    "drop_merge": (MERGEABLE, MERGEABLE, {Role.COORDINATOR}, False),
    "merge": (MERGEABLE, {S.MERGED}, FOCAL, False),
}
STAYING = {"change_scope", "ask_merge", "confirm_merge", "decline_merge", "drop_merge"}


def test_machine_has_the_verbs_of_the_table() -> None:
    assert set(MACHINE.rules) == set(EXPECTED)


@pytest.mark.parametrize("verb", EXPECTED)
@pytest.mark.parametrize("source", S)
def test_verb_leads_where_the_table_says(verb: str, source: S) -> None:
    sources, targets, _, _ = EXPECTED[verb]
    for target in S:
        moves = source in sources and target in targets
        if moves and (verb not in STAYING or source is target):
            MACHINE.check(verb, source, target)
        else:
            with pytest.raises(Conflict):
                MACHINE.check(verb, source, target)


@pytest.mark.parametrize("verb", EXPECTED)
def test_verb_belongs_to_the_roles_of_the_table(verb: str) -> None:
    sources, _, roles, clock = EXPECTED[verb]
    may = {(s, r) for s in S for r in (*Role, None) if MACHINE.may(verb, s, r)}

    assert may == {(source, role) for source in sources for role in roles}
    assert MACHINE.rules[verb].clock is clock


@pytest.mark.parametrize("state", sorted(MACHINE.terminal))
def test_terminal_states_never_change(state: S) -> None:
    assert [verb for verb, rule in MACHINE.rules.items() if state in rule.sources] == []


@pytest.mark.parametrize("state", sorted(set(S) - MACHINE.terminal))
def test_every_other_state_has_an_exit_by_clock_or_secretariat(state: S) -> None:
    exits = [
        verb
        for verb, rule in MACHINE.rules.items()
        if state in rule.sources
        and rule.targets - {state}
        and (rule.clock or rule.roles & {Role.COORDINATOR, Role.APPROVER})
    ]

    assert exits


def test_ended_matches_are_the_terminal_states_of_matches() -> None:
    assert {state.value for state in TERMINAL_MATCHES} == ENDED_MATCHES
