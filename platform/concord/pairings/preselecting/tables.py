"""The tables of the preselection: made aside by the owner, and put in force at once.

They are no part of the schema that migrations make: their vectors need the extension `vector`,
and everything in them can be made again.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

import asyncpg
from tortoise.connection import get_connection
from tortoise.exceptions import OperationalError

from concord.database import transaction
from concord.errors import DomainError
from concord.pairings.preselecting.editions import DRAFT, FORM

LEAST = (0, 8)
EXTENSION = """
SELECT (SELECT extversion FROM pg_extension WHERE extname = 'vector') AS installed,
  (SELECT default_version FROM pg_available_extensions WHERE name = 'vector') AS available
"""
MAKE = f"""
DROP SCHEMA IF EXISTS {DRAFT} CASCADE;
CREATE SCHEMA {DRAFT};
CREATE TABLE {DRAFT}.edition (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    form integer NOT NULL,
    encoder text NOT NULL,
    bound uuid NOT NULL,
    made_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE UNIQUE INDEX one_edition ON {DRAFT}.edition ((true));
CREATE TABLE {DRAFT}.usual (language text PRIMARY KEY, mean bytea NOT NULL);
CREATE TABLE {DRAFT}.offer (
    id uuid PRIMARY KEY,
    fingerprint text NOT NULL,
    topics text[] NOT NULL,
    modalities text[] NOT NULL,
    delivery_languages text[] NOT NULL,
    regions text[] NOT NULL,
    starts_on date,
    ends_on date,
    organization_state text,
    directed_state text,
    embedding halfvec(512) NOT NULL
) WITH (fillfactor = 85);
ALTER TABLE {DRAFT}.edition ENABLE ROW LEVEL SECURITY;
ALTER TABLE {DRAFT}.usual ENABLE ROW LEVEL SECURITY;
ALTER TABLE {DRAFT}.offer ENABLE ROW LEVEL SECURITY;
CREATE POLICY work ON {DRAFT}.edition FOR SELECT TO concord_worker USING (true);
CREATE POLICY work ON {DRAFT}.usual FOR SELECT TO concord_worker USING (true);
CREATE POLICY work ON {DRAFT}.offer FOR ALL TO concord_worker USING (true);
GRANT USAGE ON SCHEMA {DRAFT} TO concord_worker;
GRANT SELECT ON {DRAFT}.edition, {DRAFT}.usual TO concord_worker;
GRANT SELECT, INSERT, UPDATE, DELETE ON {DRAFT}.offer TO concord_worker;
"""
HAS_DRAFT = "SELECT to_regclass('preselection_draft.edition') IS NOT NULL AS found"
IN_HAND = "SELECT id, bound FROM preselection_draft.edition WHERE encoder = $1 AND form = $2"
BEGIN = "INSERT INTO preselection_draft.edition (encoder, form, bound) VALUES ($1, $2, $3)"
# Ids are random: those below a bound are a fair sample. Without so many offers all of them are.
BOUND = """
SELECT coalesce((SELECT o.id FROM offer o JOIN organization p ON p.id = o.organization_id
  WHERE o.state = 'published' AND p.verification = 'verified' ORDER BY o.id OFFSET $1 LIMIT 1),
  'ffffffff-ffff-ffff-ffff-ffffffffffff'::uuid) AS bound
"""
USUAL = """
INSERT INTO preselection_draft.usual SELECT * FROM unnest($1::text[], $2::bytea[])
"""
GATES = """
CREATE INDEX IF NOT EXISTS offer_gates ON preselection_draft.offer
USING gin (topics, modalities, delivery_languages)
"""
NEAREST_INDEX = "offer_nearest"
NEAREST = f"""
CREATE INDEX IF NOT EXISTS {NEAREST_INDEX} ON preselection_draft.offer
USING hnsw (embedding halfvec_ip_ops) WITH (m = 16, ef_construction = 64)
"""
MEMORY = "SELECT set_config('maintenance_work_mem', $1, true)"
PARALLEL = "SELECT set_config('max_parallel_maintenance_workers', $1, true)"
REPLACE = """
DROP SCHEMA IF EXISTS preselection CASCADE;
ALTER SCHEMA preselection_draft RENAME TO preselection;
"""
REMOVE = """
DROP SCHEMA IF EXISTS preselection CASCADE;
DROP SCHEMA IF EXISTS preselection_draft CASCADE;
"""
NOT_THERE = (
    "The database's server has no extension vector. Install pgvector 0.8 or later there; without"
    " it the matcher looks at every offer, as before."
)
NOT_ALLOWED = (
    "This login may not create the extension. Ask the administrator of the database to run"
    " CREATE EXTENSION vector; in it, then run this again."
)
TOO_LITTLE = (
    "The database's server cannot share %(memory)s of memory between processes. Run this again"
    " with --parallel 0, or with less --memory: what is done is kept."
)
NO_SIZE = "The database takes no %(memory)s of memory; give a size such as 2GB."
TOO_OLD = (
    "The extension vector is of version %(found)s; 0.8 or later is needed. Ask the administrator"
    " of the database to install it and to run ALTER EXTENSION vector UPDATE; there."
)


@dataclass(frozen=True, slots=True)
class Draft:
    """An edition that is being made."""

    id: UUID
    bound: UUID


async def require_vectors() -> str:
    """The version of the extension, created where it is missing; `DomainError` says what to do."""
    version = await version_of_vectors()
    try:
        await get_connection("default").execute_script("CREATE EXTENSION IF NOT EXISTS vector")
    except OperationalError as error:
        if isinstance(error.__cause__, asyncpg.InsufficientPrivilegeError):
            raise DomainError(NOT_ALLOWED) from error
        raise
    return version


async def version_of_vectors() -> str:
    """The one that is installed, or that can be; `DomainError` where none will do."""
    row = (await get_connection("default").execute_query_dict(EXTENSION))[0]
    version: str | None = row["installed"] or row["available"]
    if version is None:
        raise DomainError(NOT_THERE)
    if tuple(int(part) for part in version.split(".")[:2]) < LEAST:
        raise DomainError(TOO_OLD, found=version)
    return version


async def draft_in_hand(encoder: str) -> Draft | None:
    """One that was begun with this encoder and not finished."""
    connection = get_connection("default")
    if not (await connection.execute_query_dict(HAS_DRAFT))[0]["found"]:
        return None
    rows = await connection.execute_query_dict(IN_HAND, [encoder, FORM])
    return Draft(rows[0]["id"], rows[0]["bound"]) if rows else None


async def begin_draft(*, reference: int) -> UUID:
    """New, empty tables; the bound below which so many offers are."""
    connection = get_connection("default")
    async with transaction():
        await get_connection("default").execute_script(MAKE)
    rows = await connection.execute_query_dict(BOUND, [reference])
    bound: UUID = rows[0]["bound"]
    return bound


async def keep_edition(encoder: str, bound: UUID, usual: Mapping[str, bytes]) -> None:
    """What vectors are measured from: now rows can be filled in."""
    async with transaction() as connection:
        await connection.execute_query(USUAL, [list(usual), list(usual.values())])
        await connection.execute_query(BEGIN, [encoder, FORM, bound])


async def make_indexes(*, memory: str, parallel: int) -> None:
    """The one by closeness is made in memory, where that is enough: on the disk it takes long.

    Processes that make it together share that memory; `DomainError` where it cannot be shared.
    """
    try:
        async with transaction() as connection:
            await connection.execute_query(MEMORY, [memory])
            await connection.execute_query(PARALLEL, [str(parallel)])
            for statement in (GATES, NEAREST, "ANALYZE preselection_draft.offer"):
                await connection.execute_script(statement)
    except asyncpg.InsufficientResourcesError as error:
        raise DomainError(TOO_LITTLE, memory=memory) from error
    except OperationalError as error:
        if isinstance(error.__cause__, asyncpg.InvalidParameterValueError):
            raise DomainError(NO_SIZE, memory=memory) from error
        raise


async def count(*, draft: bool) -> int:
    statement = "SELECT count(*) AS n FROM preselection.offer"
    if draft:
        statement = statement.replace("preselection.", f"{DRAFT}.")
    return int((await get_connection("default").execute_query_dict(statement))[0]["n"])


async def put_in_force() -> None:
    """The draft takes the place of the edition in force, at once."""
    async with transaction() as connection:
        await connection.execute_script(REPLACE)


async def remove() -> None:
    """Workers look at every offer again; the extension stays, for others may use it."""
    async with transaction() as connection:
        await connection.execute_script(REMOVE)
