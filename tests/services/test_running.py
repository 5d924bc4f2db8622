"""Servers that were given are used; embedded ones stand in for the others alone."""

from pathlib import Path

from concord.services import running_services, running_services_async
from concord.settings import Settings
from tests.services.living import names_in, processes_of, rows, told

DATABASE = {"DATABASE_URL": "postgres://me@db.example/concord", "CONCORD_SECRET_KEY": "ab" * 32}
REDIS = {"REDIS_URL": "redis://cache.example"}


def settings_in(folder: Path, **given: str) -> Settings:
    return Settings.from_environment({"CONCORD_DATA_FOLDER": str(folder), **given})


async def test_given_servers_are_left_as_they_are(tmp_path: Path) -> None:
    settings = settings_in(tmp_path, **DATABASE, **REDIS)
    with running_services(settings) as running:
        assert running == settings
    async with running_services_async(settings) as running:
        assert running == settings
    assert names_in(tmp_path) == []


async def test_embedded_redis_beside_a_given_database(tmp_path: Path) -> None:
    settings = settings_in(tmp_path, **DATABASE)
    with running_services(settings) as running:
        assert set(processes_of(tmp_path).values()) == {"redis-server"}
        assert await told(running.redis_url, "PING") is True
        assert running.database_url == settings.database_url
        assert running.redis_address.unix_socket == f"{tmp_path}/embedded/redis/redis.sock"


async def test_nothing_given_gets_both_for_owner_and_application(tmp_path: Path) -> None:
    async with running_services_async(settings_in(tmp_path)) as running:
        assert await rows(running.owner_database_url, "SELECT 1") == [(1,)]
        assert running.database_url == running.owner_database_url
        child = Settings.from_environment(running.as_environment())
        assert child == running
    assert processes_of(tmp_path) == {}
