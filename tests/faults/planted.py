"""Faults planted into copies of a good database: a checker that misses one is no checker."""

import asyncpg

from concord.database import credentials
from tests.conftest import with_database
from tests.faults.checker import judge
from tests.faults.history import History

PLANTED = {
    "a lost row": (
        "DELETE FROM idempotency_key WHERE ctid = (SELECT ctid FROM idempotency_key"
        " WHERE status = 303 AND location LIKE '/matches/%' LIMIT 1)",
        "acknowledged and lost",
    ),
    "a lost step": (
        "DELETE FROM match_step WHERE ctid = (SELECT ctid FROM match_step WHERE verb = 'propose'"
        " LIMIT 1)",
        "0 steps for 1 acknowledged",
    ),
    "a double inbox entry": (
        "ALTER TABLE notice DROP CONSTRAINT {notice_once}; INSERT INTO notice (id, version,"
        " created_at, person_id, message, payload, dedup, told_at) SELECT gen_random_uuid(),"
        " version, created_at, person_id, message, payload, dedup, told_at FROM notice LIMIT 1",
        "a notice stands twice",
    ),
    "a skipped lock": (
        "UPDATE offer_slot SET reserved = reserved - 1 WHERE ctid = (SELECT ctid FROM offer_slot"
        " WHERE reserved > 0 LIMIT 1)",
        "a slot's counts are not those of its lines",
    ),
    "a dropped constraint": (
        "ALTER TABLE cover DROP CONSTRAINT no_repeated_assistance",
        "a guard is gone: no_repeated_assistance",
    ),
    "the same covered twice": (
        "ALTER TABLE cover DROP CONSTRAINT no_repeated_assistance; INSERT INTO cover SELECT"
        " gen_random_uuid(), state, institution, topic, modality, period FROM cover LIMIT 1",
        "two undertakings overlap",
    ),
    "an approval by the proposer": (
        "ALTER TABLE match DROP CONSTRAINT approver_is_not_proposer; UPDATE match SET"
        " approved_by_id = proposed_by_id WHERE approved_by_id IS NOT NULL",
        "approved twice, or by who proposed",
    ),
    "a changed audit entry": (
        "UPDATE audit_entry SET action = 'forged' WHERE seq = 3",
        "an audit entry was changed",
    ),
    "a removed audit entry": (
        "DELETE FROM audit_entry WHERE seq = 3",
        "the audit trail has a gap",
    ),
    "an undelivered notification": (
        "UPDATE outbox SET done_at = NULL WHERE ctid = (SELECT ctid FROM outbox WHERE name ="
        " 'tell' AND done_at IS NOT NULL LIMIT 1)",
        "what is owed was not delivered",
    ),
}
"""Fault → what plants it, and what the checker has to say then."""
NOTICE_ONCE = """
SELECT conname FROM pg_constraint WHERE conrelid = 'notice'::regclass AND contype = 'u'
"""


async def missed(history: History, url: str) -> list[str]:
    """The planted faults that the checker does not see."""
    return [name for name in PLANTED if not await _is_seen(name, history, url)]


async def _is_seen(name: str, history: History, url: str) -> bool:
    statement, said = PLANTED[name]
    copy = with_database(url, "planted")
    source = str(credentials(url)["database"])
    admin = await asyncpg.connect(**credentials(with_database(url, "postgres")))
    try:
        await admin.execute('DROP DATABASE IF EXISTS "planted" WITH (FORCE)')
        await admin.execute(f'CREATE DATABASE "planted" TEMPLATE "{source}"')
        connection = await asyncpg.connect(**credentials(copy))
        try:
            once = await connection.fetchval(NOTICE_ONCE)
            await connection.execute("SET session_replication_role = replica")
            await connection.execute(statement.replace("{notice_once}", f'"{once}"'))
        finally:
            await connection.close()
        return any(said in found for found in await judge(history, copy))
    finally:
        await admin.execute('DROP DATABASE IF EXISTS "planted" WITH (FORCE)')
        await admin.close()
