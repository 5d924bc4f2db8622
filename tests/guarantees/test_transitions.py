"""The database knows the same moves as the code, and holds what has ended."""

import pytest
from tortoise.connection import get_connection
from tortoise.exceptions import OperationalError

from tests.factories.history import unguarded
from tests.guarantees.machines import MACHINES, Ruled
from tests.guarantees.refusals import refusal

pytestmark = pytest.mark.usefixtures("database")
ENDED = [
    (name, state) for name, ruled in MACHINES.items() for state in sorted(ruled.machine.terminal)
]


async def placed(ruled: Ruled, pk: object, state: str) -> None:
    async with unguarded():
        await get_connection("default").execute_query(ruled.setting, [pk, state])


async def move(ruled: Ruled, pk: object, state: str) -> str | None:
    return await refusal(ruled.setting, pk, state)


async def test_the_database_and_the_code_know_the_same_moves() -> None:
    """A rule that changes needs a migration that changes `legal_move`: these are its rows."""
    rows = await get_connection("default").execute_query_dict("SELECT * FROM legal_move")
    stored = {(row["machine"], row["source"], row["target"]) for row in rows}
    coded = {
        (name, source.value, target.value)
        for name, ruled in MACHINES.items()
        for _verb, source, target in ruled.machine.moves()
    }

    assert {"to insert": sorted(coded - stored), "to delete": sorted(stored - coded)} == {
        "to insert": [],
        "to delete": [],
    }


@pytest.mark.parametrize("name", MACHINES)
async def test_every_other_move_is_refused(name: str) -> None:
    ruled = MACHINES[name]
    pk = (await ruled.make()).pk
    legal = {(source, target) for _verb, source, target in ruled.machine.moves()}
    guarded = {f"{name}_moves_legally", f"{name}_end_is_final"}
    for source in ruled.machine.states:
        await placed(ruled, pk, source.value)
        refused = {
            target: await move(ruled, pk, target.value) in guarded
            for target in ruled.machine.states
        }

        assert refused == {
            target: source is not target and (source, target) not in legal
            for target in ruled.machine.states
        }, source


@pytest.mark.parametrize("name", [name for name in MACHINES if name != "verification"])
async def test_nothing_begins_half_way(name: str) -> None:
    """An organization may: States and intergovernmental ones are recognized as they are loaded."""
    ruled = MACHINES[name]
    pk = (await ruled.make()).pk
    for state in ruled.machine.states:
        refused = await refusal(
            f"INSERT INTO {ruled.table} SELECT (jsonb_populate_record(t, jsonb_build_object("
            " 'id', gen_random_uuid(), $2::text, $3::text))).*"
            f" FROM {ruled.table} t WHERE id = $1",
            pk,
            ruled.column,
            state.value,
        )

        begins = state is ruled.machine.initial
        assert (refused == f"{name}_starts_legally") is not begins, (state, refused)


@pytest.mark.parametrize(("name", "state"), ENDED)
async def test_what_has_ended_is_kept_as_it_is(name: str, state: str) -> None:
    """Bookkeeping alone is still written; any other column, later ones too, is a fact."""
    ruled = MACHINES[name]
    pk = (await ruled.make()).pk
    await placed(ruled, pk, state)
    columns = await get_connection("default").execute_query_dict(
        "SELECT column_name, is_nullable FROM information_schema.columns WHERE table_name = $1",
        [ruled.table],
    )

    refused = {
        row["column_name"]
        for row in columns
        if await _written(ruled, pk, row["column_name"]) == f"{name}_end_is_final"
    }

    assert refused == {row["column_name"] for row in columns} - set(ruled.kept)
    assert await _deleted(ruled, pk) == f"{name}_end_is_final"


OTHER = """
UPDATE {table} SET "{column}" = (jsonb_populate_record(NULL::{table}, jsonb_build_object(
    $2::text, CASE pg_typeof("{column}")::text
        WHEN 'uuid' THEN '"00000000-0000-4000-8000-000000000000"'
        WHEN 'boolean' THEN CASE WHEN to_jsonb("{column}") = 'true' THEN 'false' ELSE 'true' END
        WHEN 'date' THEN '"1999-01-01"'
        WHEN 'timestamp with time zone' THEN '"1999-01-01T00:00Z"'
        WHEN 'integer' THEN '77' WHEN 'smallint' THEN '77' WHEN 'bigint' THEN '77'
        WHEN 'text[]' THEN '["other"]'
        ELSE '"oth"' END::jsonb))).{column}
WHERE id = $1"""


async def _written(ruled: Ruled, pk: object, column: str) -> str | None:
    """What another value in one column, of its own type, is refused by."""
    return await refusal(OTHER.format(table=ruled.table, column=column), pk, column)


async def _deleted(ruled: Ruled, pk: object) -> str | None:
    return await refusal(f"DELETE FROM {ruled.table} WHERE id = $1", pk)


async def test_a_role_is_not_changed_within_a_membership() -> None:
    """A drafter who could become a focal point would bind the State without accreditation."""
    drafter = await MACHINES["accreditation"].make()

    assert (
        await refusal("UPDATE membership SET role = 'drafter' WHERE id = $1", drafter.pk)
        == "membership_keeps_its_role"
    )


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO legal_move VALUES ('match', 'proposed', 'approved')",
        "UPDATE legal_move SET target = 'approved' WHERE target = 'cancelled'",
        "DELETE FROM legal_move",
    ],
)
async def test_the_application_does_not_change_the_rules(statement: str) -> None:
    with pytest.raises(OperationalError, match="permission denied"):
        await refusal(statement)
