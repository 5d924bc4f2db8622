"""Moves the sealed requests of somebody who leaves UNODC to a colleague in the same role."""

from datetime import datetime

from concord.accounts.hand_over import NOBODY_LEFT, Departure
from concord.errors import Conflict
from concord.requests.models import RequestAssignment
from concord.requests.states import MACHINE, RequestState


async def move_assignments(departure: Departure, now: datetime) -> int:
    """How many assignments moved; `Conflict` when an open request would be left with nobody."""
    rows = (
        await RequestAssignment.filter(
            person_id=departure.person_id,
            role__in=[role.value for role in departure.roles],
            request__state__in=[s for s in RequestState if s not in MACHINE.terminal],
        )
        .select_for_update(of=("request_assignment",))
        .order_by("id")
    )
    if not rows:
        return 0
    heir_id = departure.heir_id
    if heir_id is None or any(row.role not in departure.heir_roles for row in rows):
        raise Conflict(NOBODY_LEFT)
    held = await RequestAssignment.filter(person_id=heir_id).values_list("request_id", "role")
    for row in rows:
        if (row.request_id, row.role) in held:
            await row.delete()
        else:
            row.person_id = heir_id
            await row.save(update_fields=["person_id"])
    return len(rows)
