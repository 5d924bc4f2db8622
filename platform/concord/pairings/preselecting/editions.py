"""The edition of the preselection that is in force: what its vectors were made with."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from tortoise.connection import get_connection

from concord.offers.states import OfferState

FORM = 1
"""Of the tables: what another release made otherwise is as if it were not there."""
DRAFT = "preselection_draft"
IS_THERE = "SELECT to_regclass('preselection.edition') IS NOT NULL AS found"
EDITION = "SELECT id, encoder, bound FROM preselection.edition WHERE form = $1"
USUAL = "SELECT language, mean FROM preselection.usual"
AT_LEAST = """
SELECT count(*) = $2 AS found FROM (SELECT FROM offer WHERE state = $1 LIMIT $2) AS few
"""


@dataclass(frozen=True, slots=True)
class Edition:
    """`bound`: offers whose id is below it are the reference collection; `usual`: the mean vector
    of each language's texts in it; `encoder` read the texts."""

    id: UUID
    encoder: str
    bound: UUID
    usual: Mapping[str, bytes]


async def edition_in_force(known: Edition | None = None) -> Edition | None:
    """None where none was built that this release reads; one that is known stays the object."""
    connection = get_connection("default")
    if not (await connection.execute_query_dict(IS_THERE))[0]["found"]:
        return None
    rows = await connection.execute_query_dict(EDITION, [FORM])
    if not rows:
        return None
    if known is not None and rows[0]["id"] == known.id:
        return known
    usual = {row["language"]: row["mean"] for row in await connection.execute_query_dict(USUAL)}
    return Edition(rows[0]["id"], rows[0]["encoder"], rows[0]["bound"], usual)


async def offers_reach(number: int) -> bool:
    """Whether so many offers are published; never for 0."""
    if not number:
        return False
    rows = await get_connection("default").execute_query_dict(
        AT_LEAST, [OfferState.PUBLISHED.value, number]
    )
    return bool(rows[0]["found"])
