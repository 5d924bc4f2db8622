"""Deliveries under a match: what was planned, reported and confirmed."""

from uuid import UUID

from tortoise import fields
from tortoise.contrib.postgres.fields import ArrayField

from concord.database import Record
from concord.matches.delivery_states import DeliveryState
from concord.matches.models.match import Match, MatchLine


class Delivery(Record):
    """Work under an agreed match; `confirmed_by` is state, silence or unodc.

    What silence or UNODC confirmed counts as delivered, and apart: no State confirmed it.
    """

    public_id = fields.CharField(max_length=16, unique=True)  # DLV-…
    match: fields.ForeignKeyRelation[Match] = fields.ForeignKeyField(
        "concord.Match", related_name="deliveries", on_delete=fields.RESTRICT, db_index=True
    )
    match_id: UUID
    title = fields.CharField(max_length=300)
    place = fields.CharField(max_length=300, default="")
    starts_on = fields.DateField()
    ends_on = fields.DateField()
    state = fields.CharEnumField(DeliveryState, max_length=20, default=DeliveryState.PLANNED)
    state_since = fields.DatetimeField()
    due_at = fields.DatetimeField(null=True)
    planned_by_id = fields.UUIDField(null=True)
    report = fields.TextField(default="")
    language = fields.CharField(max_length=35, default="en")
    outputs: fields.Field[list[str]] = ArrayField(element_type="text", default=list)
    reported_at = fields.DatetimeField(null=True)
    dispute_reason = fields.CharField(max_length=80, null=True)
    dispute_note = fields.TextField(default="")
    decided_at = fields.DatetimeField(null=True)
    confirmed_by = fields.CharField(max_length=10, null=True)
    reminded_at = fields.DatetimeField(null=True)  # of an overdue report or dispute

    lines: fields.ReverseRelation["DeliveryLine"]
    attendance: fields.ReverseRelation["DeliveryParticipants"]
    milestones: fields.ReverseRelation["Milestone"]
    steps: fields.ReverseRelation["DeliveryStep"]

    class Meta:
        table = "delivery"
        indexes = (("state", "due_at"),)


class DeliveryLine(Record):
    """How much of a match line: planned, reported and confirmed, in the item's unit."""

    delivery: fields.ForeignKeyRelation[Delivery] = fields.ForeignKeyField(
        "concord.Delivery", related_name="lines", on_delete=fields.CASCADE, db_index=True
    )
    delivery_id: UUID
    line: fields.ForeignKeyRelation[MatchLine] = fields.ForeignKeyField(
        "concord.MatchLine", related_name="deliveries", on_delete=fields.RESTRICT, db_index=True
    )
    line_id: UUID
    quantity = fields.IntField()
    reported_quantity = fields.IntField(null=True)
    confirmed_quantity = fields.IntField(null=True)

    @property
    def effective(self) -> int:
        """What counts against the line at present."""
        for quantity in (self.confirmed_quantity, self.reported_quantity):
            if quantity is not None:
                return quantity
        return self.quantity

    class Meta:
        table = "delivery_line"
        unique_together = (("delivery", "line"),)


class DeliveryParticipants(Record):
    """How many took part, from which institution, by sex; never who."""

    delivery: fields.ForeignKeyRelation[Delivery] = fields.ForeignKeyField(
        "concord.Delivery", related_name="attendance", on_delete=fields.CASCADE, db_index=True
    )
    delivery_id: UUID
    institution = fields.CharField(max_length=300)
    women = fields.IntField(default=0)
    men = fields.IntField(default=0)
    other = fields.IntField(default=0)  # other, or not stated

    class Meta:
        table = "delivery_participants"


class Milestone(Record):
    """A step of a delivery: when it is due, and when it was done."""

    delivery: fields.ForeignKeyRelation[Delivery] = fields.ForeignKeyField(
        "concord.Delivery", related_name="milestones", on_delete=fields.CASCADE, db_index=True
    )
    delivery_id: UUID
    position = fields.SmallIntField()
    title = fields.CharField(max_length=300)
    due_on = fields.DateField()
    done_on = fields.DateField(null=True)

    class Meta:
        table = "milestone"
        unique_together = (("delivery", "position"),)


class DeliveryStep(Record):
    """One transition of a delivery; `reason` and `note` of a dispute are read by both sides."""

    delivery: fields.ForeignKeyRelation[Delivery] = fields.ForeignKeyField(
        "concord.Delivery", related_name="steps", on_delete=fields.CASCADE, db_index=True
    )
    delivery_id: UUID
    verb = fields.CharField(max_length=30)
    source = fields.CharField(max_length=20, null=True)
    target = fields.CharField(max_length=20)
    at = fields.DatetimeField()
    person_id = fields.UUIDField(null=True)
    organization_id = fields.UUIDField(null=True)
    on_behalf_of = fields.CharField(max_length=3, null=True)
    reason = fields.CharField(max_length=80, null=True)
    note = fields.TextField(default="")

    class Meta:
        table = "delivery_step"
