"""Moves the open tasks of somebody who leaves, and refuses to leave any with nobody."""

from datetime import datetime

from tortoise.connection import get_connection

from concord.accounts.hand_over import NOBODY_LEFT, Departure
from concord.actor import SECRETARIAT_ROLES, STATE_ROLES
from concord.errors import Conflict

CLOSE_TWINS = """
UPDATE task t SET closed_at = $3 WHERE t.closed_at IS NULL AND t.person_id = $1 AND EXISTS (
    SELECT 1 FROM task h WHERE h.closed_at IS NULL AND h.person_id = $2
    AND h.kind = t.kind AND h.subject_id = t.subject_id
    AND h.organization_id IS NOT DISTINCT FROM t.organization_id
    AND h.state_code IS NOT DISTINCT FROM t.state_code)
"""
"""The heir may already have the same task, which is open once a person."""
MOVE = """
UPDATE task SET person_id = $2
WHERE closed_at IS NULL AND person_id = $1 AND roles && $3 AND roles && $4 RETURNING id
"""
LEFT_BEHIND = """
SELECT 1 FROM task WHERE closed_at IS NULL AND person_id = $1 AND roles && $2 LIMIT 1
"""
UNTAKEN = """
SELECT 1 FROM task t WHERE t.closed_at IS NULL AND t.person_id IS NULL AND EXISTS (
    SELECT 1 FROM membership m JOIN organization o ON o.id = m.organization_id
    WHERE m.id = ANY($1) AND m.role = ANY(t.roles) AND (
        coalesce(t.organization_id::text, t.state_code) IS NULL
        OR t.organization_id = m.organization_id
        OR t.state_code = o.state_id AND m.role = ANY($2)
        OR t.state_code IS NOT NULL AND m.role = ANY($3))
) AND NOT EXISTS (
    SELECT 1 FROM membership m JOIN organization o ON o.id = m.organization_id
    JOIN person p ON p.id = m.person_id AND p.state = 'active'
    WHERE m.ended_at IS NULL AND m.role = ANY(t.roles) AND (
        coalesce(t.organization_id::text, t.state_code) IS NULL
        OR t.organization_id = m.organization_id
        OR t.state_code = o.state_id AND m.role = ANY($2)
        OR t.state_code IS NOT NULL AND m.role = ANY($3) AND (
            m.role <> 'coordinator' OR cardinality(m.states) = 0 OR t.state_code = ANY(m.states)))
) LIMIT 1
"""
"""An open task of a role that was given up, at its place, which nobody active can take."""


async def move_tasks(departure: Departure, now: datetime) -> int:
    """How many tasks by name moved to the heir; `Conflict` when any would stay with nobody."""
    connection = get_connection("default")
    given_up, heir_id = sorted(departure.roles), departure.heir_id
    moved: list[dict[str, object]] = []
    if heir_id is not None:
        await connection.execute_query(CLOSE_TWINS, [departure.person_id, heir_id, now])
        moved = await connection.execute_query_dict(
            MOVE, [departure.person_id, heir_id, given_up, sorted(departure.heir_roles)]
        )
    left = await connection.execute_query_dict(LEFT_BEHIND, [departure.person_id, given_up])
    untaken = await connection.execute_query_dict(
        UNTAKEN,
        [sorted(departure.membership_ids), sorted(STATE_ROLES), sorted(SECRETARIAT_ROLES)],
    )
    if left or untaken:
        raise Conflict(NOBODY_LEFT)
    return len(moved)
