"""Several processes use the servers of one folder; the last one out stops them."""

from contextlib import ExitStack
from pathlib import Path

from concord.services import embedded_services, stop_unused
from tests.services.living import (
    answered,
    held_by_another,
    postmaster,
    processes_of,
    rows,
    started,
)


async def test_a_second_process_joins_and_outlives_the_first(tmp_path: Path) -> None:
    with held_by_another(tmp_path) as first:
        number = postmaster(tmp_path)
        with embedded_services(tmp_path) as urls:
            assert urls == first.urls
            first.leave()
            assert postmaster(tmp_path) == number
            assert await rows(urls.database_url, "SELECT 1") == [(1,)]
    assert processes_of(tmp_path) == {}


async def test_the_starter_leaves_and_the_others_go_on(tmp_path: Path) -> None:
    with ExitStack() as stack:
        with embedded_services(tmp_path, durable=False):
            second = stack.enter_context(held_by_another(tmp_path))
            number = postmaster(tmp_path)
        assert postmaster(tmp_path) == number
        assert await rows(second.urls.database_url, "SELECT 1") == [(1,)]
    assert processes_of(tmp_path) == {}


def test_cold_starts_at_once_share_one_cluster(tmp_path: Path) -> None:
    with ExitStack() as stack:
        users = [stack.enter_context(started(tmp_path)) for _ in range(3)]
        assert len({answered(user) for user in users}) == 1
        names = list(processes_of(tmp_path).values())
        assert names.count("redis-server") == 1
    assert processes_of(tmp_path) == {}


def test_one_process_may_enter_twice(tmp_path: Path) -> None:
    with embedded_services(tmp_path, durable=False) as outer:
        number = postmaster(tmp_path)
        with embedded_services(tmp_path, durable=False) as inner:
            assert inner == outer
        assert postmaster(tmp_path) == number


def test_stop_unused_spares_servers_in_use(tmp_path: Path) -> None:
    with held_by_another(tmp_path) as user:
        before = postmaster(tmp_path)
        stop_unused(tmp_path)
        assert postmaster(tmp_path) == before
        user.kill()
        stop_unused(tmp_path)
        assert processes_of(tmp_path) == {}
