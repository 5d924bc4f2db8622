"""Terms of reference of a match, and who agreed to which text."""

from uuid import UUID

from tortoise import fields

from concord.database import Record
from concord.matches.models.match import Match
from concord.organizations.models import Organization
from concord.reference.models import State


class Terms(Record):
    """One version; `text` is the whole exact text, and `sha256` (hexadecimal) is its hash.

    `body` is what its author typed. A newer version supersedes it, and every agreement with it.
    """

    match: fields.ForeignKeyRelation[Match] = fields.ForeignKeyField(
        "concord.Match", related_name="terms", on_delete=fields.CASCADE, db_index=True
    )
    match_id: UUID
    number = fields.SmallIntField()
    body = fields.TextField()
    text = fields.TextField()
    language = fields.CharField(max_length=35, default="en")
    starts_on = fields.DateField(null=True)
    ends_on = fields.DateField(null=True)
    sha256 = fields.CharField(max_length=64)
    drafted_by_id = fields.UUIDField(null=True)
    drafted_for_id = fields.UUIDField(null=True)  # the organization of who drafted it
    drafted_at = fields.DatetimeField()
    superseded_at = fields.DatetimeField(null=True)

    agreements: fields.ReverseRelation["TermsAgreement"]

    class Meta:
        table = "terms"
        unique_together = (("match", "number"),)


class TermsAgreement(Record):
    """One side agrees to the text with this hash: a requesting State, or an organization."""

    terms: fields.ForeignKeyRelation[Terms] = fields.ForeignKeyField(
        "concord.Terms", related_name="agreements", on_delete=fields.CASCADE, db_index=True
    )
    terms_id: UUID
    state: fields.ForeignKeyNullableRelation[State] = fields.ForeignKeyField(
        "concord.State",
        null=True,
        related_name="terms_agreements",
        on_delete=fields.RESTRICT,
        db_index=True,
    )
    state_id: str | None
    organization: fields.ForeignKeyNullableRelation[Organization] = fields.ForeignKeyField(
        "concord.Organization",
        null=True,
        related_name="terms_agreements",
        on_delete=fields.RESTRICT,
        db_index=True,
    )
    organization_id: UUID | None
    sha256 = fields.CharField(max_length=64)
    person_id = fields.UUIDField(null=True)
    agreed_at = fields.DatetimeField()
    on_behalf_note = fields.CharField(max_length=120, null=True)

    class Meta:
        table = "terms_agreement"
        unique_together = (("terms", "state"), ("terms", "organization"))
