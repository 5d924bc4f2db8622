"""A backup comes back whole, with its walls, or not at all."""

import os
import secrets
import stat
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import asyncpg
import pytest
import pytest_asyncio

from concord.cli.backup import archive
from concord.cli.backup.manifest import DUMP, HEAD, MANIFEST, Manifest, read
from concord.cli.restore import bring_back, compare
from concord.database import credentials
from concord.errors import Conflict, DomainError
from concord.services import ServicesError
from concord.services.archives import program
from concord.settings import Settings
from tests.conftest import NOW, drop, with_database
from tests.factories import matches
from tests.guarantees.catalogue import ENFORCED
from tests.servers import Servers

POLICIES = "SELECT format('%s on %s', policyname, tablename) AS name FROM pg_policies"


@pytest_asyncio.fixture
async def another(servers: Servers) -> AsyncIterator[str]:
    """The name of a database that does not exist yet."""
    name = f"restored_{secrets.token_hex(4)}"
    yield name
    await drop(servers, name)


@pytest_asyncio.fixture
async def backup(database: None, settings: Settings, tmp_path: Path) -> Path:
    """Of a match on its way to approval."""
    await matches.accepted(await matches.cast())
    target = tmp_path / "kept" / "backup"
    await archive(settings, target, now=NOW)
    return target


async def names(url: str, statement: str) -> set[str]:
    connection = await asyncpg.connect(**credentials(url))
    try:
        return {row["name"] for row in await connection.fetch(statement)}
    finally:
        await connection.close()


async def ask(url: str, *statements: str) -> object:
    connection = await asyncpg.connect(**credentials(url))
    try:
        for statement in statements[:-1]:
            await connection.execute(statement)
        return await connection.fetchval(statements[-1])
    finally:
        await connection.close()


async def test_a_backup_comes_back_with_its_walls(
    backup: Path, settings: Settings, another: str
) -> None:
    before, after = settings.database_url, with_database(settings.database_url, another)

    manifest = await bring_back(settings, backup, into=another)

    assert manifest.rows["match"] == 1
    assert await ask(after, HEAD) == await ask(before, HEAD) == manifest.audit_head
    for statement in (ENFORCED, POLICIES):
        assert await names(after, statement) == await names(before, statement) != set()
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await ask(after, "SET ROLE concord_app", "DELETE FROM legal_move", "SELECT 1")
    with pytest.raises(asyncpg.CheckViolationError, match="append-only"):
        await ask(after, "UPDATE audit_entry SET facts = '{}'", "SELECT 1")
    assert await ask(after, "SET ROLE concord_app", "SELECT count(*) FROM match") == 0
    with pytest.raises(Conflict, match="not empty"):
        await bring_back(settings, backup, into=another)


def test_a_backup_is_its_owners_alone_and_written_once(backup: Path, settings: Settings) -> None:
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in backup.iterdir()}

    assert modes == {DUMP: 0o600, MANIFEST: 0o600}
    assert stat.S_IMODE(backup.stat().st_mode) == 0o700
    assert os.listdir(backup.parent) == [backup.name]
    assert settings.secret_key.hex() not in (backup / MANIFEST).read_text()


async def test_nothing_is_left_of_a_backup_that_failed(
    database: None, settings: Settings, tmp_path: Path
) -> None:
    elsewhere = with_database(settings.database_url, "nowhere")
    with pytest.raises(asyncpg.InvalidCatalogNameError):
        await archive(
            replace(settings, owner_database_url=elsewhere), tmp_path / "new" / "one", now=NOW
        )

    assert list((tmp_path / "new").iterdir()) == []


@pytest.mark.parametrize("part", [DUMP, MANIFEST])
async def test_a_changed_file_is_refused_before_anything_is_restored(
    backup: Path, settings: Settings, another: str, part: str
) -> None:
    content = bytearray((backup / part).read_bytes())
    content[len(content) // 2] ^= 1
    (backup / part).write_bytes(content)

    with pytest.raises(DomainError):
        await bring_back(settings, backup, into=another)
    with pytest.raises(asyncpg.InvalidCatalogNameError):
        await ask(with_database(settings.database_url, another), "SELECT 1")


@pytest.mark.parametrize(
    ("trick", "words"),
    [
        ("DELETE FROM audit_entry WHERE seq = 2; DELETE FROM consent", "audit_entry, consent"),
        ("UPDATE audit_entry SET facts = '{}' WHERE seq = 2", "trail is not whole"),
        (
            "UPDATE audit_entry SET hash = sha256('x')"
            " WHERE seq = (SELECT max(seq) FROM audit_entry)",
            "ends elsewhere",
        ),
    ],
)
async def test_what_does_not_agree_is_not_trusted(
    backup: Path, settings: Settings, another: str, trick: str, words: str
) -> None:
    manifest: Manifest = await bring_back(settings, backup, into=another)
    restored = with_database(settings.database_url, another)
    await ask(restored, "SET session_replication_role = replica", trick, "SELECT 1")

    with pytest.raises(DomainError) as refused:
        await compare(restored, manifest)

    assert words in str(refused.value)


def test_a_folder_that_is_no_backup_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DomainError, match="is no backup"):
        read(tmp_path)


def test_programs_of_another_major_version_are_not_used() -> None:
    with pytest.raises(ServicesError, match="no pg_dump of PostgreSQL 9"):
        program("pg_dump", "9")
