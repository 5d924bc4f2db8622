"""The chain recomputed, entry by entry: what was changed, removed, moved or slipped in."""

import hashlib
from collections.abc import AsyncIterator
from dataclasses import dataclass
from enum import StrEnum

from tortoise.connection import get_connection

from concord.database import snapshot

CHUNK = 5_000
ENTRIES = """
SELECT seq, previous, hash, jsonb_build_array(seq, extract(epoch FROM at), person_id, role,
    organization_id, on_behalf_of, action, subject_kind, subject_id, facts)::text AS said
FROM audit_entry WHERE seq > $1 ORDER BY seq LIMIT $2
"""
"""What each entry says, put into words here: no function of the database is believed."""
SUCCESSOR = "SELECT 1 FROM audit_entry WHERE previous = $1 AND seq <> $2 LIMIT 1"
START = b""


class Kind(StrEnum):
    CHANGED = "changed"
    REMOVED = "removed"
    REORDERED = "reordered"
    INSERTED = "inserted"


@dataclass(frozen=True, slots=True)
class Break:
    """The first entry that is not as it was written; `last` ends a run of removed ones."""

    kind: Kind
    seq: int
    last: int


@dataclass(frozen=True, slots=True)
class Head:
    """An entry noted elsewhere: the chain must still hold exactly this one."""

    seq: int
    hash: bytes

    def __str__(self) -> str:
        return f"{self.seq}:{self.hash.hex()}"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was looked at, up to the head; `broken` is None for a chain that is whole."""

    first: int
    entries: int
    head: Head
    broken: Break | None


@dataclass(frozen=True, slots=True)
class Entry:
    seq: int
    previous: bytes
    hash: bytes
    said: str

    def hash_as(self, seq: int, previous: bytes) -> bytes:
        """Its hash, computed anew, had it been written at `seq` after `previous`."""
        said = f"[{seq}{self.said.removeprefix(f'[{self.seq}')}"
        return hashlib.sha256(previous + said.encode()).digest()

    def written_at(self) -> int | None:
        """The number under which its hash is right, near the one it bears."""
        near = range(max(1, self.seq - CHUNK), self.seq + CHUNK)
        return next((seq for seq in near if self.hash_as(seq, self.previous) == self.hash), None)


async def head() -> Head:
    """The last entry; 0 and nothing for an empty trail."""
    async with snapshot() as connection:
        rows = await connection.execute_query_dict(
            "SELECT seq, hash FROM audit_entry ORDER BY seq DESC LIMIT 1"
        )
    return Head(rows[0]["seq"], bytes(rows[0]["hash"])) if rows else Head(0, START)


async def verify(*, start: int = 1, noted: tuple[Head, ...] = ()) -> Verdict:
    """Recompute every entry from `start` on, in one snapshot, and name the first break.

    Stored hashes are compared, never believed; with `start` > 1 the entry before it is taken at
    its word. `noted` heads show a tail that was cut off or a chain that was written anew.
    """
    async with snapshot():
        walk = _Walk(start, noted)
        if start > 1:
            await walk.enter()
        async for entry in _entries(start - 1):
            if walk.broken:
                break
            await walk.take(entry)
    return walk.verdict()


class _Walk:
    """How far the chain is as it was written."""

    def __init__(self, start: int, noted: tuple[Head, ...]) -> None:
        self.start = start
        self.head = Head(start - 1, START)
        self.before = b"-"  # the hash two entries back; no entry has this one
        self.noted = {head.seq: head.hash for head in noted if head.seq >= start}
        self.broken: Break | None = None

    async def enter(self) -> None:
        """Take the entry before the first one at its word."""
        async for entry in _entries(self.start - 2, only=1):
            if entry.seq == self.start - 1:
                self.head = Head(entry.seq, entry.hash)
                return
        self.broken = Break(Kind.REMOVED, self.start - 1, self.start - 1)

    async def take(self, entry: Entry) -> None:
        seq, previous = self.head.seq + 1, self.head.hash
        computed = entry.hash_as(entry.seq, previous)
        if entry.seq == seq and entry.previous == previous and entry.hash == computed:
            if self.noted.pop(seq, computed) != computed:
                self.broken = Break(Kind.CHANGED, seq, seq)
            self.before, self.head = previous, Head(seq, computed)
        else:
            self.broken = await self._name(entry)

    async def _name(self, entry: Entry) -> Break:
        seq, previous = self.head.seq + 1, self.head.hash
        if entry.previous == self.before and entry.hash == entry.hash_as(seq - 1, self.before):
            return Break(Kind.INSERTED, seq - 1, seq - 1)  # it was written in the place before
        if entry.seq > seq:
            return Break(Kind.REMOVED, seq, entry.seq - 1)
        written = entry.written_at()
        if await _follows(previous, elsewhere=entry.seq):
            return Break(Kind.REORDERED if written else Kind.INSERTED, seq, seq)
        if written and written > seq:
            return Break(Kind.REMOVED, seq, written - 1)  # and the rest numbered anew
        if written == seq and entry.previous != previous:
            return Break(Kind.CHANGED, seq - 1, seq - 1)  # it followed another one
        return Break(Kind.CHANGED, seq, seq)

    def verdict(self) -> Verdict:
        last = max(self.noted, default=0)
        if self.broken is None and last > self.head.seq:
            self.broken = Break(Kind.REMOVED, self.head.seq + 1, last)
        entries = self.head.seq - self.start + 1
        return Verdict(self.start, entries, self.head, self.broken)


async def _follows(previous: bytes, *, elsewhere: int) -> bool:
    """Whether the entry chained to this hash stands in another place than this one."""
    return bool(
        await get_connection("default").execute_query_dict(SUCCESSOR, [previous, elsewhere])
    )


async def _entries(after: int, *, only: int = 0) -> AsyncIterator[Entry]:
    """Those after a number, in order, a chunk at a time; `only` so many where it is given."""
    while True:
        rows = await get_connection("default").execute_query_dict(ENTRIES, [after, only or CHUNK])
        for row in rows:
            yield Entry(row["seq"], bytes(row["previous"]), bytes(row["hash"]), row["said"])
        if only or len(rows) < CHUNK:
            return
        after = rows[-1]["seq"]
