"""Tables of people, their memberships, secrets and sessions."""

from typing import TYPE_CHECKING
from uuid import UUID

from tortoise import fields
from tortoise.contrib.postgres.fields import ArrayField

from concord.accounts.states import PersonState, TokenPurpose
from concord.actor import Role
from concord.database import Record

if TYPE_CHECKING:
    from concord.organizations.models import Organization


class Person(Record):
    email = fields.CharField(max_length=254, unique=True)  # lower case
    name = fields.CharField(max_length=200)
    locale = fields.CharField(max_length=10, default="en")
    timezone = fields.CharField(max_length=60, default="UTC")
    wants_email = fields.BooleanField(default=True)
    state = fields.CharEnumField(PersonState, max_length=20, default=PersonState.INVITED)
    password_hash = fields.CharField(max_length=200, null=True)
    password_changed_at = fields.DatetimeField(null=True)
    totp_secret = fields.CharField(max_length=200, null=True)  # encrypted
    totp_counter = fields.BigIntField(null=True)  # last accepted, against replay
    activated_at = fields.DatetimeField(null=True)
    deactivated_at = fields.DatetimeField(null=True)

    memberships: fields.ReverseRelation["Membership"]

    class Meta:
        table = "person"


class Membership(Record):
    """A person's role in an organization; for State focal points it carries the accreditation.

    `states` are ISO 3166-1 alpha-3 codes: the set a coordinator serves (empty means all).
    `accreditation` is nominated, accredited or ended for State roles, accredited for others.
    """

    person: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField(
        "concord.Person", related_name="memberships", on_delete=fields.RESTRICT, db_index=True
    )
    person_id: UUID
    organization: fields.ForeignKeyRelation["Organization"] = fields.ForeignKeyField(
        "concord.Organization",
        related_name="memberships",
        on_delete=fields.RESTRICT,
        db_index=True,
    )
    organization_id: UUID
    role = fields.CharEnumField(Role, max_length=20)
    states: fields.Field[list[str]] = ArrayField(element_type="text", default=list)
    accreditation = fields.CharField(max_length=20, default="accredited")
    note_reference = fields.CharField(max_length=120, null=True)  # the note verbale
    note_date = fields.DateField(null=True)
    note_attachment_id = fields.UUIDField(null=True)
    accredited_by_id = fields.UUIDField(null=True)
    accredited_at = fields.DatetimeField(null=True)
    ended_at = fields.DatetimeField(null=True)
    ended_note = fields.CharField(max_length=300, default="")

    class Meta:
        table = "membership"
        unique_together = (("person", "organization", "role"),)


class Token(Record):
    """A single-use link: only the SHA-256 of what was mailed is kept."""

    person: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField(
        "concord.Person", related_name="tokens", on_delete=fields.CASCADE, db_index=True
    )
    person_id: UUID
    purpose = fields.CharEnumField(TokenPurpose, max_length=20)
    digest = fields.CharField(max_length=64, unique=True)
    expires_at = fields.DatetimeField()
    used_at = fields.DatetimeField(null=True)

    class Meta:
        table = "token"


class RecoveryCode(Record):
    person: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField(
        "concord.Person", related_name="recovery_codes", on_delete=fields.CASCADE, db_index=True
    )
    person_id: UUID
    digest = fields.CharField(max_length=64)
    used_at = fields.DatetimeField(null=True)

    class Meta:
        table = "recovery_code"
        unique_together = (("person", "digest"),)


class Session(Record):
    """A signed-in browser: the SHA-256 of its 256-bit token, and the seat it is used in."""

    digest = fields.CharField(max_length=64, unique=True)
    person: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField(
        "concord.Person", related_name="sessions", on_delete=fields.CASCADE, db_index=True
    )
    person_id: UUID
    membership: fields.ForeignKeyNullableRelation[Membership] = fields.ForeignKeyField(
        "concord.Membership", null=True, related_name="sessions", on_delete=fields.SET_NULL
    )
    membership_id: UUID | None
    csrf_token = fields.CharField(max_length=64)
    device = fields.CharField(max_length=120, default="")
    seen_at = fields.DatetimeField()
    expires_at = fields.DatetimeField()  # absolute
    ended_at = fields.DatetimeField(null=True)

    class Meta:
        table = "session"
