"""The owner builds, looks at and drops the preselection; a backup needs nothing of it."""

import secrets
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from uuid import UUID

import asyncpg
import pytest
import pytest_asyncio
from tortoise.connection import get_connection

from concord.cli.backup import archive
from concord.cli.preselection.building import BATCH, Indexing, build
from concord.cli.preselection.encoding import reader
from concord.cli.restore import bring_back
from concord.database import APP_ROLE, WORKER_ROLE, credentials
from concord.errors import DomainError
from concord.offers.models import Offer
from concord.pairings.preselecting import tables
from concord.pairings.preselecting.editions import edition_in_force
from concord.pairings.preselecting.rows import differing, keep_offers
from concord.pairings.preselecting.standing import standing
from concord.pairings.profiles import offer_fingerprints, offer_profiles
from concord.reference.loading import load_reference
from concord.schema import migrate
from concord.settings import Settings
from tests.conftest import NOW, drop, with_database
from tests.factories import offers
from tests.servers import Servers
from tests.vectors import vector_database_url, vector_servers, vector_template, within

__all__ = ["vector_database_url", "vector_servers", "vector_template"]
HERE = "SELECT count(*) FROM pg_extension WHERE extname = 'vector'"


class Said(list[str]):
    """What the command printed."""

    def __call__(self, words: str) -> None:
        self.append(words)


async def built(*, anew: bool = False, reference: int = 100) -> Said:
    said = Said()
    with reader(1) as reading:
        await build(
            reading, anew=anew, indexing=Indexing(parallel=0), say=said, reference=reference
        )
    return said


async def rows(statement: str) -> list[dict[str, object]]:
    found: list[dict[str, object]] = await get_connection("default").execute_query_dict(statement)
    return found


@pytest_asyncio.fixture
async def login(vector_servers: Servers) -> AsyncIterator[str]:
    """A login that may do nothing but sign in; gone after the test."""
    name = f"plain_{secrets.token_hex(4)}"
    admin = await asyncpg.connect(**credentials(vector_servers.database_url))
    await admin.execute(f"CREATE ROLE {name} LOGIN")
    yield name
    await admin.execute(f"DROP ROLE {name}")
    await admin.close()


async def test_it_is_built_kept_and_dropped(vector_database_url: str) -> None:
    async with within(vector_database_url):
        assert await standing() is None
        for number in range(3):
            await offers.published(title=f"Course {number}", past=["Another course", "A third"])
        await offers.draft()
        said = await built()
        assert "The reference collection has 3 offers; 5 texts were encoded." in said
        found = await standing()
        assert found is not None
        assert (found.offers, found.reference, found.published, found.differ) == (3, 3, 3, 0)
        assert found.words(3)[-1] == (
            "3 offers are published, it is used from 3 on: the nearest are looked at."
        )
        first = await edition_in_force()
        await Offer.all().update(title="Another title", version=2)
        assert len(await differing()) == 3
        said = await built()
        assert said[-1] == "The edition in force holds; 3 offers were brought up to date."
        assert await differing() == []
        assert await edition_in_force(first) is first
        await built(anew=True)
        assert await edition_in_force(first) is not first
        await tables.remove()
        assert await standing() is None
        assert await rows("SELECT nspname FROM pg_namespace WHERE nspname LIKE 'presel%'") == []


async def test_what_was_built_with_few_offers_is_built_anew_for_many(
    vector_database_url: str,
) -> None:
    async with within(vector_database_url):
        made = [await offers.published(title=f"Course {number}") for number in range(2)]
        await built(reference=3)
        first = await edition_in_force()
        made += [await offers.published(title=f"Course {number}") for number in range(2, 6)]
        assert (await built(reference=3))[-1].startswith("The edition in force holds")
        made += [await offers.published(title=f"Course {number}") for number in range(6, 8)]
        await built(reference=3)
        assert await edition_in_force(first) is not first
        found = await standing()
        assert found is not None
        assert (found.offers, found.reference) == (len(made), 3)


async def test_what_an_earlier_edition_placed_is_never_written(vector_database_url: str) -> None:
    """A worker may still be reading offers when another edition comes into force."""
    async with within(vector_database_url):
        made = await offers.published()
        await built()
        earlier = await edition_in_force()
        assert earlier is not None
        await built(anew=True)
        await Offer.all().update(version=2)
        ids = [str(made.id)]
        marks, profiles = await offer_fingerprints(ids), await offer_profiles(ids)
        with reader(1) as reading:
            vectors = await reading.vectors_of(profiles, earlier.encoder)
        await keep_offers(profiles, marks, vectors, earlier)
        assert await differing() == ids
        now = await edition_in_force()
        assert now is not None
        await keep_offers(profiles, marks, vectors, now)
        assert await differing() == []


async def test_a_build_that_was_broken_off_is_taken_up(
    vector_database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with within(vector_database_url):
        for number in range(3):
            await offers.published(title=f"Course {number}")

        async def broken(**options: object) -> None:
            raise RuntimeError("broken off")

        with monkeypatch.context() as patched:
            patched.setattr(tables, "make_indexes", broken)
            with pytest.raises(RuntimeError, match="broken off"):
                await built()
        assert await edition_in_force() is None
        begun = await rows("SELECT id FROM preselection_draft.edition")
        await offers.published(title="Course 4")
        assert "An edition was begun earlier: it is taken up." in await built()
        assert await rows("SELECT id FROM preselection.edition") == begun
        assert await rows("SELECT count(*) AS n FROM preselection.offer") == [{"n": 4}]
    assert BATCH > 4


async def test_too_little_memory_is_told_and_what_is_done_is_kept(
    vector_database_url: str,
) -> None:
    async with within(vector_database_url):
        await offers.published()
        await tables.require_vectors()
        await tables.begin_draft(reference=100)
        await tables.keep_edition("usem3", UUID(int=0), {})
        await get_connection("default").execute_script(
            "ALTER TABLE preselection_draft.offer SET (parallel_workers = 2)"
        )
        with pytest.raises(DomainError, match="--parallel 0, or with less --memory"):
            await tables.make_indexes(memory="2000GB", parallel=2)
        with pytest.raises(DomainError, match="give a size such as 2GB"):
            await tables.make_indexes(memory="much", parallel=0)
        assert await tables.draft_in_hand("usem3") is not None


async def test_a_server_without_the_extension_is_told_apart(
    database: None, settings: Settings
) -> None:
    """Whatever server the tests were given: a stock one lacks it, the embedded one has it."""
    available = await rows("SELECT name FROM pg_available_extensions WHERE name = 'vector'")
    installed = await rows("SELECT extname FROM pg_extension WHERE extname = 'vector'")
    assert await edition_in_force() is None
    if available or installed:
        assert await tables.version_of_vectors() >= "0.8"
    else:
        with pytest.raises(DomainError, match=r"Install pgvector 0\.8 or later there"):
            await tables.version_of_vectors()


async def test_workers_alone_read_it(vector_database_url: str) -> None:
    async with within(vector_database_url):
        await offers.published()
        await built()
    connection = await asyncpg.connect(**credentials(vector_database_url))
    try:
        await connection.execute(f"SET ROLE {WORKER_ROLE}")
        assert await connection.fetchval("SELECT count(*) FROM preselection.offer") == 1
        for table in ("edition", "usual"):
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await connection.execute(f"TRUNCATE preselection.{table}")
        await connection.execute(f"SET ROLE {APP_ROLE}")
        for table in ("offer", "edition", "usual"):
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await connection.execute(f"SELECT FROM preselection.{table}")
    finally:
        await connection.close()


async def test_a_login_without_the_right_hears_whom_to_ask(
    vector_database_url: str, login: str
) -> None:
    async with within(vector_database_url, role=login):
        with pytest.raises(DomainError, match="Ask the administrator of the database to run"):
            await tables.require_vectors()
    async with within(vector_database_url):
        assert await tables.require_vectors() >= "0.8"
    async with within(vector_database_url, role=login):
        assert await tables.require_vectors() >= "0.8"


async def test_a_backup_needs_nothing_of_it(
    vector_database_url: str, vector_servers: Servers, settings: Settings, tmp_path: Path
) -> None:
    async with within(vector_database_url):
        await offers.published()
        await built()
    using = replace(
        settings, database_url=vector_database_url, owner_database_url=vector_database_url
    )
    name = f"restored_{secrets.token_hex(4)}"
    try:
        manifest = await archive(using, tmp_path / "backup", now=NOW)
        await bring_back(using, tmp_path / "backup", into=name)
        connection = await asyncpg.connect(**credentials(with_database(vector_database_url, name)))
        try:
            assert await connection.fetchval(HERE) == 0
            assert await connection.fetchval("SELECT count(*) FROM offer") == 1
            assert manifest.rows["offer"] == 1
        finally:
            await connection.close()
    finally:
        await drop(vector_servers, name)


async def test_an_owner_who_rules_over_one_database_alone_builds_it(
    vector_servers: Servers, vector_database_url: str, login: str
) -> None:
    """An administrator made the extension; the owner migrates, builds and drops."""
    name = f"owned_{secrets.token_hex(4)}"
    admin = await asyncpg.connect(**credentials(vector_servers.database_url))
    try:
        await admin.execute(f"GRANT {APP_ROLE}, {WORKER_ROLE} TO {login}")
        await admin.execute(f'CREATE DATABASE "{name}" OWNER {login}')
        url = with_database(vector_servers.database_url, name)
        inside = await asyncpg.connect(**credentials(url))
        await inside.execute("CREATE EXTENSION vector")
        await inside.close()
        own = url.replace("concord@", f"{login}@", 1)
        await migrate(own)
        async with within(own):
            await load_reference(illustrative=True)
            assert "0 offers are in it; 0 s." in await built()
            found = await standing()
            assert found is not None
            assert (found.offers, found.differ) == (0, 0)
            await tables.remove()
            assert await standing() is None
    finally:
        await drop(vector_servers, name)
        await admin.execute(f"REVOKE {APP_ROLE}, {WORKER_ROLE} FROM {login}")
        await admin.close()
