"""Table of portfolio runs."""

from typing import Any
from uuid import UUID

from tortoise import fields

from concord.database import Record
from concord.portfolio.states import RunState


class PortfolioRun(Record):
    """One coordinator's question and its answer: it survives a closed tab and is theirs alone.

    `kept` and `excluded` are pairs of public ids, `rows` what is proposed, `unmet` what is left,
    `figures` the comparison, `outcomes` what became of the rows that were turned into proposals.
    `fingerprint` is of everything that was looked at.
    """

    person_id: UUID = fields.UUIDField(db_index=True)
    membership_id: UUID = fields.UUIDField()
    state = fields.CharEnumField(RunState, max_length=20, default=RunState.WAITING)
    asked_at = fields.DatetimeField()
    solved_at = fields.DatetimeField(null=True)
    terms: fields.Field[dict[str, Any]] = fields.JSONField()
    kept: fields.Field[list[str]] = fields.JSONField(default=list)
    excluded: fields.Field[list[str]] = fields.JSONField(default=list)
    model_version = fields.CharField(max_length=200, default="")
    fingerprint = fields.CharField(max_length=64, default="")
    figures: fields.Field[dict[str, Any]] = fields.JSONField(default=dict)
    rows: fields.Field[list[dict[str, Any]]] = fields.JSONField(default=list)
    unmet: fields.Field[list[dict[str, Any]]] = fields.JSONField(default=list)
    outcomes: fields.Field[dict[str, Any]] = fields.JSONField(default=dict)

    class Meta:
        table = "portfolio_run"
