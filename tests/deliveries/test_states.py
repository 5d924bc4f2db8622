"""Every state of a delivery against every verb, and every verb against every role."""

import pytest

from concord.actor import Role
from concord.errors import Conflict
from concord.matches.delivery_states import MACHINE, TERMINAL, DeliveryState

S = DeliveryState
MOVES = {
    ("begin", S.PLANNED, S.RUNNING),
    ("report", S.RUNNING, S.REPORTED),
    ("report", S.DISPUTED, S.REPORTED),
    ("confirm", S.REPORTED, S.CONFIRMED),
    ("dispute", S.REPORTED, S.DISPUTED),
    ("decide", S.DISPUTED, S.CONFIRMED),
    ("decide", S.DISPUTED, S.CANCELLED),
    *(
        ("settle", source, target)
        for source in (S.REPORTED, S.DISPUTED)
        for target in (S.CONFIRMED, S.CANCELLED)
    ),
    *(("cancel", source, S.CANCELLED) for source in set(S) - TERMINAL),
}
STAYING = {
    ("change", S.PLANNED),
    ("change", S.RUNNING),
    ("acknowledge", S.CONFIRMED),
}
FOCAL = {Role.FOCAL_POINT, Role.ALTERNATE}
PROVIDER = {Role.PARTNER_ADMIN, Role.PARTNER_MEMBER}
ROLES = {
    "change": PROVIDER,
    "begin": PROVIDER,
    "report": PROVIDER,
    "confirm": FOCAL,
    "dispute": FOCAL,
    "decide": {Role.APPROVER},
    "settle": {*FOCAL, Role.APPROVER},
    "cancel": {Role.PARTNER_ADMIN, Role.APPROVER},
    "acknowledge": FOCAL,
}


def test_the_moves_are_those_of_the_domain() -> None:
    assert set(MACHINE.moves()) == MOVES


@pytest.mark.parametrize("source", S)
def test_every_other_move_is_refused(source: DeliveryState) -> None:
    for verb in MACHINE.rules:
        for target in S:
            stays = source is target and (verb, source) in STAYING
            if stays or (verb, source, target) in MOVES:
                MACHINE.check(verb, source, target)
                continue
            with pytest.raises(Conflict):
                MACHINE.check(verb, source, target)


@pytest.mark.parametrize("role", Role)
def test_verbs_by_role(role: Role) -> None:
    assert {verb for verb, rule in MACHINE.rules.items() if role in rule.roles} == {
        verb for verb, roles in ROLES.items() if role in roles
    }
