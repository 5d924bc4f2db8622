"""Real IATI files of both series, and a thousand generated activities, each imported twice."""

import os
from pathlib import Path

import pytest
from lxml import etree

from concord.activities.models import ExternalActivity, ImportedName
from concord.activities.values import Imported
from tests.activities.iati_files import activities, as_file
from tests.cli.iati import bring, told

pytestmark = pytest.mark.data


def folder() -> Path:
    found = os.environ.get("CONCORD_DATA")
    assert found, "CONCORD_DATA is not set: it names the folder of public data"
    return Path(found) / "iati"


@pytest.mark.parametrize(
    ("name", "publisher", "for_others", "count", "waiting"),
    [
        ("match-example.xml", "XM-DAC-41128", False, 1, 0),
        ("IATIfromGF.xml", "", False, 7, 0),
        ("worldbank.xml", "", False, 14, 0),
        ("ocha-test-data.xml", "XM-DAC-41127", True, 287, 0),
    ],
)
async def test_a_real_file_twice_adds_no_row(
    database: None, name: str, publisher: str, for_others: bool, count: int, waiting: int
) -> None:
    content = (folder() / name).read_bytes()

    found, first = await bring(content, publisher=publisher, for_others=for_others)
    _, second = await bring(content, publisher=publisher, for_others=for_others)

    assert told(found) == []
    assert (first, second) == (Imported(created=count), Imported(unchanged=count))
    assert await ExternalActivity.all().count() == count
    assert await ImportedName.all().count() == waiting


async def test_a_thousand_valid_activities_twice_add_no_row(database: None) -> None:
    content = as_file(*activities(1000))
    schema = etree.XMLSchema(etree.parse(str(folder() / "iati-activities-schema.xsd")))
    schema.assertValid(etree.fromstring(content))

    found, first = await bring(content)
    _, second = await bring(content)

    assert told(found) == []
    assert (first, second) == (Imported(created=1000), Imported(unchanged=1000))
    assert await ExternalActivity.all().count() == 1000
