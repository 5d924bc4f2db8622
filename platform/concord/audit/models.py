"""Tables of the trail: its entries, and what became of looking at the whole chain."""

from tortoise import fields
from tortoise.models import Model

from concord.database import Record


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


class AuditCheck(Record):
    """One look at the chain: from where to where, and the first break, if there was one.

    `found` is empty while the chain is whole, else changed, removed, reordered or inserted; it
    names the entry `found_at` (or those from there to `found_to`).
    """

    at = fields.DatetimeField()
    first_seq = fields.BigIntField()
    last_seq = fields.BigIntField()
    entries = fields.BigIntField()
    head = fields.BinaryField()
    found = fields.CharField(max_length=20, default="")
    found_at = fields.BigIntField(null=True)
    found_to = fields.BigIntField(null=True)

    class Meta:
        table = "audit_check"
