"""`concord audit`: the head to be noted, the verdict in words and as an exit status."""

import asyncio
import os
from pathlib import Path

import asyncpg
import pytest
from typer.testing import CliRunner

from concord.audit.models import AuditCheck
from concord.cli.audit import app, words_of
from concord.database import credentials
from tests.conftest import NOW
from tests.servers import Servers

ENTRY = """
INSERT INTO audit_entry (seq, at, action, subject_kind, subject_id, facts, previous, hash)
SELECT 0, now(), 'request.submitted', 'request', gen_random_uuid(), '{}', '', ''
FROM generate_series(1, 3)
"""


@pytest.fixture
def at_home(
    servers: Servers, fresh_database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> str:
    """The environment of a command; the address of its database."""
    monkeypatch.setattr("concord.cli.running.logs.configure", lambda **_: None)
    monkeypatch.setenv("DATABASE_URL", fresh_database_url)
    monkeypatch.setenv("REDIS_URL", servers.redis_url)
    monkeypatch.setenv("CONCORD_SECRET_KEY", "00" * 32)
    monkeypatch.setenv("CONCORD_DATA_FOLDER", os.fspath(tmp_path))
    return fresh_database_url


def execute(url: str, *statements: str) -> None:
    async def all_of_them() -> None:
        connection = await asyncpg.connect(**credentials(url))
        for statement in statements:
            await connection.execute(statement)
        await connection.close()

    asyncio.run(all_of_them())


def test_the_chain_is_verified_against_a_noted_head(at_home: str) -> None:
    execute(at_home, ENTRY)
    typed = CliRunner()

    noted = typed.invoke(app, ["head"])
    whole = typed.invoke(app, ["verify", "--head", noted.stdout.strip()])
    execute(
        at_home,
        "SET session_replication_role = replica",
        "DELETE FROM audit_check; DELETE FROM audit_entry WHERE seq = 3",
    )
    unnoted = typed.invoke(app, ["verify"])
    cut = typed.invoke(app, ["verify", "--from", "2", "--head", noted.stdout.strip()])

    assert (noted.exit_code, noted.stdout[:2]) == (0, "3:")
    assert (whole.exit_code, whole.stdout) == (
        0,
        f"The chain is whole: 3 entries, up to {noted.stdout}",
    )
    assert unnoted.exit_code == 0
    assert (cut.exit_code, cut.stdout) == (3, "Entry 3 is missing.\n")


def test_a_head_that_is_none_is_refused(at_home: str) -> None:
    answer = CliRunner().invoke(app, ["verify", "--head", "soon"])

    assert answer.exit_code == 1
    assert "'soon' is no head" in answer.stderr


@pytest.mark.parametrize(
    ("found", "first", "last", "words"),
    [
        ("changed", 5, 5, "Entry 5 is not as it was written."),
        ("removed", 5, 5, "Entry 5 is missing."),
        ("removed", 5, 7, "Entries 5 to 7 are missing."),
        ("reordered", 5, 5, "Entry 5 stands in another's place."),
        ("inserted", 5, 5, "Entry 5 was slipped in."),
    ],
)
def test_a_break_is_said_in_words(found: str, first: int, last: int, words: str) -> None:
    check = AuditCheck(
        at=NOW,
        first_seq=1,
        last_seq=4,
        entries=4,
        head=b"4",
        found=found,
        found_at=first,
        found_to=last,
    )

    assert words_of(check) == words
