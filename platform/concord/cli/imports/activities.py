"""`concord import activities`: somebody else's projects, a State each."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from concord.activities.country_names import StateNames
from concord.activities.sources import NoState, Source, read_activity, source_of
from concord.activities.values import ActivityValues, Place
from concord.cli.imports.table import Problem, Table, read_table
from concord.errors import InvalidInput
from concord.reference.code_lists import CodeLists

TWICE = "This identifier is on line {line} too."


@dataclass(slots=True)
class Read:
    """What a file holds: activities, and the names of the rows that are not loaded.

    `waiting` are names of activities that are loaded without a State, until a person answers.
    """

    table: Table
    activities: list[ActivityValues] = field(default_factory=list)
    blank: int = 0
    regions: Counter[str] = field(default_factory=Counter)
    waiting: Counter[str] = field(default_factory=Counter)
    refused: int = 0


def read_activities(
    content: bytes, lists: CodeLists, answers: Mapping[str, str | None] | None = None
) -> Read:
    """Rows as activities; regions and blanks are counted and not loaded, unknown names listed.

    `answers` are what persons said of names that the list of States does not have.
    """
    found = Read(read_table(content, columns=None, required=()))
    if found.table.fatal:
        return found
    source = source_of(found.table.columns)
    for name in ("identifier", "state", "title"):
        if source.heading(name) not in found.table.columns:
            found.table.refuse(1, source.heading(name), "This column is missing.")
            found.table.fatal = True
    if not found.table.fatal:
        _read_rows(found, source, lists, StateNames(lists, answers or {}))
        found.refused = len({problem.line for problem in found.table.problems})
    return found


def _read_rows(found: Read, source: Source, lists: CodeLists, names: StateNames) -> None:
    lines: dict[str, int] = {}
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
            note_places(found, (Place(name=activity.name),))
        elif activity.identifier in lines:
            reason = TWICE.format(line=lines[activity.identifier])
            found.table.refuse(row.line, source.heading("identifier"), reason)
        else:
            lines[activity.identifier] = row.line
            note_places(found, activity.places)
            found.activities.append(replace(activity, line=row.line))


def note_places(found: Read, places: Sequence[Place]) -> bool:
    """Count what is no State; whether the activity is loaded: it has a State, or may get one."""
    waiting = {place.name for place in places if place.waits}
    found.waiting.update(waiting)
    if waiting or any(place.state for place in places):
        return True
    names = [place.name for place in places if place.name]
    found.regions.update(names[:1])
    found.blank += not names
    return False
