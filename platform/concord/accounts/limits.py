"""How often one may try: moving windows in Redis, in this process while Redis is away."""

import asyncio
import hashlib
import time
from collections.abc import Callable
from dataclasses import dataclass
from ipaddress import IPv6Address, ip_address
from typing import Any

import structlog
from limits import RateLimitItem, RateLimitItemPerMinute
from limits.aio.storage import MemoryStorage, RedisStorage
from limits.aio.strategies import MovingWindowRateLimiter
from redis.asyncio import ConnectionPool, Sentinel, SSLConnection, UnixDomainSocketConnection
from redis.asyncio.connection import Connection
from redis.asyncio.sentinel import SentinelConnectionPool
from redis.exceptions import RedisError

from concord.errors import Text, TooManyRequests
from concord.settings import RedisAddress

SIGN_IN_ACCOUNT = RateLimitItemPerMinute(10, 15, namespace="sign-in-account")
SIGN_IN_ADDRESS = RateLimitItemPerMinute(100, 15, namespace="sign-in-address")
RESET_ACCOUNT = RateLimitItemPerMinute(5, 60, namespace="reset-account")
RESET_ADDRESS = RateLimitItemPerMinute(30, 60, namespace="reset-address")
LINK_ADDRESS = RateLimitItemPerMinute(60, 15, namespace="link-address")
PASSWORD_SESSION = RateLimitItemPerMinute(10, 15, namespace="password-session")

PATIENCE = 0.3  # seconds that Redis gets to answer
REFUSED = "Too many attempts. Wait %(minutes)s min, then try again."
_log = structlog.get_logger("concord.accounts")


@dataclass(frozen=True, slots=True)
class Use:
    """One attempt that counts against an allowance; `key` is hashed, so it may be personal."""

    allowance: RateLimitItem
    key: str

    @property
    def identifier(self) -> str:
        return hashlib.sha256(self.key.encode()).hexdigest()[:32]


class Limits:
    """Counts attempts; `address` None counts in this process alone."""

    def __init__(self, address: RedisAddress | None) -> None:
        self._near = MovingWindowRateLimiter(MemoryStorage())
        self._pool = connection_pool(address) if address else None
        self._shared = MovingWindowRateLimiter(_storage(self._pool)) if self._pool else None

    async def spend(self, *uses: Use) -> None:
        """Count each use; raise `TooManyRequests` at the first that goes beyond its allowance."""
        for use in uses:
            wait = await self._spend(use)
            if wait:
                raise TooManyRequests(Text(REFUSED, minutes=-(-wait // 60)), retry_after=wait)

    async def forgive(self, use: Use) -> None:
        """Start anew, as after a success."""
        if self._shared:
            try:
                async with asyncio.timeout(PATIENCE):
                    await self._shared.clear(use.allowance, use.identifier)
            except (RedisError, OSError, TimeoutError):
                _log.warning("rate limits without redis")
        await self._near.clear(use.allowance, use.identifier)

    async def close(self) -> None:
        if self._pool:
            await self._pool.disconnect()

    async def _spend(self, use: Use) -> int:
        """Seconds to wait, 0 when the attempt is within the allowance."""
        if self._shared:
            try:
                async with asyncio.timeout(PATIENCE):
                    return await _wait(self._shared, use)
            except (RedisError, OSError, TimeoutError):
                _log.warning("rate limits without redis")
        return await _wait(self._near, use)


async def _wait(limiter: MovingWindowRateLimiter, use: Use) -> int:
    if await limiter.hit(use.allowance, use.identifier):
        return 0
    stats = await limiter.get_window_stats(use.allowance, use.identifier)
    return max(1, int(stats.reset_time - time.time()) + 1)


def _storage(pool: ConnectionPool) -> RedisStorage:
    options: dict[str, Any] = {"connection_pool": pool}
    return RedisStorage(
        "async+redis://", implementation="redispy", key_prefix="concord:limits", **options
    )


def connection_pool(address: RedisAddress) -> ConnectionPool:
    """Connections that fail fast, to one server, a socket, or the leader that Sentinels name."""
    patience: dict[str, Any] = {"socket_timeout": PATIENCE, "socket_connect_timeout": PATIENCE}
    common = patience | {
        "username": address.username,
        "password": address.password,
        "db": address.database,
    }
    if address.sentinel_service:
        ask: Callable[..., Sentinel] = Sentinel
        sentinels = ask(list(address.hosts), **patience)
        leader: Callable[..., SentinelConnectionPool] = SentinelConnectionPool
        return leader(address.sentinel_service, sentinels, **common)
    if address.unix_socket:
        return ConnectionPool(UnixDomainSocketConnection, path=address.unix_socket, **common)
    host, port = address.hosts[0]
    kind = SSLConnection if address.tls else Connection
    return ConnectionPool(kind, host=host, port=port, **common)


def network_of(host: str) -> str:
    """What counts as one address: an IPv4 address, or the /64 that an IPv6 one belongs to."""
    try:
        found = ip_address(host)
    except ValueError:
        return host
    if isinstance(found, IPv6Address):
        if found.ipv4_mapped:
            return str(found.ipv4_mapped)
        return found.exploded[:19]
    return host
