"""Every state of a match against every verb, and every verb against every role."""

import pytest

from concord.actor import Role
from concord.errors import Conflict
from concord.matches.states import MACHINE, TERMINAL, MatchState

S = MatchState
MOVES = {
    ("consent", S.PROPOSED, S.STATE_CONSENTED),
    ("decline_by_state", S.PROPOSED, S.DECLINED_BY_STATE),
    ("decline_by_state", S.STATE_CONSENTED, S.DECLINED_BY_STATE),
    ("decline_by_state", S.PARTNER_ACCEPTED, S.DECLINED_BY_STATE),
    ("accept", S.STATE_CONSENTED, S.PARTNER_ACCEPTED),
    ("decline_by_partner", S.STATE_CONSENTED, S.DECLINED_BY_PARTNER),
    ("decline_by_partner", S.PARTNER_ACCEPTED, S.DECLINED_BY_PARTNER),
    ("approve", S.PARTNER_ACCEPTED, S.APPROVED),
    ("reject", S.PARTNER_ACCEPTED, S.REJECTED),
    ("change_scope", S.STATE_CONSENTED, S.PROPOSED),
    ("change_scope", S.PARTNER_ACCEPTED, S.PROPOSED),
    ("cancel", S.PROPOSED, S.CANCELLED),
    ("cancel", S.STATE_CONSENTED, S.CANCELLED),
    ("cancel", S.PARTNER_ACCEPTED, S.CANCELLED),
    ("cancel", S.APPROVED, S.CANCELLED),
    ("lapse", S.PROPOSED, S.LAPSED),
    ("lapse", S.STATE_CONSENTED, S.LAPSED),
    ("lapse", S.PARTNER_ACCEPTED, S.LAPSED),
    ("lapse", S.APPROVED, S.LAPSED),
    ("cancel", S.AGREED, S.CANCELLED),
    ("cancel", S.IN_DELIVERY, S.CANCELLED),
    ("lapse", S.AGREED, S.LAPSED),
    ("agree", S.APPROVED, S.AGREED),
    ("start", S.AGREED, S.IN_DELIVERY),
    ("deliver", S.IN_DELIVERY, S.DELIVERED),
    ("evaluate", S.DELIVERED, S.EVALUATED),
    ("close", S.DELIVERED, S.CLOSED),
    ("close", S.EVALUATED, S.CLOSED),
    *(("suspend", source, S.SUSPENDED) for source in (S.APPROVED, S.AGREED, S.IN_DELIVERY)),
    *(("resume", S.SUSPENDED, target) for target in (S.APPROVED, S.AGREED, S.IN_DELIVERY)),
    ("end_suspension", S.SUSPENDED, S.CANCELLED),
    ("withdraw_consent", S.STATE_CONSENTED, S.PROPOSED),
    ("withdraw_consent", S.PARTNER_ACCEPTED, S.PROPOSED),
    ("withdraw_consent", S.APPROVED, S.CANCELLED),
    ("withdraw_consent", S.SUSPENDED, S.CANCELLED),
}
FOCAL = {Role.FOCAL_POINT, Role.ALTERNATE}
ROLES = {
    "consent": FOCAL,
    "decline_by_state": FOCAL,
    "withdraw_consent": FOCAL,
    "accept": {Role.PARTNER_ADMIN},
    "decline_by_partner": {Role.PARTNER_ADMIN},
    "approve": {Role.APPROVER},
    "reject": {Role.APPROVER},
    "change_scope": {*FOCAL, Role.PARTNER_ADMIN, Role.COORDINATOR},
    "stop_sharing": FOCAL,
    "cancel": {*FOCAL, Role.PARTNER_ADMIN, Role.COORDINATOR, Role.APPROVER},
    "lapse": set(),
    "draft_terms": {*FOCAL, Role.PARTNER_ADMIN, Role.COORDINATOR},
    "agree": {*FOCAL, Role.PARTNER_ADMIN},
    "start": {Role.PARTNER_ADMIN},
    "deliver": {*FOCAL, Role.APPROVER},
    "evaluate": {*FOCAL, Role.PARTNER_ADMIN},
    "close": {*FOCAL, Role.COORDINATOR},
    "suspend": {*FOCAL, Role.PARTNER_ADMIN, Role.APPROVER},
    "resume": {*FOCAL, Role.PARTNER_ADMIN, Role.APPROVER},
    "end_suspension": {Role.APPROVER},
}


def test_the_moves_are_those_of_the_domain() -> None:
    assert set(MACHINE.moves()) == MOVES


@pytest.mark.parametrize("source", S)
def test_every_other_move_is_refused(source: MatchState) -> None:
    for verb in MACHINE.rules:
        for target in S:
            if source is target or (verb, source, target) in MOVES:
                continue
            with pytest.raises(Conflict):
                MACHINE.check(verb, source, target)


@pytest.mark.parametrize("role", Role)
def test_verbs_by_role(role: Role) -> None:
    assert {verb for verb, rule in MACHINE.rules.items() if role in rule.roles} == {
        verb for verb, roles in ROLES.items() if role in roles
    }


def test_terminal_states_never_change() -> None:
    assert not [move for move in MACHINE.moves() if move[1] in TERMINAL]


def test_every_state_has_an_exit_by_a_clock_or_unodc() -> None:
    unodc = {Role.COORDINATOR, Role.APPROVER}
    for state in frozenset(S) - TERMINAL:
        exits = [
            rule
            for rule in MACHINE.rules.values()
            if state in rule.sources
            and rule.targets & TERMINAL
            and (rule.clock or rule.roles & unodc)
        ]
        assert exits, state
