"""What both sides say of a delivered match, and the lesson drafted from it."""

from uuid import UUID

from tortoise import fields

from concord.database import Record
from concord.matches.models.match import Match
from concord.organizations.models import Organization
from concord.reference.models import State


class Evaluation(Record):
    """The form of one side, a requesting State or an organization; ratings run from 1 to 5."""

    match: fields.ForeignKeyRelation[Match] = fields.ForeignKeyField(
        "concord.Match", related_name="evaluations", on_delete=fields.CASCADE, db_index=True
    )
    match_id: UUID
    state: fields.ForeignKeyNullableRelation[State] = fields.ForeignKeyField(
        "concord.State",
        null=True,
        related_name="evaluations",
        on_delete=fields.RESTRICT,
        db_index=True,
    )
    state_id: str | None
    organization: fields.ForeignKeyNullableRelation[Organization] = fields.ForeignKeyField(
        "concord.Organization",
        null=True,
        related_name="evaluations",
        on_delete=fields.RESTRICT,
        db_index=True,
    )
    organization_id: UUID | None
    ratings: fields.Field[dict[str, int]] = fields.JSONField(default=dict)
    text = fields.TextField(default="")
    change = fields.TextField(default="")  # what this side would change
    language = fields.CharField(max_length=35, default="en")
    person_id = fields.UUIDField(null=True)
    given_at = fields.DatetimeField()

    class Meta:
        table = "evaluation"
        unique_together = (("match", "state"), ("match", "organization"))


class LessonDraft(Record):
    """A lesson drafted when a match closes: published only if the State agrees to the text."""

    match: fields.OneToOneRelation[Match] = fields.OneToOneField(
        "concord.Match", related_name="lesson", on_delete=fields.CASCADE
    )
    match_id: UUID
    title = fields.CharField(max_length=300)
    text = fields.TextField()
    language = fields.CharField(max_length=35, default="en")
    drafted_at = fields.DatetimeField()
    answered_at = fields.DatetimeField(null=True)
    agreed = fields.BooleanField(null=True)
    person_id = fields.UUIDField(null=True)  # who answered for the State

    class Meta:
        table = "lesson_draft"
