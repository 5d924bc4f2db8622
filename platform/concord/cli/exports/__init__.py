"""`concord export`: requests, offers and pairings as CSV or JSON lines."""

import csv
import json
import sys
from collections.abc import AsyncIterator, Callable, Iterator
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
from concord.cli.exports.rows import OFFERS, PAIRINGS, REQUESTS, Layout, Object
from concord.cli.running import application, read_settings, run, utc_now
from concord.database import transaction
from concord.requests.actions import note_readings
from concord.requests.models import Request
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
    _export(PAIRINGS, queries.pairings, form=form, out=out, email=actor)


@app.command()
def requests(form: AsFormat = Format.CSV, out: Out = None, actor: Email = "") -> None:
    """Requests, in the columns of the import."""
    _export(REQUESTS, queries.requests, form=form, out=out, email=actor)


@app.command()
def offers(form: AsFormat = Format.CSV, out: Out = None, actor: Email = "") -> None:
    """Offers, in the columns of the import."""
    _export(OFFERS, queries.offers, form=form, out=out, email=actor)


def _export(
    layout: Layout,
    read: Callable[[Actor], AsyncIterator[Any]],
    *,
    form: Format,
    out: Path | None,
    email: str,
) -> None:
    async def command(settings: Settings) -> int:
        who = await acting(email, roles=READERS, otherwise=Role.COORDINATOR)
        with _opened(out) as file:
            return await exported(
                layout, read(who), form=form, file=file, actor=who, now=utc_now()
            )

    count = run(read_settings(), command)
    print(f"Exported {layout.name}: {count}.", file=sys.stderr)


async def exported(
    layout: Layout,
    rows: AsyncIterator[Any],
    *,
    form: Format,
    file: TextIO,
    actor: Actor,
    now: datetime,
) -> int:
    """Write the rows and keep that it was done, in the trail and for the States that are read."""
    put = _cells_into(file, layout) if form is Format.CSV else _lines_into(file)
    count, read = 0, []
    async for row in rows:
        put(layout.as_object(row))
        count += 1
        read += [row.id] if isinstance(row, Request) else []
    async with transaction():
        await note_readings(read, actor=actor, now=now)
        await audit.record(
            f"export_{layout.name}",
            actor=actor,
            subject_kind="export",
            subject_id=uuid4(),
            now=now,
            count=count,
        )
    return count


def _cells_into(file: TextIO, layout: Layout) -> Callable[[Object], None]:
    writer = csv.writer(file)
    writer.writerow(layout.columns)

    def put(found: Object) -> None:
        for cells in layout.as_cells(found):
            writer.writerow([safe_cell(cells.get(name)) for name in layout.columns])

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
