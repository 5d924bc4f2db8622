"""Brings the shipped code lists into the database, as often as one likes."""

from collections.abc import Sequence
from dataclasses import fields
from typing import Any

from tortoise.backends.base.client import BaseDBAsyncClient
from tortoise.models import Model

from concord.reference import tables
from concord.reference.models import Beneficiary, Modality, Reason, State, Topic, Unit
from concord.reference.queries import forget
from concord.reference.values import Entry


async def load_reference(
    *, illustrative: bool, connection: BaseDBAsyncClient | None = None
) -> int:
    """Insert what is missing and bring up to date what nobody edited; return the rows written.

    The illustrative States come only where asked for: demo and test databases. Nothing is ever
    deleted, and a row with `edited_at` stays as its editor left it. Runs in the caller's
    transaction, if there is one; several processes may do it at once.
    """
    shipped: tuple[tuple[type[Model], Sequence[Entry]], ...] = (
        (State, tables.states(illustrative=illustrative)),
        (Topic, tables.topics()),
        (Modality, tables.modalities()),
        (Beneficiary, tables.beneficiaries()),
        (Unit, tables.units()),
        (Reason, tables.reasons()),
    )
    written = 0
    for model, entries in shipped:
        written += await _load(model, entries, connection)
    forget()
    return written


async def _load(
    model: type[Model], entries: Sequence[Entry], connection: BaseDBAsyncClient | None
) -> int:
    present = {row.pk: row for row in await model.all(using_db=connection)}
    missing = [model(**_columns(entry)) for entry in entries if entry.code not in present]
    if missing:
        await model.bulk_create(missing, ignore_conflicts=True, using_db=connection)
    changed = 0
    for entry in entries:
        row = present.get(entry.code)
        if row is not None and _bring_up_to_date(row, _columns(entry)):
            await row.save(using_db=connection)
            changed += 1
    return len(missing) + changed


def _columns(entry: Entry) -> dict[str, Any]:
    values = {field.name: getattr(entry, field.name) for field in fields(entry)}
    return {
        name: list(value) if isinstance(value, tuple) else value
        for name, value in values.items()
        if name != "active"
    }


def _bring_up_to_date(row: Model, columns: dict[str, Any]) -> bool:
    """Set what differs, unless a person has edited the row; whether anything did."""
    if getattr(row, "edited_at", None) is not None:
        return False
    differing = {name: value for name, value in columns.items() if getattr(row, name) != value}
    row.update_from_dict(differing)
    return bool(differing)
