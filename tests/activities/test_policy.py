"""Who imports and who lists external activities."""

import pytest
from tortoise.exceptions import IntegrityError

from concord.activities.actions import import_activities
from concord.activities.models import ExternalActivity
from concord.activities.policy import (
    may_import,
    may_list,
    may_name_states,
    may_see_provenance,
)
from concord.activities.queries import visible_to
from concord.actor import PROVIDER_ROLES, SECRETARIAT_ROLES, STATE_ROLES, Actor, Role
from concord.errors import NotAllowed
from tests.conftest import NOW


@pytest.mark.parametrize("role", [None, *Role])
def test_table(role: Role | None) -> None:
    actor = Actor(role=role, state="QMM" if role in STATE_ROLES else None)
    unodc = {Role.COORDINATOR, Role.ADMIN}

    assert may_import(actor) == may_name_states(actor) == (role in unodc)
    assert may_list(actor) == (role in SECRETARIAT_ROLES | PROVIDER_ROLES | STATE_ROLES)
    assert may_see_provenance(actor) == (role in SECRETARIAT_ROLES)


@pytest.mark.parametrize("role", [None, Role.FOCAL_POINT, Role.PARTNER_ADMIN, Role.AUDITOR])
async def test_nobody_else_imports(database: None, role: Role | None) -> None:
    with pytest.raises(NotAllowed):
        await import_activities([], actor=Actor(role=role), now=NOW)


async def test_a_state_sees_those_that_name_it(database: None) -> None:
    await ExternalActivity.create(
        identifier="X", source="A", title="B", state_id="QMM", states=["QMM", "QNN"]
    )

    async def count(role: Role, state: str | None = None) -> int:
        return await visible_to(Actor(role=role, state=state)).count()

    assert await count(Role.COORDINATOR) == await count(Role.PARTNER_MEMBER) == 1
    assert await count(Role.FOCAL_POINT, "QNN") == await count(Role.OBSERVER, "QMM") == 1
    assert await count(Role.FOCAL_POINT, "QOO") == await count(Role.FOCAL_POINT) == 0
    assert await count(Role.DONOR) == 0


async def test_the_database_refuses_a_state_that_is_not_of_the_list(database: None) -> None:
    with pytest.raises(IntegrityError, match="of the list"):
        await ExternalActivity.create(
            identifier="X", source="A", title="B", state_id="QMM", states=["QMM", "XXX"]
        )
    with pytest.raises(IntegrityError, match="state_is_the_first_of_states"):
        await ExternalActivity.create(identifier="X", source="A", title="B", state_id="QMM")
