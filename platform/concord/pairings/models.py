"""Tables of computed pairings: request against offer, ranked and explained."""

from typing import Any
from uuid import UUID

from tortoise import fields
from tortoise.contrib.postgres.fields import ArrayField

from concord.database import Record
from concord.offers.models import Offer
from concord.pairings.chance import CURVE_FROM, DISTRUSTED
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
    nearest = fields.BooleanField(default=False)  # alone: the others were not looked at
    eligible = fields.IntField()
    barred: fields.Field[dict[str, int]] = fields.JSONField(default=dict)  # gate → offers
    cutoff = fields.FloatField(null=True)  # the last score listed, where the list is full
    head_low = fields.FloatField(null=True)  # text values that a learned order gave anew,
    head_high = fields.FloatField(null=True)  # the lowest and the highest; none without one

    class Meta:
        table = "ranking"


class Outlook(Record):
    """What stands between a request and offers that would otherwise be possible.

    `alone`: by gate, offers that this one condition keeps away; `values`: of a language or a
    kind of help, what those offers give instead. No exclusion of either side, no offer that is
    directed to another State, and nothing that matches have used up is counted anywhere in it.
    """

    request: fields.OneToOneRelation[Request] = fields.OneToOneField(
        "concord.Request", related_name="outlook", on_delete=fields.CASCADE
    )
    request_id: UUID
    computed_at = fields.DatetimeField()
    possible = fields.IntField()
    alone: fields.Field[dict[str, int]] = fields.JSONField(default=dict)
    values: fields.Field[dict[str, dict[str, int]]] = fields.JSONField(default=dict)

    class Meta:
        table = "outlook"


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
    signals: fields.Field[dict[str, float] | None] = fields.JSONField(
        null=True
    )  # what the text's value was made of
    model_version = fields.CharField(max_length=120)
    computed_at = fields.DatetimeField()

    class Meta:
        table = "pairing"
        unique_together = (("request", "offer"),)


class ShownList(Record):
    """A ranking as a person saw it: once for each run and person, with what it was made of.

    `offers`, in the order shown, each with rank, score, components and signals.
    """

    request: fields.ForeignKeyRelation[Request] = fields.ForeignKeyField(
        "concord.Request", related_name="shown_lists", on_delete=fields.CASCADE, db_index=True
    )
    request_id: UUID
    person_id = fields.UUIDField()
    model_version = fields.CharField(max_length=120)
    computed_at = fields.DatetimeField()
    shown_at = fields.DatetimeField()
    length = fields.IntField()
    offers: fields.Field[list[dict[str, Any]]] = fields.JSONField()

    class Meta:
        table = "shown_list"
        unique_together = (("request", "computed_at", "person_id"),)


class MatcherModel(Record):
    """An order of texts that was learned from decisions, what it was worth, and its verdict.

    In force while it is adopted and not superseded; one at a time. `calibrates` is the order
    that slope and intercept turn into a probability: this one, or the one it failed to replace.
    """

    number = fields.IntField(unique=True)
    encoder = fields.CharField(max_length=60)
    weights = fields.BinaryField(null=True)
    trained_at = fields.DatetimeField()
    asked_by_id = fields.UUIDField(null=True)  # None: the clock
    in_force_then = fields.CharField(max_length=30, default="")
    lists = fields.IntField()
    requests = fields.IntField()
    decisions = fields.IntField()
    before = fields.FloatField()
    after = fields.FloatField()
    gain = fields.FloatField()
    low = fields.FloatField()
    high = fields.FloatField()
    agreement = fields.FloatField()
    refusals: fields.Field[list[str]] = ArrayField(element_type="text", default=list)
    calibrates = fields.CharField(max_length=30, default="")
    slope = fields.FloatField(null=True)
    intercept = fields.FloatField(null=True)
    error = fields.FloatField(null=True)
    adopted_at = fields.DatetimeField(null=True)
    adopted_by_id = fields.UUIDField(null=True)  # None: the clock
    superseded_at = fields.DatetimeField(null=True)
    superseded_by_id = fields.UUIDField(null=True)  # who took it back; None: its successor

    class Meta:
        table = "matcher_model"

    @property
    def name(self) -> str:
        return f"learned-{self.number}"

    @property
    def has_curve(self) -> bool:
        """Whether enough was decided, and nothing of it odd, to say how likely a score is."""
        is_trusted = self.decisions >= CURVE_FROM and not set(DISTRUSTED) & set(self.refusals)
        return self.slope is not None and is_trusted

    @property
    def is_in_force(self) -> bool:
        return self.adopted_at is not None and self.superseded_at is None


class EquityWeight(Record):
    """What being least served adds to a score, as a person set it; the latest one counts."""

    weight = fields.FloatField()
    set_at = fields.DatetimeField()
    set_by_id = fields.UUIDField()

    class Meta:
        table = "equity_weight"
