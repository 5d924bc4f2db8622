"""External activities from CSV: our columns, or those of another party's export."""

from datetime import date
from decimal import Decimal

from concord.activities.models import ExternalActivity
from concord.activities.values import Imported
from concord.actor import Role
from concord.cli.actors import operator
from concord.cli.imports import bring_activities
from concord.cli.imports.activities import Read
from tests.cli.samples import as_csv
from tests.conftest import NOW

PROJECT = {
    "id": "P1",
    "countryname": "Hashemite Kingdom of Jordan",
    "project_name": "An example project",
    "pdo": "To strengthen\x9c services.",
    "projectstatusdisplay": "Active",
    "boardapprovaldate": "2025-03-01",
    "closingdate": "2028-06-30",
    "curr_total_commitment": "1500000.0",
    "url": "http://projects.example.org/P1",
}


async def bring(content: bytes, *, skip_bad: bool = False) -> tuple[Read, Imported | None]:
    return await bring_activities(content, skip_bad=skip_bad, actor=operator(Role.ADMIN), now=NOW)


async def test_project_of_another_party_becomes_an_activity(database: None) -> None:
    await bring(as_csv(PROJECT))

    activity = await ExternalActivity.get(identifier="44000-P1")
    assert (activity.state_id, activity.title) == ("JOR", "An example project")
    assert activity.description == "To strengthen  services."
    assert (activity.starts_on, activity.ends_on) == (date(2025, 3, 1), date(2028, 6, 30))
    assert (activity.amount, activity.currency) == (Decimal("1500000.00"), "USD")
    assert (activity.provider, activity.status) == ("World Bank", "Active")


async def test_second_import_changes_only_what_differs(database: None) -> None:
    await bring(as_csv(PROJECT, PROJECT | {"id": "P2"}))

    _, imported = await bring(as_csv(PROJECT, PROJECT | {"id": "P2", "project_name": "Renamed"}))

    assert imported == Imported(created=0, changed=1, unchanged=1)
    assert await ExternalActivity.all().count() == 2


async def test_regions_and_blanks_are_counted_and_unknown_names_wait(database: None) -> None:
    places = ("", "South Asia", "South Asia", "World", "Atlantis", "Illustrative State QM")
    rows = [PROJECT | {"id": f"P{n}", "countryname": name} for n, name in enumerate(places)]

    found, imported = await bring(as_csv(*rows))

    assert imported == Imported(created=2)
    assert found.blank == 1
    assert found.regions == {"South Asia": 2, "World": 1}
    assert found.waiting == {"Atlantis": 1}


async def test_bad_rows_are_named_under_the_files_own_headings(database: None) -> None:
    bad = PROJECT | {"id": "P2", "closingdate": "soon", "project_name": ""}

    found, imported = await bring(as_csv(PROJECT, bad, PROJECT))

    assert imported is None
    assert [(each.line, each.column) for each in sorted(found.table.problems)] == [
        (3, "closingdate"),
        (3, "project_name"),
        (4, "id"),
    ]
    assert await ExternalActivity.all().count() == 0


async def test_skip_bad_takes_the_rest(database: None) -> None:
    _, imported = await bring(
        as_csv(PROJECT, PROJECT | {"id": "P2", "closingdate": "soon"}), skip_bad=True
    )

    assert imported == Imported(created=1)


async def test_our_own_columns_are_read_by_code_and_topic(database: None) -> None:
    row = {"identifier": "X-1", "state": "qmm", "title": "A project", "topics": "INV.02;EVD.02"}

    await bring(as_csv(row))

    activity = await ExternalActivity.get(identifier="X-1")
    assert (activity.state_id, activity.topics) == ("QMM", ["INV.02", "EVD.02"])


async def test_missing_columns_are_named(database: None) -> None:
    found, imported = await bring(b"identifier,title\nX-1,A project\n")

    assert imported is None
    assert [(each.column, each.reason) for each in found.table.problems] == [
        ("state", "This column is missing.")
    ]
