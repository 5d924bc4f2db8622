"""Judges a run by what the clients recorded and what the database holds, and by nothing else."""

import json
from collections import Counter
from collections.abc import Iterable

import asyncpg

from concord.database import credentials
from tests.faults.history import Command, History

VERBS = {
    "matches": "propose",
    "consent": "consent",
    "acceptance": "accept",
    "approval": "approve",
    "decline": "decline_by_state",
    "refusal": "decline_by_partner",
    "rejection": "reject",
    "suspension": "suspend",
    "resumption": "resume",
}
"""Last word of an address → the verb of the step that it alone leaves behind."""
GUARDS = frozenset(
    {
        "slot_within_capacity",
        "slot_counts_are_natural",
        "item_within_quantity",
        "item_counts_are_natural",
        "line_is_live_or_released",
        "approver_is_not_proposer",
        "no_repeated_assistance",
        "match_may_be_approved",
        "audit_chain",
        "audit_is_append_only",
        "audit_is_never_emptied",
        "one_live_line_per_item_and_slot",
    }
)
GUARD_NAMES = """
SELECT conname AS name FROM pg_constraint UNION SELECT tgname FROM pg_trigger
UNION SELECT relname FROM pg_class WHERE relkind = 'i'
"""
KEPT_KEYS = "SELECT person_id, key, location FROM idempotency_key WHERE status = 303"
STEPS = """
SELECT m.public_id, s.verb, s.person_id, count(*) AS times
FROM match_step s JOIN match m ON m.id = s.match_id WHERE s.person_id IS NOT NULL GROUP BY 1, 2, 3
"""
INVARIANTS = {
    "a slot's counts are not those of its lines": """
        SELECT s.id FROM offer_slot s LEFT JOIN match_line l ON l.slot_id = s.id AND l.live
        LEFT JOIN match m ON m.id = l.match_id WHERE s.capacity IS NOT NULL
        GROUP BY s.id HAVING s.reserved <> coalesce(sum(l.slot_quantity - l.delivered_slot)
            FILTER (WHERE l.status = 'reserved'), 0)
          OR s.held <> coalesce(sum(l.slot_quantity)
            FILTER (WHERE l.status = 'held' AND m.hold_lost_at IS NULL), 0)
          OR s.held + s.reserved + s.delivered > s.capacity""",
    "an item's counts are not those of its lines": """
        SELECT i.id FROM request_item i LEFT JOIN match_line l ON l.item_id = i.id AND l.live
        GROUP BY i.id HAVING i.reserved <> coalesce(sum(l.item_quantity - l.delivered_item)
            FILTER (WHERE l.status = 'reserved'), 0)
          OR i.reserved + i.delivered > coalesce(i.quantity, 0)""",
    "two undertakings overlap": """
        SELECT a.undertaking_id FROM cover a JOIN cover b ON a.undertaking_id < b.undertaking_id
        AND a.state && b.state AND a.institution && b.institution AND a.topic && b.topic
        AND a.modality && b.modality AND a.period && b.period""",
    "a match is approved twice, or by who proposed it": """
        SELECT m.id FROM match m LEFT JOIN match_step s ON s.match_id = m.id AND s.verb = 'approve'
        GROUP BY m.id HAVING count(s.id) > 1 OR m.approved_by_id = m.proposed_by_id
          OR (m.approved_by_id IS NOT NULL) <> (count(s.id) = 1)""",
    "an ended match holds something": """
        SELECT m.id FROM match m WHERE m.state IN ('closed', 'declined_by_state', 'rejected',
          'declined_by_partner', 'lapsed', 'cancelled') AND (EXISTS (SELECT FROM match_line l
            WHERE l.match_id = m.id AND l.live) OR EXISTS (SELECT FROM task t
            WHERE t.subject_id = m.id AND t.closed_at IS NULL
              AND t.kind NOT IN ('evaluate_match', 'answer_lesson')))""",
    "a match is not where its last step led": """
        SELECT m.id FROM match m JOIN LATERAL (SELECT target FROM match_step s
          WHERE s.match_id = m.id ORDER BY at DESC, created_at DESC LIMIT 1) s ON true
        WHERE m.state <> s.target""",
    "a step is not in the audit trail": """
        SELECT m.id FROM match m WHERE (SELECT count(*) FROM match_step s
          WHERE s.match_id = m.id) > (SELECT count(*) FROM audit_entry a
          WHERE a.subject_id = m.id AND a.subject_kind = 'match')""",
    "a notice stands twice in one inbox": """
        SELECT min(id::text) FROM notice GROUP BY person_id, dedup HAVING count(*) > 1""",
    "what is owed was not delivered": """
        SELECT id FROM outbox WHERE name IN ('tell', 'mail') AND done_at IS NULL
        AND next_at <= clock_timestamp() - interval '5 seconds'""",
    "a told notice is missing": """
        SELECT o.id FROM outbox o WHERE o.name = 'tell' AND o.done_at IS NOT NULL
        AND NOT EXISTS (SELECT FROM notice n WHERE n.person_id = (o.payload->>'person')::uuid
          AND n.dedup = o.payload->>'dedup')""",
    "the audit trail has a gap": """
        SELECT seq FROM (SELECT seq, previous, lag(seq) OVER w AS before, lag(hash) OVER w AS hash
          FROM audit_entry WINDOW w AS (ORDER BY seq)) e
        WHERE seq <> coalesce(before, 0) + 1 OR previous <> coalesce(hash, ''::bytea)""",
    "an audit entry was changed": "SELECT seq FROM audit_entry e WHERE hash <> audit_hash(e)",
}
"""What must never be found, and the query that would find it."""


async def judge(history: History, url: str) -> list[str]:
    """Everything that is wrong; empty for a run without fault."""
    connection = await asyncpg.connect(**credentials(url))
    try:
        found = list(history.errors)
        found += [
            f"{broken}: {[str(row[0]) for row in rows[:5]]} ({len(rows)})"
            for broken, query in INVARIANTS.items()
            if (rows := await connection.fetch(query))
        ]
        found += await _guards_gone(connection)
        found += await _acknowledged_and_lost(history, connection)
        found += await _done_twice(history, connection)
        return found
    finally:
        await connection.close()


async def _guards_gone(connection: asyncpg.Connection) -> list[str]:
    there = {row["name"] for row in await connection.fetch(GUARD_NAMES)}
    return [f"a guard is gone: {name}" for name in sorted(GUARDS - there)]


async def _acknowledged_and_lost(history: History, connection: asyncpg.Connection) -> list[str]:
    """The key of a command is written in its transaction: one without the other cannot be."""
    kept = {(row["person_id"], row["key"]) for row in await connection.fetch(KEPT_KEYS)}
    return [
        f"acknowledged and lost: {command.address}"
        for command in history.commands
        if command.acknowledged and (command.person_id, command.key) not in kept
    ]


async def _done_twice(history: History, connection: asyncpg.Connection) -> list[str]:
    """Of each person's verb on each match there are as many steps as acknowledged commands.

    A command that nobody answered may have been carried out or not: it allows one more.
    """
    steps = {
        (row["public_id"], row["verb"], row["person_id"]): row["times"]
        for row in await connection.fetch(STEPS)
    }
    known = set(VERBS.values())
    sure = Counter(_steps_of(one for one in history.commands if one.acknowledged))
    open_ = Counter(_steps_of(one for one in history.commands if one.status is None))
    names = sure.keys() | {name for name in steps if name[1] in known}
    return [
        f"{steps.get(name, 0)} steps for {sure[name]} acknowledged commands: {name[0]} {name[1]}"
        for name in sorted(names, key=str)
        if not sure[name] <= steps.get(name, 0) <= sure[name] + open_[name]
    ]


def _steps_of(commands: Iterable[Command]) -> Iterable[tuple[str, str, object]]:
    for command in commands:
        verb = VERBS.get(command.verb)
        if verb == "propose":
            subject = command.location.split("/")[2].partition("?")[0] if command.location else ""
            yield subject, verb, command.person_id
        elif verb and command.address.startswith("/matches/"):
            yield command.subject, verb, command.person_id


def as_json(history: History) -> str:
    """The whole record, for whoever looks into a failed run."""
    return json.dumps(
        [
            {
                "key": one.key,
                "person": str(one.person_id),
                "role": one.role,
                "address": one.address,
                "sent": one.sent,
                "status": one.status,
                "location": one.location,
            }
            for one in history.commands
        ],
        indent=0,
    )
