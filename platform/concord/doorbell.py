"""Tells the workers that there is something to do; PostgreSQL holds what it is."""

import asyncio
from typing import Any

import msgspec
from arq import ArqRedis, create_pool
from arq.connections import RedisSettings
from redis.asyncio.retry import Retry
from redis.backoff import ExponentialBackoff
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import TimeoutError as RedisTimeoutError

from concord.settings import RedisAddress

RING = "ring"
QUEUE = "concord:doorbell"
HEALTH_KEY = f"{QUEUE}:health"
"""Lives eleven seconds and is renewed every ten by each worker; monitors may read it too."""
UNHEARD = 60  # seconds: a bell that no worker hears is forgotten, not the rows
PATIENCE = 0.1  # seconds: a command never waits longer for the bell


def _encode_unknown(value: Any) -> Any:
    if isinstance(value, BaseException):
        return {"error": type(value).__name__, "text": str(value)}
    raise NotImplementedError(f"{type(value).__name__} does not travel")  # msgspec's protocol


dumps = msgspec.msgpack.Encoder(enc_hook=_encode_unknown).encode
loads = msgspec.msgpack.Decoder(dict[str, Any]).decode


def redis_settings(address: RedisAddress) -> RedisSettings:
    """arq's connection settings; they outlive a restart of Redis."""
    found = RedisSettings(
        database=address.database,
        username=address.username,
        password=address.password,
        ssl=address.tls,
        conn_timeout=2,
        retry=Retry(ExponentialBackoff(cap=2, base=0.1), 12),
        retry_on_error=[RedisConnectionError, RedisTimeoutError, OSError],
    )
    if address.unix_socket:
        found.unix_socket_path = address.unix_socket
    elif address.sentinel_service:
        found.sentinel = True
        found.sentinel_master = address.sentinel_service
        found.host = list(address.hosts)
    else:
        found.host, found.port = address.hosts[0]
    return found


class Doorbell:
    """Connects when it is first rung; a Redis that is away costs `PATIENCE` and nothing else."""

    def __init__(self, address: RedisAddress) -> None:
        self._settings = redis_settings(address)
        self._settings.retry = None
        self._settings.conn_retries = 0
        self._pool: ArqRedis | None = None

    async def ring(self) -> bool:
        """Whether the bell was heard; never raises for a Redis that is away."""
        try:
            async with asyncio.timeout(PATIENCE):
                pool = await self.pool()
                await pool.enqueue_job(RING, _expires=UNHEARD)
        except (TimeoutError, RedisConnectionError, RedisTimeoutError, OSError):
            return False
        return True

    async def is_answered(self) -> bool:
        """Whether a worker was there within the last seconds: it renews `HEALTH_KEY`."""
        try:
            async with asyncio.timeout(PATIENCE):
                return bool(await (await self.pool()).exists(HEALTH_KEY))
        except (TimeoutError, RedisConnectionError, RedisTimeoutError, OSError):
            return False

    async def pool(self) -> ArqRedis:
        if self._pool is None:
            self._pool = await create_pool(
                self._settings,
                job_serializer=dumps,
                job_deserializer=loads,
                default_queue_name=QUEUE,
            )
        return self._pool

    async def close(self) -> None:
        if self._pool is not None:
            await self._pool.aclose()
            self._pool = None


class SilentDoorbell(Doorbell):
    """For commands without workers: the rows wait until somebody looks."""

    def __init__(self) -> None:
        self._pool = None

    async def ring(self) -> bool:
        return False

    async def is_answered(self) -> bool:
        return False
