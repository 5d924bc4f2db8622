"""Whatever is killed with -9, the next start or the watch of a user brings it back."""

import logging
from collections.abc import Callable
from pathlib import Path

import pytest

from concord.services import embedded, embedded_services
from tests.services.living import (
    held_by_another,
    kill,
    postmaster,
    processes_of,
    redis_server,
    rows,
    started,
    told,
    until,
)


async def test_the_next_user_adopts_servers_whose_user_was_killed(tmp_path: Path) -> None:
    with held_by_another(tmp_path) as user:
        number = postmaster(tmp_path)
        user.kill()
        with embedded_services(tmp_path) as urls:
            assert postmaster(tmp_path) == number
            assert await rows(urls.database_url, "SELECT 1") == [(1,)]
    assert processes_of(tmp_path) == {}


async def test_everything_killed_starts_again_with_its_data(tmp_path: Path) -> None:
    with held_by_another(tmp_path) as user:
        await rows(user.urls.database_url, "CREATE TABLE note AS SELECT 'kept' AS text")
        user.kill()
        kill(tmp_path, postmaster(tmp_path))
        kill(tmp_path, redis_server(tmp_path))
    with embedded_services(tmp_path) as urls:
        assert await rows(urls.database_url, "SELECT text FROM note") == [("kept",)]
        assert await told(urls.redis_url, "PING") is True
    assert processes_of(tmp_path) == {}


async def test_redis_killed_keeps_its_queue(tmp_path: Path) -> None:
    with embedded_services(tmp_path, postgres=False) as urls:
        await told(urls.redis_url, "RPUSH", "queue", "one", "two")
        kill(tmp_path, redis_server(tmp_path))
        with embedded_services(tmp_path, postgres=False) as again:
            assert again == urls
            assert await told(urls.redis_url, "LRANGE", "queue", "0", "-1") == ["one", "two"]


@pytest.mark.parametrize("server", [postmaster, redis_server], ids=["postgres", "redis"])
async def test_a_server_killed_in_use_comes_back_at_its_address(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    server: Callable[[Path], int],
) -> None:
    monkeypatch.setattr(embedded, "WATCH_EVERY", 0.02)
    with embedded_services(tmp_path, durable=False) as urls, caplog.at_level(logging.WARNING):
        kill(tmp_path, server(tmp_path))
        until(lambda: len(caplog.messages) == 1)
        with embedded_services(tmp_path, durable=False):  # waits for a start that is under way
            assert await rows(urls.database_url, "SELECT 1") == [(1,)]
            assert await told(urls.redis_url, "PING") is True
    assert processes_of(tmp_path) == {}


async def test_a_cluster_half_made_is_made_anew(tmp_path: Path) -> None:
    draft = tmp_path / "embedded/postgres.new"
    (draft / "base").mkdir(parents=True)
    (draft / "PG_VERSION").write_text("18\n")
    with embedded_services(tmp_path, durable=False) as urls:
        assert await rows(urls.database_url, "SELECT 1") == [(1,)]
    assert not draft.exists()


async def test_a_user_killed_while_it_makes_the_cluster_does_no_harm(tmp_path: Path) -> None:
    draft = tmp_path / "embedded/postgres.new"
    with started(tmp_path) as process:
        until(draft.exists)
        process.kill()
    with embedded_services(tmp_path, durable=False) as urls:
        assert await rows(urls.database_url, "SELECT 1") == [(1,)]
    assert processes_of(tmp_path) == {}
