"""Rows of the outbox leased, done, failed and left behind by killed workers, in any order."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from tortoise.connection import get_connection

from concord import jobs
from concord.settings import Settings
from notifications.errors import Permanent
from tests.conftest import NOW
from tests.machines.playing import ONWARD, TAKEN, Step, nth, play, played, steps_of
from workers.context import Context
from workers.match_pool import MatchPool
from workers.outbox import BACKOFF, Handler, Leased, carry_out, lease

VERBS = ("owe", "owe again", "lease", "do", "fail", "give up", "kill", "run out")
RUN_OUT = "UPDATE outbox SET lease_until = clock_timestamp() - interval '1 ms' WHERE id = ANY($1)"
FIND = "SELECT id, next_at, done_at, dead_at FROM outbox ORDER BY id"


@dataclass(eq=False)
class Row:
    """What should be true of one row."""

    next_at: datetime
    attempts: int = 0
    leased: Leased | None = None
    killed: bool = False
    done: int = 0
    dead: bool = False

    def is_due(self, now: datetime) -> bool:
        return not (self.done or self.dead or self.leased or self.next_at > now)


class Outbox:
    """Two kinds of jobs, and what the workers hold."""

    now: datetime
    rows: dict[str, Row]
    fault: Exception | None = None

    def __init__(self, settings: Settings) -> None:
        self.context = Context(settings, lambda: self.now, MatchPool("lexical"))
        self.handlers = {"try": Handler(self.job), "within": Handler(self.job, within=True)}

    async def begin(self) -> None:
        self.now, self.rows = NOW, {}

    async def job(self, payload: Mapping[str, Any], context: Context) -> None:
        if self.fault:
            raise self.fault
        self.rows[payload["key"]].done += 1

    async def take(self, step: Step) -> None:
        verb, who, which, wait = step
        self.now += min(wait, timedelta(hours=12))
        held = [row for row in self.rows.values() if row.leased]
        if verb == ONWARD:
            verb = nth(("owe", "lease", "do", "do"), who)
        if verb.startswith("owe") or not self.rows:
            await self.owe(verb, who, which)
        elif verb == "lease":
            await self.lease(1 + which % 3)
        elif verb == "run out":
            await self.run_out()
        elif held and verb == "kill":
            nth(held, which).killed = True
        else:
            working = [row for row in held if not row.killed]
            if working:
                await self.carry_out(verb, nth(working, which))

    async def owe(self, verb: str, who: int, which: int) -> None:
        """A key that is known is owed once, whatever became of it."""
        key = (
            nth([*self.rows], which) if verb == "owe again" and self.rows else f"{len(self.rows)}"
        )
        at = self.now + nth((timedelta(), timedelta(minutes=1), timedelta(hours=2)), who)
        name = nth(("try", "within"), who)
        await jobs.enqueue(name, now=self.now, at=at, dedup=key, key=key)
        self.rows.setdefault(key, Row(at))

    async def lease(self, limit: int) -> None:
        """Exactly what is due and nobody's, oldest first."""
        due = [key for key, row in self.rows.items() if row.is_due(self.now)]
        found = await lease(self.now, [*self.handlers], limit=limit)
        assert [row.dedup for row in found] == due[:limit]
        for leased in found:
            row = self.rows[leased.dedup]
            row.leased, row.killed, row.attempts = leased, False, row.attempts + 1
            assert leased.attempts == row.attempts
            TAKEN["outbox: leased"] += 1

    async def run_out(self) -> None:
        """The leases of killed workers are over: their rows are there again."""
        gone = [row for row in self.rows.values() if row.leased and row.killed]
        ids = [row.leased.id for row in gone if row.leased]
        await get_connection("default").execute_query(RUN_OUT, [ids])
        for row in gone:
            row.leased = None

    async def carry_out(self, verb: str, row: Row) -> None:
        faults = {"fail": OSError("away"), "give up": Permanent("no such address")}
        self.fault, leased = faults.get(verb), row.leased
        assert leased is not None
        before = row.done
        await carry_out(leased, self.context, self.handlers)
        stored = await jobs.Outbox.get(id=leased.id)
        row.leased = None
        if self.fault is None:
            assert (row.done, before, stored.done_at) == (1, 0, self.now)
        else:
            row.dead = verb == "give up" or row.attempts > len(BACKOFF)
            assert row.dead == (stored.dead_at is not None)
            assert row.dead or stored.next_at > self.now
            row.next_at = stored.next_at

    async def look(self) -> None:
        rows = await jobs.Outbox.all().order_by("id")
        assert [row.dedup for row in rows] == [*self.rows]
        for stored in rows:
            row = self.rows[stored.dedup]
            assert row.done == (stored.done_at is not None)
            assert row.dead == (stored.dead_at is not None)
            assert (stored.next_at, stored.attempts) == (row.next_at, row.attempts)

    async def end(self) -> None:
        """Once nothing fails any more, everything that is not dead is done, once."""
        self.fault = None
        self.now += timedelta(days=2)
        for row in self.rows.values():
            row.killed = True
        await self.run_out()
        while found := await lease(self.now, [*self.handlers]):
            for leased in found:
                self.rows[leased.dedup].attempts += 1
                await carry_out(leased, self.context, self.handlers)
        assert all(row.done == (not row.dead) for row in self.rows.values())


@play
@given(steps=steps_of(VERBS))
@pytest.mark.usefixtures("database")
async def test_outbox(steps: list[Step], emptying: str, settings: Settings) -> None:
    await played(Outbox(settings), steps, empty=emptying)
