"""Tables of what people were told and what waits for them."""

from uuid import UUID

from tortoise import fields
from tortoise.contrib.postgres.fields import ArrayField

from concord.accounts.models import Person
from concord.database import Record


class Notice(Record):
    """One message in one person's inbox; `dedup` makes it appear once whatever is repeated."""

    person: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField(
        "concord.Person", related_name="notices", on_delete=fields.CASCADE, db_index=True
    )
    person_id: UUID
    message = fields.CharField(max_length=60)
    payload: fields.Field[dict[str, object]] = fields.JSONField()
    dedup = fields.CharField(max_length=120)
    told_at = fields.DatetimeField()
    read_at = fields.DatetimeField(null=True)

    class Meta:
        table = "notice"
        unique_together = (("person", "dedup"),)


class Task(Record):
    """Something that waits: for a State's focal points, a provider's admins, or UNODC roles.

    Who it is for is `roles` plus, where set, `organization_id` or `state_code`; `person_id`
    narrows it to one. `subject_public_id` is shown; confidential text never is.
    """

    kind = fields.CharField(max_length=60)
    subject_kind = fields.CharField(max_length=30)
    subject_id = fields.UUIDField(db_index=True)
    subject_public_id = fields.CharField(max_length=16)
    roles: fields.Field[list[str]] = ArrayField(element_type="text")
    organization_id = fields.UUIDField(null=True, db_index=True)
    state_code = fields.CharField(max_length=3, null=True, db_index=True)
    person_id = fields.UUIDField(null=True, db_index=True)
    opened_at = fields.DatetimeField()
    due_at = fields.DatetimeField(null=True)
    closed_at = fields.DatetimeField(null=True)
    reminded_at = fields.DatetimeField(null=True)

    class Meta:
        table = "task"
