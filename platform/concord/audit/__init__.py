"""The append-only, hash-chained trail of every transition: ids, counts and hashes, no names."""

import json
from datetime import datetime
from functools import partial
from uuid import UUID

from concord.actor import Actor
from concord.audit.models import AuditEntry
from concord.commits import before_commit

__all__ = ["AuditEntry", "record"]

APPEND = """
INSERT INTO audit_entry (seq, at, person_id, role, organization_id, on_behalf_of, action,
  subject_kind, subject_id, facts, previous, hash)
VALUES (0, $1, $2, $3, $4, $5, $6, $7, $8, $9, '', '')
"""


async def record(
    action: str,
    *,
    actor: Actor,
    subject_kind: str,
    subject_id: UUID,
    now: datetime,
    on_behalf_of: str | None = None,
    **facts: str | int | float | bool | list[str] | None,
) -> None:
    """Append an entry: the last thing that the transaction does, whenever it is asked for.

    Its lock lets one commit at a time through: whoever holds it waits for no other.
    """
    values: list[object] = [
        now,
        actor.person_id,
        _role_of(actor),
        actor.organization_id,
        on_behalf_of,
        action,
        subject_kind,
        subject_id,
        json.dumps(facts, sort_keys=True),
    ]
    await before_commit(partial(_append, values))


async def _append(values: list[object]) -> None:
    await AuditEntry._meta.db.execute_query(APPEND, values)


def _role_of(actor: Actor) -> str | None:
    """The role, or the name of what is no person (the clock); never a person's name."""
    if actor.role:
        return actor.role.value
    return None if actor.is_signed_in else actor.name or None
