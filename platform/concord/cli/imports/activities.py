"""`concord import activities`: somebody else's projects, a State each."""

from collections import Counter
from dataclasses import dataclass, field

from concord.activities.country_names import StateNames
from concord.activities.sources import NoState, Source, read_activity, source_of
from concord.activities.values import ActivityValues
from concord.cli.imports.table import Problem, Table, read_table
from concord.errors import InvalidInput
from concord.reference.code_lists import CodeLists

TWICE = "This identifier is on line {line} too."


@dataclass(slots=True)
class Read:
    """What a file holds: activities, and the names of the rows that are not loaded."""

    table: Table
    activities: list[ActivityValues] = field(default_factory=list)
    blank: int = 0
    regions: Counter[str] = field(default_factory=Counter)
    waiting: Counter[str] = field(default_factory=Counter)


def read_activities(content: bytes, lists: CodeLists) -> Read:
    """Rows with a State as activities; regions and blanks counted, unknown names listed."""
    found = Read(read_table(content, columns=None, required=()))
    if found.table.fatal:
        return found
    source = source_of(found.table.columns)
    for name in ("identifier", "state", "title"):
        if source.heading(name) not in found.table.columns:
            found.table.refuse(1, source.heading(name), "This column is missing.")
            found.table.fatal = True
    if not found.table.fatal:
        _read_rows(found, source, lists)
    return found


def _read_rows(found: Read, source: Source, lists: CodeLists) -> None:
    lines: dict[str, int] = {}
    names = StateNames(lists)
    for row in found.table.rows:
        if row.broken:
            continue
        try:
            activity = read_activity(row.values, source, names=names, lists=lists)
        except InvalidInput as error:
            found.table.problems += [
                Problem(row.line, source.heading(name), str(why))
                for name, why in error.fields.items()
            ]
            continue
        if isinstance(activity, NoState):
            _count(found, activity)
        elif activity.identifier in lines:
            reason = TWICE.format(line=lines[activity.identifier])
            found.table.refuse(row.line, source.heading("identifier"), reason)
        else:
            lines[activity.identifier] = row.line
            found.activities.append(activity)


def _count(found: Read, without: NoState) -> None:
    if not without.name:
        found.blank += 1
    else:
        (found.waiting if without.waits else found.regions)[without.name] += 1
