"""Watches in which order transactions take their locks."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from unittest.mock import patch

from tortoise.backends.asyncpg.client import AsyncpgDBClient, TransactionWrapper

from concord.activities.cover import COVER_LOCK

ORDER = ("organization", "request", "offer", "offer_slot", "request_item", "cover", "audit_entry")
"""Whoever holds a lock of one kind never waits for one of a kind before it."""
BY_ID = frozenset({"organization", "request", "offer", "offer_slot", "cover"})
"""Of these, several are taken in the order of their ids; items are behind their request's lock."""
READ = re.compile(r'FROM "(\w+)".* FOR (?:(?:NO KEY )?UPDATE|KEY SHARE)', re.DOTALL)
Lock = tuple[int, str]


@dataclass
class Watch:
    """What every transaction holds, and where one took a lock out of order."""

    held: dict[int, list[Lock]] = field(default_factory=dict)
    breaks: set[str] = field(default_factory=set)
    taken: int = 0

    def take(self, connection: object, kind: str, ids: list[str], *, waits: bool) -> None:
        held = self.held.setdefault(id(connection), [])
        for each in ids:
            lock = (ORDER.index(kind), each if kind in BY_ID else "")
            if lock in held:
                continue
            self.taken += 1
            if waits and held and max(held) > lock:
                self.breaks.add(f"{kind} after {ORDER[max(held)[0]]}")
            held.append(lock)

    def see(self, connection: object, statement: str, values: list[Any], rows: list[Any]) -> None:
        if found := READ.search(statement):
            if found[1] in ORDER:
                ids = [str(row["id"]) for row in rows]
                self.take(connection, found[1], ids, waits="SKIP LOCKED" not in statement)
        elif "pg_advisory_xact_lock($1, n)" in statement and values[0] == COVER_LOCK:
            self.take(connection, "cover", [f"{n:06d}" for n in sorted(values[1])], waits=True)
        elif "INSERT INTO audit_entry" in statement:
            self.take(connection, "audit_entry", [""], waits=True)


@contextmanager
def watched_locks() -> Iterator[Watch]:
    """Everything that Tortoise sends inside."""
    watch = Watch()
    run, begin, rollback = (
        AsyncpgDBClient.execute_query,
        TransactionWrapper.begin,
        TransactionWrapper.rollback,
    )

    async def running(self: Any, query: str, values: Any = None) -> Any:
        answer = await run(self, query, values)
        if isinstance(self, TransactionWrapper):
            watch.see(self._connection, query, values or [], answer[1])
        return answer

    async def beginning(self: Any) -> None:
        if not isinstance(self._parent, TransactionWrapper):
            watch.held[id(self._connection)] = []
        self.held_before = len(watch.held.get(id(self._connection), []))
        await begin(self)

    async def rolling_back(self: Any) -> None:
        await rollback(self)
        del watch.held.get(id(self._connection), [])[self.held_before :]

    with (
        patch.object(AsyncpgDBClient, "execute_query", running),
        patch.object(TransactionWrapper, "begin", beginning),
        patch.object(TransactionWrapper, "rollback", rolling_back),
    ):
        yield watch
