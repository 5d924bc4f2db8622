"""Tables of organizations, their screening, and attachments."""

from typing import TYPE_CHECKING
from uuid import UUID

from tortoise import fields
from tortoise.contrib.postgres.fields import ArrayField

from concord.database import Record
from concord.organizations.states import OrganizationKind, Verification

if TYPE_CHECKING:
    from concord.accounts.models import Membership
    from concord.reference.models import State


class Organization(Record):
    """A State authority or a provider; `state` is where it belongs, required for authorities."""

    public_id = fields.CharField(max_length=16, unique=True)  # ORG-…
    name = fields.CharField(max_length=200)
    name_key = fields.CharField(max_length=200, db_index=True)  # normalized, for duplicates
    kind = fields.CharEnumField(OrganizationKind, max_length=20)
    state: fields.ForeignKeyNullableRelation["State"] = fields.ForeignKeyField(
        "concord.State",
        null=True,
        related_name="organizations",
        on_delete=fields.RESTRICT,
        db_index=True,
    )
    state_id: str | None
    website = fields.CharField(max_length=300, default="")
    description = fields.TextField(default="")
    verification = fields.CharEnumField(
        Verification, max_length=20, default=Verification.REGISTERED
    )
    verification_since = fields.DatetimeField(null=True)
    verified_until = fields.DatetimeField(null=True)
    expiry_told_at = fields.DatetimeField(null=True)
    external_id = fields.CharField(max_length=120, null=True, unique=True)

    memberships: fields.ReverseRelation["Membership"]

    class Meta:
        table = "organization"

    async def keep(self) -> None:
        """Save a locked one, all but its keys: rows that name it are written meanwhile."""
        named = self._meta.fields_db_projection.keys() - {"id", "public_id", "external_id"}
        await self.save(update_fields=sorted(named))


class OrganizationStep(Record):
    """One transition of an organization's verification; `note` is for UNODC, `told` for it."""

    organization: fields.ForeignKeyRelation[Organization] = fields.ForeignKeyField(
        "concord.Organization", related_name="steps", on_delete=fields.CASCADE, db_index=True
    )
    organization_id: UUID
    verb = fields.CharField(max_length=30)
    source = fields.CharField(max_length=20)
    target = fields.CharField(max_length=20)
    at = fields.DatetimeField()
    person_id = fields.UUIDField(null=True)
    note = fields.TextField(default="")
    told = fields.TextField(default="")

    class Meta:
        table = "organization_step"


class Screening(Record):
    """One due-diligence review: five answered questions, documents, sanctions place, decision."""

    organization: fields.ForeignKeyRelation[Organization] = fields.ForeignKeyField(
        "concord.Organization", related_name="screenings", on_delete=fields.RESTRICT, db_index=True
    )
    organization_id: UUID
    answers: fields.Field[dict[str, dict[str, str]]] = fields.JSONField(
        default=dict
    )  # question → {finding, note}
    sanctions_checked_at = fields.DatetimeField(null=True)
    sanctions_result = fields.CharField(max_length=20, null=True)  # a value of Sanctions
    sanctions_note = fields.TextField(default="")
    opened_by_id = fields.UUIDField(null=True)
    decision = fields.CharField(max_length=20, null=True)  # verified, rejected
    decision_note = fields.TextField(default="")
    decision_told = fields.TextField(default="")  # what the organization reads
    decided_by_id = fields.UUIDField(null=True)
    decided_at = fields.DatetimeField(null=True)

    class Meta:
        table = "screening"


class Attachment(Record):
    """A file in PostgreSQL, at most 10 MB; it belongs to one thing by `subject`."""

    subject_kind = fields.CharField(max_length=30)
    subject_id = fields.UUIDField(db_index=True)
    filename = fields.CharField(max_length=200)
    media_type = fields.CharField(max_length=120)  # sniffed, not claimed
    size = fields.IntField()
    sha256 = fields.CharField(max_length=64)
    content = fields.BinaryField()
    uploaded_by_id = fields.UUIDField(null=True)
    secretariat_only = fields.BooleanField(default=False)

    class Meta:
        table = "attachment"


class ActOnBehalf(Record):
    """An act that a coordinator recorded for a State on paper; it waits for a second UNODC person.

    `command` names the act (`requests.submit`, `matches.consent` …), `arguments` are its inputs.
    `assigned` are the persons of UNODC who alone may see it, where its subject is sealed.
    """

    public_id = fields.CharField(max_length=16, unique=True)  # ACT-…
    state: fields.ForeignKeyRelation["State"] = fields.ForeignKeyField(
        "concord.State", related_name="acts_on_behalf", on_delete=fields.RESTRICT, db_index=True
    )
    state_id: str
    command = fields.CharField(max_length=60)
    subject_kind = fields.CharField(max_length=30)
    subject_id = fields.UUIDField(db_index=True)
    subject_public_id = fields.CharField(max_length=16)
    assigned: fields.Field[list[UUID] | None] = ArrayField(element_type="uuid", null=True)
    arguments: fields.Field[dict[str, object]] = fields.JSONField(default=dict)
    note_reference = fields.CharField(max_length=120)
    note_date = fields.DateField()
    note_attachment_id = fields.UUIDField(null=True)
    recorded_by_id = fields.UUIDField()
    confirmed_by_id = fields.UUIDField(null=True)
    confirmed_at = fields.DatetimeField(null=True)
    refused_by_id = fields.UUIDField(null=True)
    refused_at = fields.DatetimeField(null=True)
    refusal = fields.TextField(default="")

    class Meta:
        table = "act_on_behalf"
