"""Attempts are counted in Redis, and in the process while Redis is away."""

import secrets
from dataclasses import replace

import pytest
from limits import RateLimitItemPerMinute

from concord.accounts.limits import Limits, Use, network_of
from concord.errors import TooManyRequests
from concord.settings import RedisAddress, Settings

TWICE = RateLimitItemPerMinute(2, 1, namespace="test")


def use(key: str = "") -> Use:
    return Use(TWICE, key or secrets.token_hex(8))


async def test_processes_share_one_count(settings: Settings) -> None:
    here, there = Limits(settings.redis_address), Limits(settings.redis_address)
    one, other = use(), use()
    await here.spend(one, other)
    await there.spend(one)

    for limits in (here, there):
        with pytest.raises(TooManyRequests) as refused:
            await limits.spend(one)
        assert 0 < refused.value.retry_after <= 61
        assert str(refused.value) in {
            "Too many attempts. Wait 1 min, then try again.",
            "Too many attempts. Wait 2 min, then try again.",
        }
    await here.spend(other)
    await here.close()
    await there.close()


async def test_a_success_starts_the_count_anew(settings: Settings) -> None:
    limits, one = Limits(settings.redis_address), use()
    await limits.spend(one)
    await limits.spend(one)

    await limits.forgive(one)

    await limits.spend(one)
    await limits.close()


@pytest.mark.parametrize(
    "address",
    [
        RedisAddress(hosts=(("127.0.0.1", 9),)),
        RedisAddress(unix_socket="/nowhere/redis.sock"),
        RedisAddress(hosts=(("127.0.0.1", 9),), sentinel_service="leader"),
        None,
    ],
)
async def test_the_process_counts_alone_while_redis_is_away(
    address: RedisAddress | None,
) -> None:
    limits, one = Limits(address), use()
    await limits.spend(one)
    await limits.spend(one)

    with pytest.raises(TooManyRequests):
        await limits.spend(one)
    await limits.forgive(one)
    await limits.spend(one)
    await limits.close()


async def test_a_socket_with_another_database_is_reached(settings: Settings) -> None:
    limits, one = Limits(replace(settings.redis_address, database=1)), use()
    await limits.spend(one)
    await limits.spend(one)

    with pytest.raises(TooManyRequests):
        await limits.spend(one)
    await limits.close()


def test_redis_never_holds_what_is_personal() -> None:
    assert "person@example.org" not in use("person@example.org").identifier


@pytest.mark.parametrize(
    ("host", "network"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:0db8:0001:0002"),
        ("2001:db8:1:2::9", "2001:0db8:0001:0002"),
        ("", ""),
        ("testclient", "testclient"),
    ],
)
def test_addresses_of_one_network_count_together(host: str, network: str) -> None:
    assert network_of(host) == network
