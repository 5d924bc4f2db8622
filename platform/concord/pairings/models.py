"""Tables of computed pairings: request against offer, ranked and explained."""

from uuid import UUID

from tortoise import fields

from concord.database import Record
from concord.offers.models import Offer
from concord.requests.models import Request


class Ranking(Record):
    """The latest run of the matcher for one request: how many offers, which barred and why."""

    request: fields.OneToOneRelation[Request] = fields.OneToOneField(
        "concord.Request", related_name="ranking", on_delete=fields.CASCADE
    )
    request_id: UUID
    model_version = fields.CharField(max_length=120)
    computed_at = fields.DatetimeField()
    considered = fields.IntField()
    eligible = fields.IntField()
    barred: fields.Field[dict[str, int]] = fields.JSONField(default=dict)  # gate → offers
    cutoff = fields.FloatField(null=True)  # the last score listed, where the list is full

    class Meta:
        table = "ranking"


class Pairing(Record):
    """A candidate: `components` sum to `score`; `explanation` holds codes, no prose."""

    request: fields.ForeignKeyRelation[Request] = fields.ForeignKeyField(
        "concord.Request", related_name="pairings", on_delete=fields.CASCADE, db_index=True
    )
    request_id: UUID
    offer: fields.ForeignKeyRelation[Offer] = fields.ForeignKeyField(
        "concord.Offer", related_name="pairings", on_delete=fields.CASCADE, db_index=True
    )
    offer_id: UUID
    rank = fields.IntField()
    score = fields.FloatField()
    components: fields.Field[dict[str, float]] = fields.JSONField(default=dict)
    explanation: fields.Field[dict[str, object]] = fields.JSONField(default=dict)
    gates: fields.Field[list[dict[str, object]]] = fields.JSONField(
        default=list
    )  # passed, and how nearly failed
    lines: fields.Field[list[dict[str, object]]] = fields.JSONField(
        default=list
    )  # suggested item × slot
    model_version = fields.CharField(max_length=120)
    computed_at = fields.DatetimeField()

    class Meta:
        table = "pairing"
        unique_together = (("request", "offer"),)
