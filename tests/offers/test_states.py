"""Every state of an offer against every verb."""

from concord.actor import Role
from concord.offers.states import MACHINE, TERMINAL, OfferState

_S = OfferState
TABLE = {
    "submit": {(_S.DRAFT, _S.SUBMITTED), (_S.RETURNED, _S.SUBMITTED)},
    "publish": {(_S.SUBMITTED, _S.PUBLISHED)},
    "return": {(_S.SUBMITTED, _S.RETURNED)},
    "change_scope": {(_S.PUBLISHED, _S.SUBMITTED)},
    "expire": {(_S.PUBLISHED, _S.EXPIRED)},
    "reconfirm": {(_S.EXPIRED, _S.PUBLISHED)},
    "withdraw": {
        (_S.DRAFT, _S.WITHDRAWN),
        (_S.SUBMITTED, _S.WITHDRAWN),
        (_S.RETURNED, _S.WITHDRAWN),
        (_S.PUBLISHED, _S.WITHDRAWN),
        (_S.EXPIRED, _S.WITHDRAWN),
    },
}


def test_moves_are_exactly_these() -> None:
    found: dict[str, set[tuple[OfferState, OfferState]]] = {}
    for verb, source, target in MACHINE.moves():
        found.setdefault(verb, set()).add((source, target))

    assert found == TABLE


def test_every_state_but_the_last_has_an_exit_by_clock_or_unodc() -> None:
    helped = {
        source
        for rule in MACHINE.rules.values()
        if rule.clock or Role.COORDINATOR in rule.roles
        for source in rule.sources
    }

    assert helped == set(OfferState) - TERMINAL


def test_nothing_leaves_a_terminal_state() -> None:
    assert [move for move in MACHINE.moves() if move[1] in TERMINAL] == []
