"""No state is a dead end: a clock or somebody at UNODC leads out of each, by the tables alone.

A draft that was never sent belongs to its author: UNODC does not see it, it holds nothing and
waits for nobody. The coordinator's withdrawal of the table reaches every draft that came through
UNODC: imported ones, and those of a State that acts on paper.
"""

from collections.abc import Iterator
from enum import StrEnum
from typing import TypeVar

import pytest

from concord.actor import SECRETARIAT_ROLES
from concord.machine import Machine
from concord.matches.delivery_states import MACHINE as DELIVERY
from concord.matches.states import MACHINE as MATCH
from concord.offers.states import MACHINE as OFFER
from concord.organizations.states import ACCREDITATION, VERIFICATION
from concord.requests.states import MACHINE as REQUEST

S = TypeVar("S", bound=StrEnum)


def lasting() -> Iterator[tuple[str, str, list[str]]]:
    """Machine, state that is not terminal and can be reached, and the verbs that lead out."""
    yield from _lasting(REQUEST)
    yield from _lasting(OFFER)
    yield from _lasting(MATCH)
    yield from _lasting(DELIVERY)
    yield from _lasting(VERIFICATION)
    yield from _lasting(ACCREDITATION)


def _lasting(machine: Machine[S]) -> Iterator[tuple[str, str, list[str]]]:
    reached = {machine.initial, *(target for _verb, _source, target in machine.moves())}
    for state in sorted(reached - machine.terminal):
        yield machine.name, state.value, _exits(machine, state)


def _exits(machine: Machine[S], state: S) -> list[str]:
    return [
        verb
        for verb, rule in machine.rules.items()
        if state in rule.sources
        and rule.targets - {state}
        and (rule.clock or rule.roles & SECRETARIAT_ROLES)
    ]


@pytest.mark.parametrize(("machine", "state", "exits"), sorted(lasting()))
def test_a_clock_or_unodc_leads_out(machine: str, state: str, exits: list[str]) -> None:
    assert exits, f"{machine} {state}"


def test_every_lasting_state_is_reached() -> None:
    assert {(machine, state) for machine, state, _exits in lasting()} >= {
        *(("request", state.value) for state in set(REQUEST.states) - REQUEST.terminal),
        *(("offer", state.value) for state in set(OFFER.states) - OFFER.terminal),
        *(("match", state.value) for state in set(MATCH.states) - MATCH.terminal),
        *(("delivery", state.value) for state in set(DELIVERY.states) - DELIVERY.terminal),
        *(("verification", state.value) for state in VERIFICATION.states),
        ("accreditation", "nominated"),
        ("accreditation", "accredited"),
    }
