"""Tables of providers' offers."""

from typing import TYPE_CHECKING
from uuid import UUID

from tortoise import fields
from tortoise.contrib.postgres.fields import ArrayField

from concord.database import Record
from concord.offers.states import Funding, OfferState
from concord.organizations.models import Organization
from concord.reference.models import Modality, State, Topic, Unit

if TYPE_CHECKING:
    from concord.matches.models import MatchLine


class Offer(Record):
    """A provider's offer; a directed one names a State. Empty `regions` means anywhere."""

    public_id = fields.CharField(max_length=16, unique=True)  # OFR-…
    organization: fields.ForeignKeyRelation[Organization] = fields.ForeignKeyField(
        "concord.Organization", related_name="offers", on_delete=fields.RESTRICT, db_index=True
    )
    organization_id: UUID
    directed_state: fields.ForeignKeyNullableRelation[State] = fields.ForeignKeyField(
        "concord.State",
        null=True,
        related_name="directed_offers",
        on_delete=fields.RESTRICT,
        db_index=True,
    )
    directed_state_id: str | None
    title = fields.CharField(max_length=300, default="")
    description = fields.TextField(default="")
    language = fields.CharField(max_length=35, default="en")
    conditions = fields.TextField(default="")
    delivery_languages: fields.Field[list[str]] = ArrayField(element_type="text", default=list)
    regions: fields.Field[list[str]] = ArrayField(element_type="text", default=list)  # M49 names
    tags: fields.Field[list[str]] = ArrayField(
        element_type="text", default=list
    )  # further topic codes
    past: fields.Field[list[str]] = ArrayField(element_type="text", default=list)  # past works
    starts_on = fields.DateField(null=True)
    ends_on = fields.DateField(null=True)

    state = fields.CharEnumField(OfferState, max_length=20, default=OfferState.DRAFT)
    state_since = fields.DatetimeField()
    due_at = fields.DatetimeField(null=True)
    scope_changed_at = fields.DatetimeField()
    submitted_at = fields.DatetimeField(null=True)
    published_at = fields.DatetimeField(null=True)
    expires_at = fields.DatetimeField(null=True)
    reconfirm_asked_at = fields.DatetimeField(null=True)  # once a year, before it expires
    created_by_id: UUID | None = fields.UUIDField(null=True)
    updated_at = fields.DatetimeField(auto_now=True)
    external_id = fields.CharField(max_length=120, null=True, unique=True)
    import_source = fields.CharField(max_length=300, null=True)

    slots: fields.ReverseRelation["OfferSlot"]
    exclusions: fields.ReverseRelation["OfferExclusion"]
    steps: fields.ReverseRelation["OfferStep"]
    clarifications: fields.ReverseRelation["OfferClarification"]

    class Meta:
        table = "offer"
        indexes = (("state", "due_at"),)


class OfferSlot(Record):
    """What can be given: held + reserved + delivered ≤ `capacity`, null for unlimited.

    `position` names the slot within its offer and is never given to another one. A slot that old
    match lines point to is `retired_at` instead of deleted: it is no longer on offer.
    """

    offer: fields.ForeignKeyRelation[Offer] = fields.ForeignKeyField(
        "concord.Offer", related_name="slots", on_delete=fields.CASCADE, db_index=True
    )
    offer_id: UUID
    position = fields.SmallIntField()
    topic: fields.ForeignKeyRelation[Topic] = fields.ForeignKeyField(
        "concord.Topic", related_name="offer_slots", on_delete=fields.RESTRICT, db_index=True
    )
    topic_id: str
    modality: fields.ForeignKeyRelation[Modality] = fields.ForeignKeyField(
        "concord.Modality", related_name="offer_slots", on_delete=fields.RESTRICT, db_index=True
    )
    modality_id: str
    capacity = fields.IntField(null=True)
    unit: fields.ForeignKeyNullableRelation[Unit] = fields.ForeignKeyField(
        "concord.Unit",
        null=True,
        related_name="offer_slots",
        on_delete=fields.RESTRICT,
        db_index=True,
    )
    unit_id: str | None
    funding = fields.CharEnumField(Funding, max_length=10, default=Funding.NONE)
    starts_on = fields.DateField(null=True)
    ends_on = fields.DateField(null=True)
    held = fields.IntField(default=0)
    reserved = fields.IntField(default=0)
    delivered = fields.IntField(default=0)
    retired_at = fields.DatetimeField(null=True)

    lines: fields.ReverseRelation["MatchLine"]

    class Meta:
        table = "offer_slot"
        unique_together = (("offer", "position"),)


class OfferExclusion(Record):
    """A State that the provider cannot serve: seen by UNODC and the provider alone."""

    offer: fields.ForeignKeyRelation[Offer] = fields.ForeignKeyField(
        "concord.Offer", related_name="exclusions", on_delete=fields.CASCADE, db_index=True
    )
    offer_id: UUID
    state: fields.ForeignKeyRelation[State] = fields.ForeignKeyField(
        "concord.State", related_name="excluded_from", on_delete=fields.RESTRICT, db_index=True
    )
    state_id: str

    class Meta:
        table = "offer_exclusion"
        unique_together = (("offer", "state"),)


class OfferStep(Record):
    """One transition of an offer, with its reason."""

    offer: fields.ForeignKeyRelation[Offer] = fields.ForeignKeyField(
        "concord.Offer", related_name="steps", on_delete=fields.CASCADE, db_index=True
    )
    offer_id: UUID
    verb = fields.CharField(max_length=30)
    source = fields.CharField(max_length=20)
    target = fields.CharField(max_length=20)
    at = fields.DatetimeField()
    person_id = fields.UUIDField(null=True)
    organization_id = fields.UUIDField(null=True)  # in whose name
    reasons: fields.Field[list[str]] = ArrayField(element_type="text", default=list)
    note = fields.TextField(default="")

    class Meta:
        table = "offer_step"


class OfferClarification(Record):
    """A question on an offer; a shared answer goes to everyone who may see the offer.

    Who asks is known to UNODC and the asker alone: a question names no State.
    """

    offer: fields.ForeignKeyRelation[Offer] = fields.ForeignKeyField(
        "concord.Offer", related_name="clarifications", on_delete=fields.CASCADE, db_index=True
    )
    offer_id: UUID
    asked_by_id = fields.UUIDField(null=True)
    asked_by_organization_id = fields.UUIDField(null=True)
    asked_at = fields.DatetimeField()
    question = fields.TextField()
    language = fields.CharField(max_length=35, default="en")
    due_at = fields.DatetimeField(null=True)
    answer = fields.TextField(null=True)
    answer_language = fields.CharField(max_length=35, default="en")
    answered_by_id = fields.UUIDField(null=True)
    answered_at = fields.DatetimeField(null=True)
    shared = fields.BooleanField(default=False)

    class Meta:
        table = "offer_clarification"
