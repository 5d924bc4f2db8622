"""How often the matcher puts a practitioner's better offer before the worse one.

The labels were made by reading, before anything was ranked. A pair is two offers of different
grade for one request; an offer that a gate bars stands last, and two barred ones count half. Most
pairs in the wrong order are middling offers of another kind of help, which a gate bars.
"""

from datetime import date

import pytest

from concord.reference import tables
from matching.encoder import SentenceEncoder
from matching.ranking import rank
from matching.scoring import Configuration
from matching.types import (
    Funding,
    ItemProfile,
    OfferProfile,
    Ranking,
    RequestProfile,
    SlotProfile,
    TopicTree,
    Window,
)
from tests.demo.sample_rows import REGION, Row, by_id, rows, values

TODAY = date(2026, 12, 1)
GRADES = {"good": 2, "middling": 1, "wrong": 0}
LAST = -1.0


def window(row: Row) -> Window:
    return Window(date.fromisoformat(row["starts_on"]), date.fromisoformat(row["ends_on"]))


def number(cell: str) -> int | None:
    return int(cell) if cell.isdigit() else None


def request_profile(identifier: str, items: list[Row]) -> RequestProfile:
    first = items[0]
    return RequestProfile(
        id=identifier,
        title=first["title"],
        text=f"{first['description']}\n{first['outcome']}",
        language=first["language"],
        items=tuple(
            ItemProfile(
                id=str(place),
                topic=values(row["topics"])[0],
                modality=row["modality"],
                quantity=number(row["quantity"]),
                unit=row["unit"] or None,
            )
            for place, row in enumerate(items)
        ),
        state=first["state"],
        co_states=tuple(values(first["co_states"])),
        regions=(REGION[first["state"]],),
        working_languages=(first["language"],),
        window=window(first),
        tags=tuple(values(first["topics"])[1:]),
    )


def offer_profile(identifier: str, slots: list[Row], home: dict[str, str]) -> OfferProfile:
    first = slots[0]
    return OfferProfile(
        id=identifier,
        title=first["title"],
        text=first["description"],
        language=first["language"],
        organization=first["organization"],
        organization_kind=first["organization_kind"],
        organization_state=home.get(first["organization"]),
        slots=tuple(
            SlotProfile(
                id=str(place),
                topic=values(row["topics"])[0],
                modality=row["modality"],
                capacity_left=number(row["capacity"]),
                unit=row["unit"] or None,
                funding=Funding(row["funding"]),
            )
            for place, row in enumerate(slots)
        ),
        delivery_languages=tuple(values(first["delivery_languages"])),
        regions=tuple(values(first["regions"])),
        excluded_states=tuple(values(first["excluded_states"])),
        window=window(first),
        past=tuple(values(first["past"])),
        tags=tuple(values(first["topics"])[1:]),
    )


@pytest.fixture(scope="module")
def rankings() -> list[Ranking]:
    home = {row["name"]: row["state"] for row in rows("organizations") if row["kind"] == "state"}
    topics = tables.topics()
    return rank(
        [request_profile(key, items) for key, items in by_id("requests").items()],
        [offer_profile(key, slots, home) for key, slots in by_id("offers").items()],
        configuration=Configuration(),
        encoder=SentenceEncoder(),
        topics=TopicTree(
            parents={topic.code: topic.parent_code for topic in topics if topic.parent_code},
            related={topic.code: topic.related for topic in topics},
        ),
        today=TODAY,
        top=0,
    )


def labelled() -> dict[str, dict[str, int]]:
    found: dict[str, dict[str, int]] = {}
    for row in rows("labels"):
        found.setdefault(row["request"], {})[row["offer"]] = GRADES[row["grade"]]
    return found


def in_order(ranking: Ranking, grades: dict[str, int], *, apart: int) -> list[float]:
    """1 for each pair in the right order, 0.5 for a tie, 0 else; grades differ by `apart`."""
    score = {pairing.offer: pairing.score for pairing in ranking.pairings}
    pairs = [(a, b) for a in grades for b in grades if grades[a] - grades[b] >= apart]
    gaps = [score.get(better, LAST) - score.get(worse, LAST) for better, worse in pairs]
    return [0.5 if gap == 0 else float(gap > 0) for gap in gaps]


def share(rankings: list[Ranking], *, apart: int) -> tuple[float, int]:
    grades = labelled()
    found = [one for r in rankings for one in in_order(r, grades[r.request], apart=apart)]
    return sum(found) / len(found), len(found)


@pytest.mark.parametrize(("apart", "least"), [(1, 0.80), (2, 0.98)])
def test_better_offers_stand_before_worse_ones(
    rankings: list[Ranking], apart: int, least: float
) -> None:
    found, count = share(rankings, apart=apart)
    print(f"pairs in the right order, grades {apart} apart: {found:.3f} of {count}")
    assert found >= least


def test_a_good_offer_stands_first_for_most_requests(rankings: list[Ranking]) -> None:
    grades = labelled()
    firsts = [
        max(
            (pairing for pairing in ranking.pairings if pairing.offer in grades[ranking.request]),
            key=lambda pairing: pairing.score,
        )
        for ranking in rankings
    ]
    good = [grades[r.request][first.offer] == 2 for r, first in zip(rankings, firsts, strict=True)]
    print(f"requests with a good offer first among the labelled: {sum(good)} of {len(good)}")
    assert sum(good) / len(good) >= 0.8
