"""`concord export`: requests, offers and pairings as CSV or JSON lines."""

import csv
import json
import sys
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, TextIO
from uuid import uuid4

import typer

from concord import audit
from concord.actor import Actor, Role
from concord.cli.actors import acting
from concord.cli.exports import queries
from concord.cli.exports.rows import (
    PAIRING_COLUMNS,
    Object,
    of_offer,
    of_pairing,
    of_request,
    pairing_cells,
    record_cells,
)
from concord.cli.imports.offers import COLUMNS as OFFER_COLUMNS
from concord.cli.imports.requests import COLUMNS as REQUEST_COLUMNS
from concord.cli.running import application, read_settings, run, utc_now
from concord.database import transaction
from concord.settings import Settings
from concord.web.pagination import safe_cell


class Format(StrEnum):
    CSV = "csv"
    JSONL = "jsonl"


AsFormat = Annotated[Format, typer.Option("--format", help="For a spreadsheet or a program.")]
Out = Annotated[Path | None, typer.Option(help="The file to write; standard output unless given.")]
Email = Annotated[
    str,
    typer.Option(
        "--actor",
        help="Whose view to export: a coordinator's or approver's."
        " Without it restricted and sealed requests stay out.",
    ),
]
READERS = frozenset({Role.COORDINATOR, Role.APPROVER})
app = application("Export what one may see; every export is in the audit trail.")


@app.command()
def pairings(form: AsFormat = Format.CSV, out: Out = None, actor: Email = "") -> None:
    """Ranked pairings with score, components and gates."""
    _export(
        "pairings", queries.pairings, of_pairing, pairing_cells, PAIRING_COLUMNS, form, out, actor
    )


@app.command()
def requests(form: AsFormat = Format.CSV, out: Out = None, actor: Email = "") -> None:
    """Requests, in the columns of the import."""
    _export(
        "requests", queries.requests, of_request, record_cells, REQUEST_COLUMNS, form, out, actor
    )


@app.command()
def offers(form: AsFormat = Format.CSV, out: Out = None, actor: Email = "") -> None:
    """Offers, in the columns of the import."""
    _export("offers", queries.offers, of_offer, record_cells, OFFER_COLUMNS, form, out, actor)


def _export(
    subject: str,
    read: Callable[[Actor], AsyncIterator[Any]],
    as_object: Callable[[Any], Object],
    as_cells: Callable[[Object], Iterator[Object]],
    columns: Sequence[str],
    form: Format,
    out: Path | None,
    email: str,
) -> None:
    async def command(settings: Settings) -> int:
        who = await acting(email, roles=READERS, otherwise=Role.COORDINATOR)
        with _opened(out) as file:
            put = _rows_into(file, columns, as_cells) if form is Format.CSV else _lines_into(file)
            count = 0
            async for row in read(who):
                put(as_object(row))
                count += 1
        await record(subject, count, actor=who, now=utc_now())
        return count

    count = run(read_settings(), command)
    print(f"{count} {subject} exported.", file=sys.stderr)


async def record(subject: str, count: int, *, actor: Actor, now: datetime) -> None:
    async with transaction():
        await audit.record(
            f"export_{subject}",
            actor=actor,
            subject_kind="export",
            subject_id=uuid4(),
            now=now,
            count=count,
        )


def _rows_into(
    file: TextIO, columns: Sequence[str], as_cells: Callable[[Object], Iterator[Object]]
) -> Callable[[Object], None]:
    writer = csv.writer(file)
    writer.writerow(columns)

    def put(found: Object) -> None:
        for cells in as_cells(found):
            writer.writerow([safe_cell(cells.get(name)) for name in columns])

    return put


def _lines_into(file: TextIO) -> Callable[[Object], None]:
    def put(found: Object) -> None:
        file.write(json.dumps(found, ensure_ascii=False) + "\n")

    return put


@contextmanager
def _opened(out: Path | None) -> Iterator[TextIO]:
    if out is None:
        yield sys.stdout
    else:
        with out.open("w", encoding="utf-8", newline="") as file:
            yield file
