"""What a browser sends with the form of an offer."""

import re

from tests.conftest import Client

COURSE = {
    "slot-1-topic": "INV.02",
    "slot-1-modality": "training_course",
    "slot-1-capacity": "20",
    "slot-1-unit": "training_places",
    "slot-1-funding": "full",
}
WHOLE: dict[str, str | list[str]] = {
    "title": "Premiers intervenants",
    "description": "Cinq jours de pratique.",
    "language": "fr",
    "delivery_languages": ["fr", "en"],
    "starts_on": "2027-02-01",
    "ends_on": "2027-12-31",
    "past": "Une session en 2025\nUne autre en 2026",
    **COURSE,
}


async def version_in(client: Client, address: str) -> str:
    """The hidden version of the form that a page shows."""
    page = (await client.get(address)).text
    found = re.search(r'name="version" value="(\d+)"', page)
    assert found is not None, page[:2000]
    return found[1]
