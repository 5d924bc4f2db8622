"""Every state machine of the platform, with the rows whose states it rules."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from tortoise.models import Model

from concord.actor import Role
from concord.machine import Machine
from concord.matches.delivery_states import MACHINE as DELIVERY
from concord.matches.models import Delivery
from concord.matches.states import MACHINE as MATCH
from concord.offers.states import MACHINE as OFFER
from concord.organizations.states import ACCREDITATION, VERIFICATION
from concord.reference.identifiers import new_public_id
from concord.requests.states import MACHINE as REQUEST
from tests.conftest import NOW
from tests.factories import matches, offers, people, requests


@dataclass(frozen=True, slots=True)
class Ruled:
    """A machine, the table and column that hold its state, and how one row is made.

    `kept` columns are still written after the end; `also` is what a state brings with it.
    """

    machine: Machine[Any]
    table: str
    column: str
    make: Callable[[], Awaitable[Model]]
    kept: tuple[str, ...] = ()
    also: str = ""

    @property
    def setting(self) -> str:
        """The statement that gives row $1 the state $2."""
        return f"UPDATE {self.table} SET {self.column} = $2::text{self.also} WHERE id = $1"


async def _match() -> Model:
    return await matches.proposed(await matches.cast())


async def _delivery() -> Model:
    return await Delivery.create(
        public_id=new_public_id("DLV"),
        match_id=(await _match()).pk,
        title="A course",
        starts_on=date(2027, 3, 1),
        ends_on=date(2027, 3, 5),
        state_since=NOW,
    )


async def _focal_point() -> Model:
    return await people.member(Role.FOCAL_POINT, await people.organization())


CONFIRMED = ", confirmed_by = CASE WHEN $2::text = 'confirmed' THEN 'state' END"
MACHINES = {
    "request": Ruled(REQUEST, "request", "state", requests.draft, ("version", "updated_at")),
    "offer": Ruled(OFFER, "offer", "state", offers.draft, ("version", "updated_at")),
    "match": Ruled(MATCH, "match", "state", _match, ("version",)),
    "delivery": Ruled(
        DELIVERY, "delivery", "state", _delivery, ("version", "confirmed_by"), CONFIRMED
    ),
    "verification": Ruled(VERIFICATION, "organization", "verification", people.provider),
    "accreditation": Ruled(ACCREDITATION, "membership", "accreditation", _focal_point),
}
