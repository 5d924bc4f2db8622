"""Tables of the code lists: States, topics, modalities, beneficiaries, units and reasons."""

from tortoise import fields
from tortoise.models import Model


class State(Model):
    """A selectable State; `names` maps a locale (ar zh en fr ru es) to its UNTERM short name."""

    code = fields.CharField(max_length=3, primary_key=True)
    iso2 = fields.CharField(max_length=2, unique=True)
    number = fields.SmallIntField(unique=True)  # place in the cover ranges; never reused
    m49 = fields.CharField(max_length=3)
    status = fields.CharField(max_length=20)  # member, observer, non_member, illustrative
    region = fields.CharField(max_length=60)
    subregion = fields.CharField(max_length=80)
    ldc = fields.BooleanField(default=False)
    lldc = fields.BooleanField(default=False)
    sids = fields.BooleanField(default=False)
    names = fields.JSONField[dict[str, str]]()

    class Meta:
        table = "state"


class Topic(Model):
    code = fields.CharField(max_length=10, primary_key=True)
    number = fields.SmallIntField(unique=True)
    parent_code = fields.CharField(max_length=10, null=True)
    label = fields.CharField(max_length=120)
    articles = fields.JSONField[dict[str, str]]()  # instrument → articles
    related = fields.JSONField[list[str]]()
    safeguard = fields.BooleanField(default=False)
    active = fields.BooleanField(default=True)
    edited_at = fields.DatetimeField(null=True)

    class Meta:
        table = "topic"


class Modality(Model):
    code = fields.CharField(max_length=40, primary_key=True)
    number = fields.SmallIntField(unique=True)
    label = fields.CharField(max_length=120)
    cooling_days = fields.SmallIntField(default=0)
    active = fields.BooleanField(default=True)
    edited_at = fields.DatetimeField(null=True)

    class Meta:
        table = "modality"


class Beneficiary(Model):
    code = fields.CharField(max_length=40, primary_key=True)
    number = fields.SmallIntField(unique=True)
    label = fields.CharField(max_length=120)
    security_force = fields.BooleanField(default=False)
    active = fields.BooleanField(default=True)
    edited_at = fields.DatetimeField(null=True)

    class Meta:
        table = "beneficiary"


class Unit(Model):
    code = fields.CharField(max_length=40, primary_key=True)
    label = fields.CharField(max_length=120)
    active = fields.BooleanField(default=True)
    edited_at = fields.DatetimeField(null=True)

    class Meta:
        table = "unit"


class Reason(Model):
    """A coded reason; `code` is `context.reason`; seen by state, partner, secretariat or all."""

    code = fields.CharField(max_length=80, primary_key=True)
    context = fields.CharField(max_length=40)
    label = fields.CharField(max_length=160)
    seen_by = fields.CharField(max_length=20)
    active = fields.BooleanField(default=True)
    edited_at = fields.DatetimeField(null=True)

    class Meta:
        table = "reason"
