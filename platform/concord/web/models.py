"""Table of commands that were carried out."""

from tortoise import fields
from tortoise.contrib.postgres.fields import ArrayField

from concord.database import Record


class IdempotencyKey(Record):
    """A command that was carried out: repeating its key answers the same and changes nothing."""

    key = fields.CharField(max_length=80)
    person_id = fields.UUIDField()
    fingerprint = fields.CharField(max_length=64)
    status = fields.SmallIntField(null=True)
    location = fields.CharField(max_length=500, null=True)
    cookies: fields.Field[list[str]] = ArrayField(element_type="text", default=list)

    class Meta:
        table = "idempotency_key"
        unique_together = (("person_id", "key"),)
