"""The append-only, hash-chained trail of every transition: ids, counts and hashes, no names."""

import json
from datetime import datetime
from uuid import UUID

from tortoise import fields
from tortoise.models import Model

from concord.actor import Actor


class AuditEntry(Model):
    """One entry; the database numbers it, chains `hash` to the one before, and refuses changes."""

    seq = fields.BigIntField(primary_key=True, generated=False)
    at = fields.DatetimeField()
    person_id = fields.UUIDField(null=True)
    role = fields.CharField(max_length=20, null=True)
    organization_id = fields.UUIDField(null=True)
    on_behalf_of = fields.CharField(max_length=3, null=True)
    action = fields.CharField(max_length=60)
    subject_kind = fields.CharField(max_length=30)
    subject_id = fields.UUIDField(db_index=True)
    facts: fields.Field[dict[str, object]] = fields.JSONField(default=dict)
    previous = fields.BinaryField()
    hash = fields.BinaryField()

    class Meta:
        table = "audit_entry"


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
    """Append an entry, last in a transaction: its lock lets one commit at a time through."""
    connection = AuditEntry._meta.db
    await connection.execute_query(
        "INSERT INTO audit_entry (seq, at, person_id, role, organization_id, on_behalf_of, action,"
        " subject_kind, subject_id, facts, previous, hash)"
        " VALUES (0, $1, $2, $3, $4, $5, $6, $7, $8, $9, '', '')",
        [
            now,
            actor.person_id,
            _role_of(actor),
            actor.organization_id,
            on_behalf_of,
            action,
            subject_kind,
            subject_id,
            json.dumps(facts, sort_keys=True),
        ],
    )


def _role_of(actor: Actor) -> str | None:
    """The role, or the name of what is no person (the clock); never a person's name."""
    if actor.role:
        return actor.role.value
    return None if actor.is_signed_in else actor.name or None
