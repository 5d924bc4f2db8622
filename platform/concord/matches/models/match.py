"""A match: its lines, participants, consents and steps."""

from uuid import UUID

from tortoise import fields
from tortoise.contrib.postgres.fields import ArrayField

from concord.database import Record
from concord.matches.states import MatchState
from concord.offers.models import Offer, OfferSlot
from concord.organizations.models import Organization
from concord.reference.models import State
from concord.requests.models import Request, RequestItem


class Match(Record):
    """A pairing taken forward by a coordinator.

    `hold_until` ends the holds of a match that is still being decided; `hold_lost_at` is when the
    clock gave them back although it still waits. `told_at` is null once a proposal was undone:
    nobody outside UNODC ever learns of it. `suspended_for` names who holds a suspension: request,
    state, provider, approver or verification.
    """

    public_id = fields.CharField(max_length=16, unique=True)  # MAT-…
    request: fields.ForeignKeyRelation[Request] = fields.ForeignKeyField(
        "concord.Request", related_name="matches", on_delete=fields.RESTRICT, db_index=True
    )
    request_id: UUID
    offer: fields.ForeignKeyRelation[Offer] = fields.ForeignKeyField(
        "concord.Offer", related_name="matches", on_delete=fields.RESTRICT, db_index=True
    )
    offer_id: UUID
    starts_on = fields.DateField()
    ends_on = fields.DateField()
    data_shared: fields.Field[list[str]] = ArrayField(
        element_type="text", default=list
    )  # parts the provider sees

    state = fields.CharEnumField(MatchState, max_length=20, default=MatchState.PROPOSED)
    state_since = fields.DatetimeField()
    state_before = fields.CharEnumField(MatchState, max_length=20, null=True)  # while suspended
    due_at = fields.DatetimeField(null=True)
    hold_until = fields.DatetimeField(null=True)
    hold_lost_at = fields.DatetimeField(null=True)
    warned_for = fields.DatetimeField(null=True)  # the end of hold or suspension last told
    suspended_for = fields.CharField(max_length=20, null=True)
    scope_changed_at = fields.DatetimeField()
    told_at = fields.DatetimeField(null=True)  # notices of the proposal wait until then: “undo”
    proposed_by_id = fields.UUIDField()
    proposed_at = fields.DatetimeField()
    rationale = fields.TextField(default="")  # UNODC only
    approved_by_id = fields.UUIDField(null=True)
    approved_at = fields.DatetimeField(null=True)
    risk_note = fields.TextField(default="")  # UNODC only
    risk_mitigation = fields.TextField(default="")  # UNODC only
    funding_note = fields.TextField(default="")  # who pays the unfunded part
    agreed_at = fields.DatetimeField(null=True)
    started_at = fields.DatetimeField(null=True)
    delivered_at = fields.DatetimeField(null=True)
    stalled_at = fields.DatetimeField(null=True)  # when an approver was asked about it
    silent: fields.Field[list[str] | None] = ArrayField(
        element_type="text", null=True
    )  # at closing: “state:QMM”, or the id of an organization that did not evaluate
    model_version = fields.CharField(max_length=120, default="")
    rank = fields.IntField(null=True)

    lines: fields.ReverseRelation["MatchLine"]
    participants: fields.ReverseRelation["Participant"]
    consents: fields.ReverseRelation["Consent"]
    steps: fields.ReverseRelation["MatchStep"]

    class Meta:
        table = "match"
        indexes = (("state", "due_at"),)


class MatchLine(Record):
    """Request item × offer slot × quantity; `status` is held, reserved or released.

    What was delivered of it stays counted whatever becomes of the match; `undertaking_id` is
    shared by deliveries that serve one purpose: by default that of the item.
    """

    match: fields.ForeignKeyRelation[Match] = fields.ForeignKeyField(
        "concord.Match", related_name="lines", on_delete=fields.CASCADE, db_index=True
    )
    match_id: UUID
    item: fields.ForeignKeyRelation[RequestItem] = fields.ForeignKeyField(
        "concord.RequestItem", related_name="lines", on_delete=fields.RESTRICT, db_index=True
    )
    item_id: UUID
    slot: fields.ForeignKeyRelation[OfferSlot] = fields.ForeignKeyField(
        "concord.OfferSlot", related_name="lines", on_delete=fields.RESTRICT, db_index=True
    )
    slot_id: UUID
    item_quantity = fields.IntField()
    slot_quantity = fields.IntField()
    delivered_item = fields.IntField(default=0, db_default=0)
    delivered_slot = fields.IntField(default=0, db_default=0)
    ratio_reason = fields.TextField(default="")
    undertaking_id = fields.UUIDField()
    status = fields.CharField(max_length=10, default="held")
    live = fields.BooleanField(default=True)  # one live line per (item, slot)

    class Meta:
        table = "match_line"


class Participant(Record):
    """An organization in a match: provider, funder or host; each accepts."""

    match: fields.ForeignKeyRelation[Match] = fields.ForeignKeyField(
        "concord.Match", related_name="participants", on_delete=fields.CASCADE, db_index=True
    )
    match_id: UUID
    organization: fields.ForeignKeyRelation[Organization] = fields.ForeignKeyField(
        "concord.Organization",
        related_name="participations",
        on_delete=fields.RESTRICT,
        db_index=True,
    )
    organization_id: UUID
    role = fields.CharField(max_length=20, default="provider")
    invited_at = fields.DatetimeField(null=True)
    accepted_at = fields.DatetimeField(null=True)
    accepted_by_id = fields.UUIDField(null=True)
    no_conflict_declared = fields.BooleanField(default=False)
    note = fields.TextField(default="")

    class Meta:
        table = "participant"
        unique_together = (("match", "organization", "role"),)


class Consent(Record):
    """A requesting State's consent to one match: who, when, exact text, scope of data shared.

    It counts until `withdrawn_at`: withdrawn by the State, or overtaken by a change of scope.
    """

    match: fields.ForeignKeyRelation[Match] = fields.ForeignKeyField(
        "concord.Match", related_name="consents", on_delete=fields.CASCADE, db_index=True
    )
    match_id: UUID
    state: fields.ForeignKeyRelation[State] = fields.ForeignKeyField(
        "concord.State", related_name="consents", on_delete=fields.RESTRICT, db_index=True
    )
    state_id: str
    text = fields.TextField()
    text_language = fields.CharField(max_length=35, default="en")
    data_shared: fields.Field[list[str]] = ArrayField(element_type="text", default=list)
    given_at = fields.DatetimeField()
    person_id = fields.UUIDField(null=True)
    on_behalf_note = fields.CharField(max_length=120, null=True)
    withdrawn_at = fields.DatetimeField(null=True)

    class Meta:
        table = "consent"


class MatchStep(Record):
    """One transition of a match; `reason` and `note` are read by UNODC and their author."""

    match: fields.ForeignKeyRelation[Match] = fields.ForeignKeyField(
        "concord.Match", related_name="steps", on_delete=fields.CASCADE, db_index=True
    )
    match_id: UUID
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
        table = "match_step"
