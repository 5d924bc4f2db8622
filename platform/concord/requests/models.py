"""Tables of requests for technical assistance."""

from typing import TYPE_CHECKING
from uuid import UUID

from tortoise import fields
from tortoise.contrib.postgres.fields import ArrayField

from concord.accounts.models import Person
from concord.database import Record
from concord.organizations.models import Organization
from concord.reference.models import Beneficiary, Modality, State, Topic, Unit
from concord.requests.states import Confidentiality, RequestState

if TYPE_CHECKING:
    from concord.matches.models import Match


class Request(Record):
    """A State's request; `circulation_text` and `public_summary` are the two exact texts.

    `scope_changed_at` moves with items, quantities, window, institutions, class and data shared.
    """

    public_id = fields.CharField(max_length=16, unique=True)  # REQ-…
    lead_state: fields.ForeignKeyRelation[State] = fields.ForeignKeyField(
        "concord.State", related_name="requests", on_delete=fields.RESTRICT, db_index=True
    )
    lead_state_id: str
    co_states: fields.Field[list[str]] = ArrayField(
        element_type="text", default=list
    )  # those of `parties`, so that one row says who may see it
    authority: fields.ForeignKeyNullableRelation[Organization] = fields.ForeignKeyField(
        "concord.Organization",
        null=True,
        related_name="requests",
        on_delete=fields.RESTRICT,
        db_index=True,
    )
    authority_id: UUID | None
    title = fields.CharField(max_length=300, default="")
    description = fields.TextField(default="")
    language = fields.CharField(max_length=35, default="en")
    outcome = fields.TextField(default="")
    existing = fields.TextField(default="")  # what exists already
    working_languages: fields.Field[list[str]] = ArrayField(element_type="text", default=list)
    tags: fields.Field[list[str]] = ArrayField(
        element_type="text", default=list
    )  # further topic codes
    starts_on = fields.DateField(null=True)
    ends_on = fields.DateField(null=True)
    confidentiality = fields.CharEnumField(
        Confidentiality, max_length=20, default=Confidentiality.PARTNERS
    )
    texts_language = fields.CharField(max_length=35, default="en")  # of the two exact texts
    urgent = fields.BooleanField(default=False)
    urgent_reason = fields.TextField(default="")
    needed_by = fields.DateField(null=True)
    circulation_text = fields.TextField(default="")
    public_summary = fields.TextField(default="")
    publish_agreed_at = fields.DatetimeField(null=True)  # when every State has; never by silence
    lead_publish_agreed_at = fields.DatetimeField(null=True)
    lead_circulation_agreed_at = fields.DatetimeField(null=True)
    circulated_at = fields.DatetimeField(null=True)
    completeness = fields.SmallIntField(default=0)
    override_reason = fields.TextField(default="")

    state = fields.CharEnumField(RequestState, max_length=20, default=RequestState.DRAFT)
    state_since = fields.DatetimeField()
    state_before = fields.CharEnumField(RequestState, max_length=20, null=True)  # when suspended
    due_at = fields.DatetimeField(null=True)  # the clock of the present state
    scope_changed_at = fields.DatetimeField()
    submitted_at = fields.DatetimeField(null=True)
    opened_at = fields.DatetimeField(null=True)
    unmatched_since = fields.DatetimeField(null=True)
    referral_asked_by_id = fields.UUIDField(null=True)
    referral_reason = fields.CharField(max_length=80, null=True)
    referral_body = fields.CharField(max_length=300, null=True)
    merged_into_id = fields.UUIDField(null=True)
    merge_asked_into_id = fields.UUIDField(null=True)  # until every focal point has confirmed
    lead_merge_confirmed_at = fields.DatetimeField(null=True)
    follow_up_asked_at = fields.DatetimeField(null=True)
    follow_up_answer = fields.CharField(max_length=20, null=True)  # yes, partly, no, no_answer
    follows_id = fields.UUIDField(null=True)  # the request that this one takes up again
    created_by_id = fields.UUIDField(null=True)
    updated_at = fields.DatetimeField(auto_now=True)
    external_id = fields.CharField(max_length=120, null=True, unique=True)
    import_source = fields.CharField(max_length=300, null=True)

    items: fields.ReverseRelation["RequestItem"]
    parties: fields.ReverseRelation["RequestParty"]
    exclusions: fields.ReverseRelation["RequestExclusion"]
    disclosures: fields.ReverseRelation["Disclosure"]
    steps: fields.ReverseRelation["RequestStep"]
    matches: fields.ReverseRelation["Match"]

    class Meta:
        table = "request"
        indexes = (("state", "due_at"),)


class RequestItem(Record):
    """What is asked: `reserved` and `delivered` count units of `quantity` taken by matches."""

    request: fields.ForeignKeyRelation[Request] = fields.ForeignKeyField(
        "concord.Request", related_name="items", on_delete=fields.CASCADE, db_index=True
    )
    request_id: UUID
    position = fields.SmallIntField()
    topic: fields.ForeignKeyRelation[Topic] = fields.ForeignKeyField(
        "concord.Topic", related_name="request_items", on_delete=fields.RESTRICT, db_index=True
    )
    topic_id: str
    modality: fields.ForeignKeyRelation[Modality] = fields.ForeignKeyField(
        "concord.Modality", related_name="request_items", on_delete=fields.RESTRICT, db_index=True
    )
    modality_id: str
    beneficiary: fields.ForeignKeyNullableRelation[Beneficiary] = fields.ForeignKeyField(
        "concord.Beneficiary",
        null=True,
        related_name="request_items",
        on_delete=fields.RESTRICT,
        db_index=True,
    )
    beneficiary_id: str | None
    institution = fields.CharField(max_length=300, default="")
    quantity = fields.IntField(null=True)
    unit: fields.ForeignKeyNullableRelation[Unit] = fields.ForeignKeyField(
        "concord.Unit",
        null=True,
        related_name="request_items",
        on_delete=fields.RESTRICT,
        db_index=True,
    )
    unit_id: str | None
    reserved = fields.IntField(default=0)
    delivered = fields.IntField(default=0)
    unconfirmed = fields.IntField(default=0, db_default=0)  # delivered, no State said so

    class Meta:
        table = "request_item"
        unique_together = (("request", "position"),)


class RequestParty(Record):
    """A co-requesting State and its focal point's confirmation of the present text."""

    request: fields.ForeignKeyRelation[Request] = fields.ForeignKeyField(
        "concord.Request", related_name="parties", on_delete=fields.CASCADE, db_index=True
    )
    request_id: UUID
    state: fields.ForeignKeyRelation[State] = fields.ForeignKeyField(
        "concord.State", related_name="request_parties", on_delete=fields.RESTRICT, db_index=True
    )
    state_id: str
    confirmed_at = fields.DatetimeField(null=True)
    confirmed_by_id = fields.UUIDField(null=True)
    circulation_agreed_at = fields.DatetimeField(null=True)
    publish_agreed_at = fields.DatetimeField(null=True)
    merge_confirmed_at = fields.DatetimeField(null=True)

    class Meta:
        table = "request_party"
        unique_together = (("request", "state"),)


class RequestExclusion(Record):
    """A provider that the State will not take: seen by UNODC and the State alone."""

    request: fields.ForeignKeyRelation[Request] = fields.ForeignKeyField(
        "concord.Request", related_name="exclusions", on_delete=fields.CASCADE, db_index=True
    )
    request_id: UUID
    organization: fields.ForeignKeyRelation[Organization] = fields.ForeignKeyField(
        "concord.Organization",
        related_name="excluded_from",
        on_delete=fields.RESTRICT,
        db_index=True,
    )
    organization_id: UUID

    class Meta:
        table = "request_exclusion"
        unique_together = (("request", "organization"),)


class Disclosure(Record):
    """Which organization may see how much of a request, until when."""

    request: fields.ForeignKeyRelation[Request] = fields.ForeignKeyField(
        "concord.Request", related_name="disclosures", on_delete=fields.CASCADE, db_index=True
    )
    request_id: UUID
    organization: fields.ForeignKeyRelation[Organization] = fields.ForeignKeyField(
        "concord.Organization",
        related_name="disclosures",
        on_delete=fields.RESTRICT,
        db_index=True,
    )
    organization_id: UUID
    level = fields.CharField(max_length=20)  # circulation, full
    parts: fields.Field[list[str]] = ArrayField(
        element_type="text", default=list
    )  # what of a full text is shared; empty is all
    basis = fields.CharField(max_length=40)  # named_by_state, consent
    match_id = fields.UUIDField(null=True)
    granted_at = fields.DatetimeField()
    ended_at = fields.DatetimeField(null=True)
    delete_by = fields.DatetimeField(null=True)  # the provider deletes shared data by then

    class Meta:
        table = "disclosure"


class RequestAssignment(Record):
    """A coordinator or approver named for a request: of UNODC, they alone see a sealed one."""

    request: fields.ForeignKeyRelation[Request] = fields.ForeignKeyField(
        "concord.Request", related_name="assignments", on_delete=fields.CASCADE, db_index=True
    )
    request_id: UUID
    person: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField(
        "concord.Person",
        related_name="request_assignments",
        on_delete=fields.RESTRICT,
        db_index=True,
    )
    person_id: UUID
    role = fields.CharField(max_length=20)  # coordinator, approver

    class Meta:
        table = "request_assignment"
        unique_together = (("request", "person", "role"),)


class Clarification(Record):
    """A question on a request; a shared answer goes to all who may see the text."""

    request: fields.ForeignKeyNullableRelation[Request] = fields.ForeignKeyField(
        "concord.Request",
        null=True,
        related_name="clarifications",
        on_delete=fields.CASCADE,
        db_index=True,
    )
    request_id: UUID | None
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
        table = "clarification"


class RequestStep(Record):
    """One transition of a request, with its reason and who may read that reason."""

    request: fields.ForeignKeyRelation[Request] = fields.ForeignKeyField(
        "concord.Request", related_name="steps", on_delete=fields.CASCADE, db_index=True
    )
    request_id: UUID
    verb = fields.CharField(max_length=30)
    source = fields.CharField(max_length=20)
    target = fields.CharField(max_length=20)
    at = fields.DatetimeField()
    person_id = fields.UUIDField(null=True)
    on_behalf_of = fields.CharField(max_length=3, null=True)
    reasons: fields.Field[list[str]] = ArrayField(element_type="text", default=list)
    note = fields.TextField(default="")
    note_seen_by = fields.CharField(
        max_length=20, default="secretariat"
    )  # state, secretariat, all

    class Meta:
        table = "request_step"


class RequestReading(Record):
    """Who opened a request and in which role, once an hour: the State reads this log."""

    request: fields.ForeignKeyRelation[Request] = fields.ForeignKeyField(
        "concord.Request", related_name="readings", on_delete=fields.CASCADE, db_index=True
    )
    request_id: UUID
    person_id = fields.UUIDField()
    organization_id = fields.UUIDField(null=True)
    role = fields.CharField(max_length=20, default="")
    hour = fields.DatetimeField()

    class Meta:
        table = "request_reading"
        unique_together = (("request", "person_id", "hour"),)
