"""`concord import activities` from IATI files: read twice, first to check, then to store."""

from collections.abc import Iterator
from datetime import datetime
from typing import BinaryIO

from concord.activities import actions
from concord.activities.actions.importing import BATCH
from concord.activities.country_names import StateNames
from concord.activities.iati.elements import LANG, moment_in
from concord.activities.iati.facts import Sheet, read_activity
from concord.activities.iati.prolog import LOOKED_AT, read_prolog
from concord.activities.iati.reading import Found, activities_of
from concord.activities.publishers import Publishers, known_publishers
from concord.activities.queries import name_answers, publishers_taken
from concord.activities.values import ActivityValues, Imported, Provenance
from concord.actor import Actor
from concord.cli.imports.activities import Read, note_places
from concord.cli.imports.table import Table
from concord.errors import InvalidInput
from concord.reference.languages import language_tag
from concord.reference.queries import code_lists

LARGE = "This activity has more than 20,000 elements and was passed over."
TWICE = "This identifier stands at line {line} too; the first one was taken."
MOST_TOLD = 1000


async def bring_iati(
    file: BinaryIO,
    *,
    provenance: Provenance,
    for_others: bool = False,
    actor: Actor,
    now: datetime,
) -> tuple[Read, Imported]:
    """Check the whole file, then store it in parts; a bad activity is told and passed over.

    `UnreadableFile` before anything is written where the file as a whole cannot be read.
    """
    version = _version(file)
    names = StateNames(await code_lists(), await name_answers())
    known = known_publishers(await publishers_taken())
    sheet = Sheet(
        version=version,
        language="en",
        generated_at=None,
        names=names,
        lists=await code_lists(),
        publishers=Publishers(known, provenance.publisher, for_others),
    )
    for _ in _good(file, sheet, Read(Table())):
        pass
    found = Read(Table())
    run = await actions.begin(provenance, actor=actor, now=now)
    total, batch = Imported(), list[ActivityValues]()
    for values in _good(file, sheet, found):
        batch.append(values)
        if len(batch) == BATCH:
            total += await actions.store(batch, run=run, now=now)
            batch.clear()
    total += await actions.store(batch, run=run, now=now)
    await actions.finish(run, total, actor=actor, now=now, refused=found.refused)
    return found, total


def _version(file: BinaryIO) -> str:
    file.seek(0)
    return read_prolog(file.read(LOOKED_AT)).version


def _good(file: BinaryIO, sheet: Sheet, found: Read) -> Iterator[ActivityValues]:
    """Every activity that is loaded; the others are counted in `found`, with the reasons."""
    lines: dict[int, int] = {}
    for each in activities_of(file):
        if each.too_large:
            _refuse(found, each.line, "", LARGE)
            continue
        try:
            values = read_activity(each.element, each.line, _for(each, sheet))
        except InvalidInput as error:
            found.refused += 1
            for name, why in list(error.fields.items()):
                _tell(found, each.line, name, str(why))
            continue
        key = hash((values.publisher, values.identifier))
        if key in lines:
            _refuse(found, each.line, "iati-identifier", TWICE.format(line=lines[key]))
            continue
        lines[key] = each.line
        if note_places(found, values.places):
            yield values


def _for(each: Found, sheet: Sheet) -> Sheet:
    """With what the first element says of all: when the file was made, and its language."""
    root = each.element.getparent()
    if root is None:
        return sheet
    return Sheet(
        version=sheet.version,
        language=language_tag(root.get(LANG) or "") or sheet.language,
        generated_at=moment_in(root.get("generated-datetime")),
        names=sheet.names,
        lists=sheet.lists,
        publishers=sheet.publishers,
    )


def _refuse(found: Read, line: int, column: str, reason: str) -> None:
    found.refused += 1
    _tell(found, line, column, reason)


def _tell(found: Read, line: int, column: str, reason: str) -> None:
    if len(found.table.problems) < MOST_TOLD:
        found.table.refuse(line, column, reason)
