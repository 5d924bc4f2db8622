"""Tables of external activities and of the cover that prevents repeated assistance."""

from tortoise import fields
from tortoise.contrib.postgres.fields import ArrayField

from concord.database import Record
from concord.reference.models import State


class ExternalActivity(Record):
    """Somebody else's project: it warns and never blocks."""

    identifier = fields.CharField(max_length=200, unique=True)
    source = fields.CharField(max_length=200)
    title = fields.TextField()
    description = fields.TextField(default="")
    language = fields.CharField(max_length=35, default="en")
    provider = fields.CharField(max_length=300, default="")
    status = fields.CharField(max_length=40, default="")
    state: fields.ForeignKeyRelation[State] = fields.ForeignKeyField(
        "concord.State", related_name="activities", on_delete=fields.RESTRICT, db_index=True
    )
    state_id: str
    topics: fields.Field[list[str]] = ArrayField(element_type="text", default=list)
    starts_on = fields.DateField(null=True)
    ends_on = fields.DateField(null=True)
    amount = fields.DecimalField(max_digits=18, decimal_places=2, null=True)
    currency = fields.CharField(max_length=3, null=True)
    url = fields.CharField(max_length=500, default="")

    class Meta:
        table = "external_activity"
