"""Tables of duplicate flags: this may repeat that; a person answers and the answer is kept."""

from uuid import UUID

from tortoise import fields

from concord.database import Record


class DuplicateFlag(Record):
    """`kind`: request_request, match_undertaking, match_activity, offer_offer, organization."""

    kind = fields.CharField(max_length=30)
    left_id = fields.UUIDField(db_index=True)  # the smaller id where both are of a kind
    right_id = fields.UUIDField(db_index=True)
    score = fields.FloatField()
    verdict = fields.CharField(max_length=20)  # likely, possible
    agreeing: fields.Field[dict[str, object]] = fields.JSONField(default=dict)
    model_version = fields.CharField(max_length=60, default="")
    answer = fields.CharField(max_length=20, null=True)  # same, different
    answer_note = fields.TextField(default="")
    answered_by_id = fields.UUIDField(null=True)
    answered_at = fields.DatetimeField(null=True)

    class Meta:
        table = "duplicate_flag"
        unique_together = (("kind", "left_id", "right_id"),)


class DuplicateAnswer(Record):
    """Every answer that was ever given to a flag; `answer` is null where it was opened again."""

    flag: fields.ForeignKeyRelation[DuplicateFlag] = fields.ForeignKeyField(
        "concord.DuplicateFlag", related_name="answers", on_delete=fields.CASCADE, db_index=True
    )
    flag_id: UUID
    answer = fields.CharField(max_length=20, null=True)
    note = fields.TextField(default="")
    answered_by_id = fields.UUIDField(null=True)
    answered_at = fields.DatetimeField()

    class Meta:
        table = "duplicate_answer"
