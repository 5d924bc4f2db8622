"""Leases rows of the outbox and carries them out; what fails is tried again, later and later."""

import asyncio
import json
import random
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import structlog
from prometheus_client import Counter
from tortoise.connection import get_connection

from concord import jobs
from concord.database import transaction
from notifications.errors import Permanent
from notifications.messages import redact
from workers.context import LEASE, Context
from workers.leases import renewed

TAKE = """
WITH d AS MATERIALIZED (
  SELECT id FROM outbox
  WHERE done_at IS NULL AND dead_at IS NULL AND next_at <= $2 AND name = ANY($3)
    AND (lease_until IS NULL OR lease_until < clock_timestamp())
  ORDER BY name = ANY($5), id LIMIT $1 FOR UPDATE SKIP LOCKED)
UPDATE outbox o SET lease_until = clock_timestamp() + $4 * interval '1 second',
  attempts = attempts + 1
FROM d WHERE o.id = d.id RETURNING o.id, o.name, o.payload, o.dedup, o.attempts
"""
RENEW = """
UPDATE outbox SET lease_until = clock_timestamp() + $2 * interval '1 second'
WHERE id = $1 AND attempts = $3 AND done_at IS NULL AND lease_until IS NOT NULL
"""
BATCH = 16
PATIENCE = 10  # seconds: well within the time that a ring may take
BACKOFF = tuple(timedelta(seconds=s) for s in (5, 60, 300, 1800, 2 * 3600, 5 * 3600, 10 * 3600))
DONE = Counter("concord_outbox_total", "Outbox rows carried out", ["name", "result"])
_log = structlog.get_logger("concord.outbox")

Job = Callable[[Mapping[str, Any], Context], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Handler:
    """`within`: the job writes rows only, in the transaction that marks the outbox row done.

    `ranks`: it needs the matcher's process. `last`: everything else that is due goes first.
    `beside`: it takes minutes, so nobody waits for it.
    """

    job: Job
    within: bool = False
    ranks: bool = False
    last: bool = False
    beside: bool = False


@dataclass(frozen=True, slots=True)
class Leased:
    id: int
    name: str
    payload: dict[str, Any]
    dedup: str
    attempts: int


async def dispatch(
    context: Context,
    handlers: Mapping[str, Handler],
    *,
    limit: int = BATCH,
    during: timedelta | None = None,
) -> int:
    """Carry out what is due, for `PATIENCE` seconds at most; the number of rows.

    Any number may run at once. Rankings wait until the matcher's process is warm.
    """
    names = [name for name, handler in handlers.items() if context.pool.warm or not handler.ranks]
    last = [name for name, handler in handlers.items() if handler.last]
    until = time.monotonic() + PATIENCE
    lasting = during or context.lease
    count = 0
    while time.monotonic() < until and not context.stopping.is_set():
        now = context.clock()
        rows = await lease(now, names, last=last, during=lasting, limit=limit)
        if not rows:
            break
        at_once = []
        for row in rows:
            work = carry_out(row, context, handlers, during=lasting)
            if handlers[row.name].beside:
                context.begin(work)
            else:
                at_once.append(work)
        await asyncio.gather(*at_once)
        count += len(rows)
    return count


async def lease(
    now: datetime,
    names: Sequence[str],
    *,
    last: Sequence[str] = (),
    during: timedelta = LEASE,
    limit: int = BATCH,
) -> list[Leased]:
    """Take due rows, oldest first but `last` at the end; rows that another has are passed over."""
    rows = await get_connection("default").execute_query_dict(
        TAKE, [limit, now, list(names), during.total_seconds(), list(last)]
    )
    return sorted(
        (
            Leased(row["id"], row["name"], _loaded(row["payload"]), row["dedup"], row["attempts"])
            for row in rows
        ),
        key=lambda row: row.id,
    )


async def carry_out(
    row: Leased, context: Context, handlers: Mapping[str, Handler], *, during: timedelta = LEASE
) -> None:
    """Run one row; done, later, or dead. A worker killed half-way leaves the lease to run out."""
    handler = handlers[row.name]
    try:
        async with renewed(partial(_renew, row, during), during):
            if handler.within:
                async with transaction():
                    await handler.job(row.payload, context)
                    await _finish(row, context.clock())
            else:
                await handler.job(row.payload, context)
                await _finish(row, context.clock())
        DONE.labels(row.name, "done").inc()
    except Exception as error:  # the worker's edge: whatever it is, the row stays
        await _put_back(row, error, context.clock())


async def _renew(row: Leased, during: timedelta) -> None:
    await get_connection("default").execute_query(
        RENEW, [row.id, during.total_seconds(), row.attempts]
    )


async def _finish(row: Leased, now: datetime) -> None:
    """Done; single-use links are kept no longer than they are needed."""
    payload = row.payload
    if row.name in {jobs.TELL, jobs.MAIL}:
        payload = {**payload, "payload": redact(payload["message"], payload["payload"])}
    await jobs.Outbox.filter(id=row.id).update(done_at=now, payload=payload, error="")


async def _put_back(row: Leased, error: Exception, now: datetime) -> None:
    dead = isinstance(error, Permanent) or row.attempts > len(BACKOFF)
    DONE.labels(row.name, "dead" if dead else "later").inc()
    _log.warning(
        "outbox row failed",
        row=row.id,
        name=row.name,
        attempts=row.attempts,
        dead=dead,
        error=type(error).__name__,
        exc_info=not isinstance(error, Permanent | OSError),
    )
    wait = BACKOFF[min(row.attempts, len(BACKOFF)) - 1] * random.uniform(0.8, 1.2)  # noqa: S311 - jitter
    await jobs.Outbox.filter(id=row.id).update(
        lease_until=None,
        next_at=now + wait,
        dead_at=now if dead else None,
        error=type(error).__name__,
    )


def _loaded(payload: Any) -> dict[str, Any]:
    loaded: dict[str, Any] = payload if isinstance(payload, dict) else json.loads(payload)
    return loaded
