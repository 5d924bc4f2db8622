"""The servers of a test run are shared, thrown away, and replaced by those given."""

import os
import tempfile
from pathlib import Path

import pytest

from tests import servers
from tests.services.living import names_in, processes_of, rows, told


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    for name in ("TEST_DATABASE_URL", "TEST_REDIS_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("PYTEST_XDIST_TESTRUNUID", "f00dcafe" * 4)
    return tmp_path / f"concord-tests-{os.geteuid()}"


async def test_one_pair_of_servers_serves_a_run_and_is_thrown_away(temporary: Path) -> None:
    with servers.test_servers() as first, servers.test_servers() as second:
        assert first == second
        assert first.run == "f00dcafef00d"
        assert await rows(first.database_url, "SHOW fsync") == [("off",)]
        assert await told(first.redis_url, "PING") is True
    assert processes_of(temporary) == {}
    assert names_in(temporary) == ["gate"]


def test_what_a_killed_run_left_is_removed(temporary: Path) -> None:
    with servers.run_folder("killed") as folder:
        (folder / "embedded").mkdir(parents=True)
        (temporary / "old").mkdir()
        (temporary / "old.users").touch()
        with servers.run_folder("next"):
            assert names_in(temporary) == ["gate", "killed", "killed.users", "next.users"]


def test_given_servers_are_used(temporary: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TEST_DATABASE_URL", "postgres://db.example/concord")
    monkeypatch.setenv("TEST_REDIS_URL", "redis://cache.example")
    with servers.test_servers() as given:
        assert given == servers.Servers(
            "postgres://db.example/concord", "redis://cache.example", "f00dcafef00d"
        )
    assert not temporary.exists()
