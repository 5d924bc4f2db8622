"""The embedded servers start, keep what they were told, and leave nothing behind."""

import os
import signal
import stat
from pathlib import Path

import pytest

from concord.services import (
    ServicesError,
    ServiceUrls,
    embedded_services,
    embedded_services_async,
)
from tests.services.living import held_by_another, processes_of, rows, told


async def test_servers_keep_what_they_were_told(tmp_path: Path) -> None:
    with embedded_services(tmp_path) as urls:
        await rows(urls.database_url, "CREATE TABLE note AS SELECT 'kept' AS text")
        await told(urls.redis_url, "SET", "note", "kept")
    async with embedded_services_async(tmp_path) as urls:
        assert await rows(urls.database_url, "SELECT text FROM note") == [("kept",)]
        assert await told(urls.redis_url, "GET", "note") == "kept"


async def test_database_is_utf8_with_unicode_rules(tmp_path: Path) -> None:
    with embedded_services(tmp_path, durable=False, redis=False) as urls:
        query = "SELECT current_user::text, current_database()::text, upper('страна')"
        assert await rows(urls.database_url, query) == [("concord", "concord", "СТРАНА")]


def test_the_last_one_out_leaves_no_process(tmp_path: Path) -> None:
    with embedded_services(tmp_path, durable=False):
        assert {"postgres", "redis-server"} <= set(processes_of(tmp_path).values())
    assert processes_of(tmp_path) == {}


def test_an_error_inside_leaves_no_process(tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt), embedded_services(tmp_path, durable=False):
        raise KeyboardInterrupt
    assert processes_of(tmp_path) == {}


def test_an_interrupted_terminal_stops_the_servers_last(tmp_path: Path) -> None:
    with held_by_another(tmp_path) as user:
        os.killpg(user.process.pid, signal.SIGINT)
        _, said = user.process.communicate()
    assert said.endswith("KeyboardInterrupt\n")
    assert "received fast shutdown request" in (tmp_path / "embedded/postgres.log").read_text()
    assert processes_of(tmp_path) == {}


def test_only_what_is_asked_for_is_started(tmp_path: Path) -> None:
    with embedded_services(tmp_path, durable=False, postgres=False) as urls:
        assert set(processes_of(tmp_path).values()) == {"redis-server"}
    socket = tmp_path / "embedded/redis/redis.sock"
    assert urls == ServiceUrls(database_url="", redis_url=f"unix://{socket}?db=0")


async def test_folders_above_keep_their_modes_however_closed(tmp_path: Path) -> None:
    home = tmp_path / "home"
    data = home / "share" / "concord"
    data.mkdir(parents=True)
    home.chmod(0o700)
    data.chmod(0o750)
    above = [data, *data.parents]
    modes = [stat.filemode(folder.stat().st_mode) for folder in above]
    with embedded_services(data, durable=False) as urls:
        assert await rows(urls.database_url, "SELECT 1") == [(1,)]
        assert [stat.filemode(folder.stat().st_mode) for folder in above] == modes
    assert [stat.filemode(folder.stat().st_mode) for folder in above] == modes


def test_what_is_made_is_closed_to_others(tmp_path: Path) -> None:
    data = tmp_path / "data"
    with embedded_services(data, durable=False):
        made = [data, data / "embedded", data / "embedded/postgres", data / "embedded/redis"]
        assert [oct(folder.stat().st_mode)[-3:] for folder in made] == ["700"] * 4


def test_servers_hold_none_of_our_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CONCORD_SECRET_KEY", "canary")
    with embedded_services(tmp_path, durable=False):
        for number in processes_of(tmp_path):
            assert b"canary" not in Path(f"/proc/{number}/environ").read_bytes()


def test_data_of_another_version_is_refused(tmp_path: Path) -> None:
    cluster = tmp_path / "embedded/postgres"
    cluster.mkdir(parents=True)
    (cluster / "PG_VERSION").write_text("15\n")
    with (
        pytest.raises(ServicesError, match=r"made by PostgreSQL 15; this is 18\..*DATABASE_URL"),
        embedded_services(tmp_path, durable=False),
    ):
        raise AssertionError
    assert processes_of(tmp_path) == {}


def test_a_server_that_cannot_start_says_why(tmp_path: Path) -> None:
    with embedded_services(tmp_path, durable=False, redis=False):
        configuration = tmp_path / "embedded/postgres/postgresql.conf"
    configuration.write_text("no_such_setting = 1\n")
    with (
        pytest.raises(ServicesError, match="no_such_setting"),
        embedded_services(tmp_path, durable=False),
    ):
        raise AssertionError
    assert processes_of(tmp_path) == {}


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with (
        pytest.raises(ServicesError, match=r"file/embedded cannot be made: .*CONCORD_DATA_FOLDER"),
        embedded_services(tmp_path / "file"),
    ):
        raise AssertionError
