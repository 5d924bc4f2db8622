"""The machines of verification and accreditation, and who may say what."""

import pytest

from concord.actor import Role
from concord.machine import Machine
from concord.organizations.states import (
    ACCREDITATION,
    VERIFICATION,
    Accreditation,
    Verification,
)

MOVES = {
    ("screen", "registered", "screening"),
    ("screen", "expired", "screening"),
    ("screen", "rejected", "screening"),
    ("recognize", "registered", "verified"),
    ("verify", "screening", "verified"),
    ("reject", "screening", "rejected"),
    ("expire", "verified", "expired"),
    ("suspend", "verified", "suspended"),
    ("reinstate", "suspended", "verified"),
}
OFFICER, COORDINATOR, ADMIN = Role.DUE_DILIGENCE, Role.COORDINATOR, Role.ADMIN
SAID_BY = {
    ("screen", "registered"): {OFFICER, Role.PARTNER_ADMIN},
    ("screen", "expired"): {OFFICER, Role.PARTNER_ADMIN},
    ("screen", "rejected"): {OFFICER, Role.PARTNER_ADMIN},
    ("recognize", "registered"): {OFFICER, COORDINATOR},
    ("verify", "screening"): {OFFICER},
    ("renew", "verified"): {OFFICER},
    ("reject", "screening"): {OFFICER},
    ("suspend", "verified"): {OFFICER},
    ("reinstate", "suspended"): {OFFICER},
}


def test_verification_moves_as_the_table_says() -> None:
    assert set(VERIFICATION.moves()) == MOVES


def test_accreditation_moves_as_the_table_says() -> None:
    assert set(ACCREDITATION.moves()) == {
        ("accredit", "nominated", "accredited"),
        ("end", "nominated", "ended"),
        ("end", "accredited", "ended"),
        ("nominate_again", "ended", "nominated"),
    }


@pytest.mark.parametrize("verb", sorted(VERIFICATION.rules))
@pytest.mark.parametrize("state", list(Verification))
def test_each_verb_is_said_by_its_roles_alone(verb: str, state: Verification) -> None:
    able = {role for role in Role if VERIFICATION.may(verb, state, role)}

    assert able == SAID_BY.get((verb, state.value), set())


@pytest.mark.parametrize("state", list(Accreditation))
@pytest.mark.parametrize("role", list(Role))
def test_accreditation_is_the_coordinators(state: Accreditation, role: Role) -> None:
    nominated, live = state == "nominated", state in {"nominated", "accredited"}

    assert ACCREDITATION.may("accredit", state, role) == (nominated and role is COORDINATOR)
    assert ACCREDITATION.may("end", state, role) == (live and role in {COORDINATOR, ADMIN})


@pytest.mark.parametrize("machine", [VERIFICATION, ACCREDITATION])
def test_every_state_that_is_not_terminal_has_an_exit(machine: Machine[Verification]) -> None:
    exits = {source for _verb, source, _target in machine.moves()}

    assert exits == set(machine.states) - machine.terminal
