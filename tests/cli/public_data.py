"""Other parties' projects as requests of illustrative States of the same region: for measuring."""

import csv
import itertools
import os
from collections.abc import Iterator
from pathlib import Path

from concord.activities.country_names import StateNames, UnknownName
from concord.activities.sources import tidied
from concord.reference.code_lists import CodeLists
from tests.cli.samples import as_csv

FILE = "external_projects.csv"
REGIONS = {
    "East Asia and Pacific": "Asia",
    "South Asia": "Asia",
    "Middle East and North Africa": "Asia",
    "Europe and Central Asia": "Europe",
    "Latin America and Caribbean": "Americas",
}
ELSEWHERE = "Africa"


def projects_file() -> Path:
    folder = os.environ.get("CONCORD_DATA")
    assert folder, "CONCORD_DATA is not set: it names the folder of public data"
    return Path(folder) / FILE


def projects() -> list[dict[str, str]]:
    return list(csv.DictReader(projects_file().read_text("utf-8").splitlines()))


def as_requests(lists: CodeLists) -> bytes:
    """One request for each project: its objective is the description; no items."""
    names = StateNames(lists)
    own = {
        region: _states_of(region, lists) for region in {*REGIONS.values(), ELSEWHERE, "Oceania"}
    }
    rows = []
    for project in projects():
        region = _region(project, names, lists)
        rows.append(
            {
                "external_id": project["id"],
                "state": next(own[region]),
                "title": tidied(project["project_name"] or project["pdo"]).split("\n")[0][:300],
                "description": tidied(project["pdo"]),
                "language": "en",
            }
        )
    return as_csv(*rows)


def _region(project: dict[str, str], names: StateNames, lists: CodeLists) -> str:
    try:
        state = names.state_named(project["countryname"])
    except UnknownName:
        state = None
    return lists.states[state].region if state else REGIONS.get(project["regionname"], ELSEWHERE)


def _states_of(region: str, lists: CodeLists) -> Iterator[str]:
    """The illustrative States of a region, in turn."""
    return itertools.cycle(
        sorted(
            state.code
            for state in lists.states.values()
            if state.status == "illustrative" and state.region == region
        )
    )
