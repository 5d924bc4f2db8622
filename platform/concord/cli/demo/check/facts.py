"""What the database says about the check's request and match, read beside the pages."""

from dataclasses import dataclass
from typing import Any

import asyncpg

from concord.database import credentials
from concord.settings import Settings

REQUEST = """
SELECT r.state, (SELECT count(*) FROM pairing p WHERE p.request_id = r.id) AS pairings,
       (SELECT count(*) FROM task t WHERE t.subject_id = r.id AND t.closed_at IS NULL) AS tasks
FROM request r WHERE r.public_id = $1
"""
MATCH = """
SELECT m.state, m.told_at, o.name AS provider,
       (SELECT count(*) FROM cover_part c WHERE c.match_id = m.id) AS covered,
       (SELECT count(*) FROM task t WHERE t.subject_id = m.id AND t.closed_at IS NULL) AS tasks
FROM match m JOIN offer f ON f.id = m.offer_id JOIN organization o ON o.id = f.organization_id
WHERE m.public_id = $1
"""
LINES = """
SELECT l.status, l.item_quantity, l.slot_quantity, i.reserved AS item_reserved, s.held, s.reserved
FROM match m JOIN match_line l ON l.match_id = m.id JOIN request_item i ON i.id = l.item_id
JOIN offer_slot s ON s.id = l.slot_id WHERE m.public_id = $1 ORDER BY l.id
"""
TRAIL = """
SELECT e.action FROM audit_entry e WHERE e.subject_id IN
    (SELECT id FROM request WHERE public_id = $1 UNION SELECT id FROM match WHERE public_id = $2)
ORDER BY e.seq
"""
BROKEN = """
SELECT count(*) FROM (SELECT hash, audit_hash(e) AS counted, previous,
    lag(hash, 1, ''::bytea) OVER (ORDER BY seq) AS before FROM audit_entry e) chain
WHERE hash <> counted OR previous <> before
"""
OWED = """
SELECT count(*) FILTER (WHERE dead_at IS NOT NULL) AS dead,
       count(*) FILTER (WHERE done_at IS NULL AND dead_at IS NULL
                          AND next_at <= clock_timestamp()) AS due
FROM outbox
"""
TOLD = """
SELECT p.email, n.message, count(*) AS times FROM notice n JOIN person p ON p.id = n.person_id
WHERE n.payload::text LIKE '%' || $1 || '%' GROUP BY 1, 2
"""


@dataclass(frozen=True, slots=True)
class Facts:
    """Reads of the check's own database, as its owner."""

    settings: Settings

    async def request(self, public_id: str) -> dict[str, Any]:
        return (await self._rows(REQUEST, public_id))[0]

    async def match(self, public_id: str) -> dict[str, Any]:
        return (await self._rows(MATCH, public_id))[0]

    async def lines(self, public_id: str) -> list[dict[str, Any]]:
        return await self._rows(LINES, public_id)

    async def trail(self, request: str, match: str) -> list[str]:
        """The actions in the audit trail, in order."""
        return [row["action"] for row in await self._rows(TRAIL, request, match)]

    async def broken_links(self) -> int:
        """Entries of the trail whose hash is not what it should be."""
        [row] = await self._rows(BROKEN)
        return int(row["count"])

    async def owed(self) -> dict[str, Any]:
        """What waits in the outbox, and what was given up."""
        return (await self._rows(OWED))[0]

    async def told(self, public_id: str) -> dict[tuple[str, str], int]:
        """How often each person was told what about a thing."""
        rows = await self._rows(TOLD, public_id)
        return {(row["email"], row["message"]): row["times"] for row in rows}

    async def _rows(self, query: str, *values: object) -> list[dict[str, Any]]:
        connection = await asyncpg.connect(**credentials(self.settings.owner_database_url))
        try:
            return [dict(row) for row in await connection.fetch(query, *values)]
        finally:
            await connection.close()
