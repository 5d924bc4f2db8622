"""Tables of external activities, of their imports, and of names that wait for a person."""

from typing import ClassVar
from uuid import UUID

from tortoise import fields
from tortoise.contrib.postgres.fields import ArrayField
from tortoise.fields.db_defaults import SqlDefault

from concord.database import Record
from concord.reference.models import State

NO_PAIRS, NO_ROWS, NONE = SqlDefault("'{}'"), SqlDefault("'[]'"), SqlDefault("'{}'")


class ActivityImport(Record):
    """One run of an import: which file, whose, by whom, and what came of it."""

    file_name = fields.CharField(max_length=300)
    sha256 = fields.CharField(max_length=64)
    format = fields.CharField(max_length=20)  # csv, or iati with its version
    publisher = fields.CharField(max_length=200, default="")
    imported_by_id = fields.UUIDField(null=True)
    imported_at = fields.DatetimeField()
    created = fields.IntField(default=0)
    changed = fields.IntField(default=0)
    unchanged = fields.IntField(default=0)
    older = fields.IntField(default=0)
    refused = fields.IntField(default=0)

    class Meta:
        table = "activity_import"


class ExternalActivity(Record):
    """Somebody else's project: it warns and never blocks. `state` is the first of `states`."""

    publisher = fields.CharField(max_length=200, default="", db_default="")
    identifier = fields.CharField(max_length=200)
    source = fields.CharField(max_length=200)
    title = fields.TextField()
    description = fields.TextField(default="")
    language = fields.CharField(max_length=35, default="en")
    translations: fields.Field[dict[str, dict[str, str]]] = fields.JSONField(
        default=dict, db_default=NO_PAIRS
    )
    provider = fields.CharField(max_length=300, default="")
    provider_type = fields.CharField(max_length=10, default="", db_default="")
    status = fields.CharField(max_length=40, default="")
    state: fields.ForeignKeyNullableRelation[State] = fields.ForeignKeyField(
        "concord.State",
        related_name="activities",
        on_delete=fields.RESTRICT,
        db_index=True,
        null=True,
    )
    state_id: str | None
    states: fields.Field[list[str]] = ArrayField(
        element_type="text", default=list, db_default=NONE
    )
    places: fields.Field[list[dict[str, object]]] = fields.JSONField(
        default=list, db_default=NO_ROWS
    )
    names: fields.Field[list[str]] = ArrayField(element_type="text", default=list, db_default=NONE)
    topics: fields.Field[list[str]] = ArrayField(element_type="text", default=list)
    starts_on = fields.DateField(null=True)
    ends_on = fields.DateField(null=True)
    dates: fields.Field[dict[str, str]] = fields.JSONField(default=dict, db_default=NO_PAIRS)
    sectors: fields.Field[list[dict[str, str]]] = fields.JSONField(
        default=list, db_default=NO_ROWS
    )
    participants: fields.Field[list[dict[str, str]]] = fields.JSONField(
        default=list, db_default=NO_ROWS
    )
    amount = fields.DecimalField(max_digits=18, decimal_places=2, null=True)
    currency = fields.CharField(max_length=3, null=True)
    url = fields.CharField(max_length=500, default="")
    stated_at = fields.DatetimeField(null=True)
    marks: fields.Field[list[str]] = ArrayField(element_type="text", default=list, db_default=NONE)
    line = fields.IntField(default=0, db_default=0)
    imported: fields.ForeignKeyNullableRelation[ActivityImport] = fields.ForeignKeyField(
        "concord.ActivityImport",
        related_name="activities",
        on_delete=fields.RESTRICT,
        db_index=True,
        null=True,
    )
    imported_id: UUID | None

    class Meta:
        table = "external_activity"
        unique_together = (("publisher", "identifier"),)


class ImportedName(Record):
    """A name in somebody else's file that is in no list of ours; a person's answer is kept."""

    ALL: ClassVar[UUID] = UUID(int=0)
    """Under which the one task to answer them is kept."""

    key = fields.CharField(max_length=200, unique=True)  # without accents, case and punctuation
    name = fields.CharField(max_length=300)
    source = fields.CharField(max_length=300, default="")
    answer = fields.CharField(max_length=20, null=True)  # state, not_a_state
    state: fields.ForeignKeyNullableRelation[State] = fields.ForeignKeyField(
        "concord.State", related_name="imported_names", on_delete=fields.RESTRICT, null=True
    )
    state_id: str | None
    answered_by_id = fields.UUIDField(null=True)
    answered_at = fields.DatetimeField(null=True)

    class Meta:
        table = "imported_name"
