"""What offers by the million state: as the sample's do, varied, with every gate among them."""

import random
from collections.abc import Sequence
from datetime import timedelta
from functools import cached_property
from typing import NamedTuple
from uuid import UUID

from concord.reference import tables
from matching.types import Funding, OfferProfile, SlotProfile, Window
from tests.benchmarks.corpus import Row, listed, sample
from tests.benchmarks.profiles import DAY

TWO_SLOTS, ANY_TOPIC, ANYWHERE, DIRECTED, EXCLUDING = 0.3, 0.2, 0.7, 0.01, 0.02
REGIONS = ("Africa", "Americas", "Asia", "Europe", "Oceania")


class Provider(NamedTuple):
    """As much of an organization as its offers' profiles say."""

    id: str
    kind: str
    state: str | None


class Fields:
    """Stated fields of an offer in a language, about something."""

    def __init__(self, providers: Sequence[Provider]) -> None:
        self._providers = providers

    @cached_property
    def _rows(self) -> dict[str, list[Row]]:
        rows = sample("offers")
        languages = {row["language"] for row in rows}
        return {each: [row for row in rows if row["language"] == each] for each in languages}

    @cached_property
    def _topics(self) -> list[str]:
        return sorted({topic for row in sample("offers") for topic in listed(row["topics"])})

    @cached_property
    def _states(self) -> list[str]:
        known = {state.code for state in tables.states()}
        return [each.code for each in tables.states(illustrative=True) if each.code not in known]

    def drawn(self, language: str, about: Sequence[str], chance: random.Random) -> OfferProfile:
        """An offer without its texts."""
        row, provider = chance.choice(self._rows[language]), chance.choice(self._providers)
        start = DAY + timedelta(days=chance.randrange(-60, 180))
        slots = 2 if chance.random() < TWO_SLOTS else 1
        return OfferProfile(
            str(UUID(int=chance.getrandbits(128), version=4)),
            language=language,
            organization=provider.id,
            organization_kind=provider.kind,
            organization_state=provider.state if provider.kind == "state" else None,
            slots=tuple(self._slot(row, about, chance) for _ in range(slots)),
            delivery_languages=tuple(listed(row["delivery_languages"])),
            regions=() if chance.random() < ANYWHERE else _regions(chance),
            directed_state=chance.choice(self._states) if chance.random() < DIRECTED else None,
            excluded_states=(
                (chance.choice(self._states),) if chance.random() < EXCLUDING else ()
            ),
            window=Window(start, start + timedelta(days=chance.randrange(120, 600))),
        )

    def _slot(self, row: Row, about: Sequence[str], chance: random.Random) -> SlotProfile:
        """A kind of help that the sample's offers in this language give, in its unit."""
        given = chance.choice([row, *self._rows[row["language"]]])
        capacity = given["capacity"]
        return SlotProfile(
            str(UUID(int=chance.getrandbits(128), version=4)),
            chance.choice(self._topics if chance.random() < ANY_TOPIC else about),
            given["modality"],
            int(capacity) + chance.randrange(50) if capacity.isdigit() else None,
            given["unit"] or None,
            Funding(given["funding"] or "none"),
        )


def _regions(chance: random.Random) -> tuple[str, ...]:
    return tuple(chance.sample(REGIONS, chance.randrange(1, 4)))
