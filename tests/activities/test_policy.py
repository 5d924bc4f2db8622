"""Who imports and who lists external activities."""

import pytest

from concord.activities.actions import import_activities
from concord.activities.models import ExternalActivity
from concord.activities.policy import may_import, may_list
from concord.activities.queries import visible_to
from concord.actor import SECRETARIAT_ROLES, Actor, Role
from concord.errors import NotAllowed
from tests.conftest import NOW


@pytest.mark.parametrize("role", [None, *Role])
def test_table(role: Role | None) -> None:
    actor = Actor(role=role)

    assert may_import(actor) == (role in {Role.COORDINATOR, Role.ADMIN})
    assert may_list(actor) == (role in SECRETARIAT_ROLES)


@pytest.mark.parametrize("role", [None, Role.FOCAL_POINT, Role.PARTNER_ADMIN, Role.AUDITOR])
async def test_nobody_else_imports(database: None, role: Role | None) -> None:
    with pytest.raises(NotAllowed):
        await import_activities([], actor=Actor(role=role), now=NOW)


async def test_others_see_none(database: None) -> None:
    await ExternalActivity.create(identifier="X", source="A", title="B", state_id="QMM")

    assert await visible_to(Actor(role=Role.COORDINATOR)).count() == 1
    assert await visible_to(Actor(role=Role.FOCAL_POINT)).count() == 0
