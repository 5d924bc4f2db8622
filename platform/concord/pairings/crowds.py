"""What open requests have in common: one snapshot for all workers, made with a full run."""

from collections.abc import Sequence
from hashlib import sha256

from tortoise.connection import get_connection

from matching.types import KnownTexts

EDITION = "SELECT edition FROM crowd WHERE model_version = $1 LIMIT 1"
CLEAR = "DELETE FROM crowd WHERE model_version = $1"
KEEP = """
INSERT INTO crowd (model_version, language, edition, digests, vectors)
SELECT $1, language, $2, digests, vectors
FROM unnest($3::text[], $4::bytea[], $5::bytea[]) AS t (language, digests, vectors)
"""
STORED = """
SELECT edition, language, digests, vectors FROM crowd WHERE model_version = $1 ORDER BY language
"""


async def replace_crowd(found: Sequence[KnownTexts], *, encoder: str) -> None:
    """This one alone from now on; the same again changes nothing. In the caller's transaction."""
    connection = get_connection("default")
    rows = await connection.execute_query_dict(EDITION, [encoder])
    edition = edition_of(found)
    if edition == (rows[0]["edition"] if rows else ""):
        return
    await connection.execute_query(CLEAR, [encoder])
    columns = (
        [each.language for each in found],
        [each.digests for each in found],
        [each.vectors for each in found],
    )
    await connection.execute_query(KEEP, [encoder, edition, *columns])


async def stored_crowd(encoder: str) -> tuple[str, list[KnownTexts]]:
    """The edition in force, empty where nothing is taken away, and what it consists of."""
    rows = await get_connection("default").execute_query_dict(STORED, [encoder])
    found = [KnownTexts(row["language"], row["digests"], row["vectors"]) for row in rows]
    return rows[0]["edition"] if rows else "", found


def edition_of(found: Sequence[KnownTexts]) -> str:
    """A name that differs whenever a member does."""
    made = sha256()
    for each in found:
        made.update(each.language.encode() + b"\0" + each.digests)
    return made.hexdigest()[:32] if found else ""
