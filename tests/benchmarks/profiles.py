"""Offers and requests without a database: the sample's texts in another order, other fields."""

import random
from collections.abc import Iterator
from datetime import date, timedelta

from matching.types import (
    Funding,
    ItemProfile,
    OfferProfile,
    RequestProfile,
    SlotProfile,
    Window,
)
from tests.benchmarks.corpus import Row, listed, sample

DAY = date(2027, 1, 11)
PROVIDERS = 1500


def offers(count: int, *, seed: int = 1) -> Iterator[OfferProfile]:
    chance, rows = random.Random(seed), sample("offers")  # noqa: S311 - no secret
    for number in range(count):
        yield _offer(rows[number % len(rows)], f"{seed}-{number:07}", chance)


def _offer(row: Row, mark: str, chance: random.Random) -> OfferProfile:
    words = row["description"].split()
    chance.shuffle(words)
    capacity = row["capacity"]
    slot = SlotProfile(
        "slot",
        listed(row["topics"])[0],
        row["modality"],
        int(capacity) + chance.randrange(50) if capacity.isdigit() else None,
        row["unit"] or None,
        Funding(row["funding"] or "none"),
    )
    start = DAY + timedelta(days=chance.randrange(180))
    return OfferProfile(
        mark,
        f"{row['title']} {mark}",
        " ".join(words),
        row["language"],
        organization=str(chance.randrange(PROVIDERS)),
        slots=(slot,),
        delivery_languages=tuple(listed(row["delivery_languages"])),
        window=Window(start, start + timedelta(days=180 + chance.randrange(360))),
        past=tuple(listed(row["past"])[:2]),
    )


def requests(count: int) -> Iterator[RequestProfile]:
    rows = sample("requests")
    for number in range(count):
        row = rows[number % len(rows)]
        quantity = row["quantity"]
        item = ItemProfile(
            "item",
            listed(row["topics"])[0],
            row["modality"] or "training_course",
            quantity=int(quantity) if quantity else 1,
            unit=row["unit"] or "training_places",
        )
        yield RequestProfile(
            str(number),
            f"{row['title']} {number}",
            f"{row['description']}\n{row['outcome']}",
            row["language"],
            items=(item,),
            state=row["state"],
            working_languages=(row["language"],),
            window=Window(date(2027, 3, 1), date(2027, 12, 31)),
        )
