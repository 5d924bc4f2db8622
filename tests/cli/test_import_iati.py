"""Activities from IATI files: the facts kept, one row whatever is repeated, and whose they are."""

import re
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

from typer.testing import CliRunner

from concord.activities.models import ActivityImport, ExternalActivity, ImportedName
from concord.activities.values import Imported
from concord.audit import AuditEntry
from concord.cli.imports import app
from concord.inbox.models import Task
from concord.jobs import CHECK_DUPLICATES, Outbox
from tests.activities.iati_files import OLD, PUBLISHER, activities, activity, as_file
from tests.cli.iati import bring, told


async def test_facts_of_version_two(database: None) -> None:
    found, imported = await bring(as_file(activity(0)))

    assert (told(found), imported) == ([], Imported(created=1))
    kept = await ExternalActivity.get().select_related("imported")
    assert (kept.publisher, kept.identifier) == (PUBLISHER, f"{PUBLISHER}-00000")
    assert (kept.title, kept.language) == ("An illustrative project 0", "en")
    assert kept.translations == {"fr": {"title": "Un projet d’exemple", "description": ""}}
    assert (kept.provider, kept.provider_type) == ("Illustrative Agency", "40")
    assert (kept.state_id, kept.states) == ("QMM", ["QMM", "QPP"])
    assert [place["percentage"] for place in kept.places] == [75, 25]
    assert kept.topics == ["INV.02"]
    assert [(each["vocabulary"], each["code"]) for each in kept.sectors] == [
        ("1", "15132"),
        ("99", "INV.02"),
    ]
    assert [each["role"] for each in kept.participants] == ["funding", "implementing"]
    assert (kept.starts_on, kept.ends_on) == (date(2020, 3, 1), date(2022, 9, 30))
    assert (kept.amount, kept.currency, kept.status) == (
        Decimal("1500.50"),
        "USD",
        "implementation",
    )
    assert (kept.stated_at, kept.marks) == (datetime(2026, 1, 1, tzinfo=UTC), [])
    assert kept.imported is not None
    assert (kept.imported.file_name, kept.line) == ("file.xml", 3)


async def test_facts_of_version_one(database: None) -> None:
    found, imported = await bring(as_file(OLD, version="1.03"))

    assert (told(found), imported) == ([], Imported(created=1))
    kept = await ExternalActivity.get()
    assert (kept.title, kept.language) == ("Un projet ancien", "fr")
    assert kept.translations == {"en": {"title": "An old project", "description": ""}}
    assert kept.dates == {
        "planned_start": "2011-01-01",
        "actual_start": "2011-02-01",
        "actual_end": "2013-01-31",
    }
    assert (kept.starts_on, kept.ends_on) == (date(2011, 2, 1), date(2013, 1, 31))
    assert (kept.status, kept.topics, kept.states) == ("closed", ["JUS"], ["QMM"])
    assert (kept.amount, kept.currency) == (Decimal("7500.00"), "EUR")
    assert kept.provider == "Agence d’exemple"


async def test_a_file_again_changes_only_what_differs(database: None) -> None:
    await bring(as_file(*activities(3)))

    _, same = await bring(as_file(*activities(3)))
    _, changed = await bring(
        as_file(activity(0), activity(1, title="Renamed", updated="2026-02-01T00:00:00Z"))
    )

    assert same == Imported(unchanged=3)
    assert changed == Imported(changed=1, unchanged=1)
    assert await ExternalActivity.all().count() == 3
    renamed = await ExternalActivity.get(identifier=f"{PUBLISHER}-00001")
    assert (renamed.title, renamed.version) == ("Renamed", 2)
    assert await ActivityImport.all().count() == 3
    assert await AuditEntry.filter(action="import_activities").count() == 3
    assert await Outbox.filter(name=CHECK_DUPLICATES).count() == 2


async def test_an_older_file_never_overwrites(database: None) -> None:
    await bring(as_file(activity(0)))

    _, older = await bring(as_file(activity(0, title="Old", updated="2025-01-01T00:00:00Z")))

    assert older == Imported(older=1)
    assert (await ExternalActivity.get()).title == "An illustrative project 0"


async def test_the_publisher_is_checked(database: None) -> None:
    stranger = activity(1, ref="XX-OTHER-1", identifier="XX-OTHER-1-1")

    found, imported = await bring(as_file(activity(0), stranger))
    refused, none = await bring(as_file(stranger), publisher="")

    assert imported == Imported(created=1)
    assert (none, refused.refused) == (Imported(), 1)
    assert [column for column, _ in told(found)] == ["reporting-org"]
    assert '--publisher "XX-OTHER-1"' in told(found)[0][1]
    assert [each.refused for each in await ActivityImport.all().order_by("created_at")] == [1, 1]


async def test_a_publisher_vouched_for_once_is_known(database: None) -> None:
    await bring(as_file(activity(0)))

    _, again = await bring(as_file(activity(0), activity(1)), publisher="")

    assert again == Imported(created=1, unchanged=1)


async def test_identifiers_of_others_are_marked_and_kept_apart(database: None) -> None:
    foreign = activity(0, identifier="SOMEBODY-ELSE-1")

    await bring(as_file(foreign))
    await bring(
        as_file(activity(0, identifier="SOMEBODY-ELSE-1", ref="XX-OTHER-1")),
        publisher="XX-OTHER-1",
    )

    kept = await ExternalActivity.all().order_by("publisher")
    assert [(each.publisher, each.marks) for each in kept] == [
        (PUBLISHER, ["identifier"]),
        ("XX-OTHER-1", ["identifier"]),
    ]


async def test_a_publisher_may_report_for_others(database: None) -> None:
    other = activity(0, ref="XX-OTHER-1")

    _, imported = await bring(as_file(other), for_others=True)

    kept = await ExternalActivity.get()
    assert imported == Imported(created=1)
    assert (kept.publisher, kept.marks) == (PUBLISHER, ["secondary"])


async def test_bad_activities_are_told_and_passed_over(database: None) -> None:
    untitled = re.sub("<title>.*?</title>", "", activity(1), flags=re.DOTALL)
    bad = activity(0, identifier=" "), untitled, activity(2, start="yesterday")

    found, imported = await bring(as_file(*bad, activity(3), activity(3), activity(4)))

    assert imported == Imported(created=2)
    assert [column for column, _ in told(found)] == [
        "iati-identifier",
        "title",
        "activity-date",
        "iati-identifier",
    ]
    assert found.refused == 4


async def test_dates_that_disagree_are_marked(database: None) -> None:
    await bring(as_file(activity(0, start="2027-05-01", end="2026-05-01")))

    kept = await ExternalActivity.get()
    assert (kept.starts_on, kept.ends_on, kept.marks) == (date(2027, 5, 1), None, ["dates"])


async def test_places_that_are_no_state_of_the_list_wait(database: None) -> None:
    places = (
        '<recipient-country code="ZZ"><narrative>Atlantis</narrative></recipient-country>'
        '<recipient-region code="298"/>'
    )
    region = activity(1, places='<recipient-region code="298"/>')

    found, imported = await bring(as_file(activity(0, places=places), region))

    assert imported == Imported(created=1)
    assert (found.waiting, found.regions) == ({"Atlantis": 1}, {"298": 1})
    kept = await ExternalActivity.get()
    assert (kept.states, kept.names, kept.state_id) == ([], ["atlantis"], None)
    name = await ImportedName.get()
    assert (name.key, name.name, name.source, name.answer) == (
        "atlantis",
        "Atlantis",
        "file.xml",
        None,
    )
    assert await Task.filter(kind="name_imported_states", closed_at=None).count() == 1


async def test_places_of_transactions_are_read_too(database: None) -> None:
    moved = activity(0, places="<!-- below -->").replace(
        "</transaction>", '<recipient-country code="QR"/></transaction>'
    )

    await bring(as_file(moved))

    assert (await ExternalActivity.get()).states == ["QRR"]


async def test_parts_of_a_large_file_are_stored_one_by_one(database: None) -> None:
    _, imported = await bring(as_file(*activities(1001)))

    assert imported == Imported(created=1001)


def test_an_unsafe_file_is_told_in_one_line(tmp_path: Path) -> None:
    file = tmp_path / "bomb.xml"
    file.write_bytes(as_file(activity(0), prolog='<!DOCTYPE x [<!ENTITY a "b">]>'))

    done = CliRunner().invoke(app, ["activities", str(file)])

    assert done.exit_code == 1
    assert done.stderr.startswith("concord: The file declares a document type")
    assert done.stderr.count("\n") == 1
