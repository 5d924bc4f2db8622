"""One match on its way, and statements that differ from a lawful one in a single thing."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from uuid import uuid4

from tortoise.connection import get_connection

from concord.accounts.models import Membership
from concord.actor import Role
from concord.matches.models import Delivery, DeliveryLine, Match, MatchLine
from concord.reference.identifiers import new_public_id
from tests.conftest import NOW
from tests.factories import matches

NEEDED = """
SELECT table_name AS "table", column_name AS name, data_type AS kind
FROM information_schema.columns
WHERE table_schema = 'public' AND is_nullable = 'NO' AND column_default IS NULL
"""
FILLING: Mapping[str, object] = {
    "ARRAY": [],
    "boolean": False,
    "bytea": "\\x00",
    "date": "2027-03-01",
    "double precision": 0,
    "integer": 1,
    "bigint": 1,
    "jsonb": {},
    "smallint": 1,
    "timestamp with time zone": "2027-01-11T09:00Z",
    "uuid": None,
}
"""A value of each type, for columns that have to have one; a text is empty, a uuid is new."""
Columns = Mapping[str, Mapping[str, str]]


@dataclass(frozen=True, slots=True)
class Story:
    """Ids of an accepted match of QMM with one planned delivery, and of what is around it."""

    request: str
    item: str
    offer: str
    slot: str
    provider: str
    match: str
    line: str
    delivery: str
    seat: str
    office: str
    person: str
    needed: Columns

    def new(self, table: str, **given: object) -> str:
        """Insert a row: what is given, and some value in every other column that needs one."""
        kinds = self.needed[table]
        row = {name: _some(kind) for name, kind in kinds.items()} | given
        names = ", ".join(f'"{name}"' for name in row)
        literal = json.dumps(row).replace("'", "''")
        return (
            f"INSERT INTO {table} ({names}) SELECT {names}"
            f" FROM jsonb_populate_record(NULL::{table}, '{literal}');"
        )


def was(statement: str) -> str:
    """What an older story left behind: nothing looks at how it came about."""
    return (
        f"SET LOCAL session_replication_role = replica; {statement};"
        " SET LOCAL session_replication_role = origin;"
    )


async def told() -> Story:
    """The story, written by its people."""
    players = await matches.cast()
    match = await matches.accepted(players)
    line = await MatchLine.get(match_id=match.id)
    delivery = await _planned(match, line)
    seat = await Membership.get(role=Role.FOCAL_POINT)
    rows = await get_connection("default").execute_query_dict(NEEDED)
    needed: dict[str, dict[str, str]] = {}
    for row in rows:
        needed.setdefault(row["table"], {})[row["name"]] = row["kind"]
    return Story(
        request=str(match.request_id),
        item=str(line.item_id),
        offer=str(match.offer_id),
        slot=str(line.slot_id),
        provider=str(players.provider.id),
        match=str(match.id),
        line=str(line.id),
        delivery=str(delivery.id),
        seat=str(seat.id),
        office=str(seat.organization_id),
        person=str(seat.person_id),
        needed=needed,
    )


async def _planned(match: Match, line: MatchLine) -> Delivery:
    made = await Delivery.create(
        public_id=new_public_id("DLV"),
        match=match,
        title="A course",
        starts_on=date(2027, 3, 1),
        ends_on=date(2027, 3, 5),
        state_since=NOW,
    )
    await DeliveryLine.create(delivery=made, line=line, quantity=1)
    return made


def _some(kind: str) -> object:
    return str(uuid4()) if kind == "uuid" else FILLING.get(kind, "")
