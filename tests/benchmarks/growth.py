"""`python -m tests.benchmarks.growth OFFERS`: one index in memory, its size and its speed."""

import json
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass

import numpy as np
import psutil

from matching.encoder import Vectors
from matching.ranking import OfferIndex
from matching.scoring import Configuration
from tests.benchmarks import profiles
from tests.benchmarks.vectors import Neighbours

ASKED = 60
LISTED = 50


@dataclass(frozen=True, slots=True)
class Figures:
    """Seconds, megabytes, milliseconds; `changed`: the first ranking after one offer changed."""

    offers: int
    load: float
    megabytes: float
    changed: float
    middle: float
    high: float


class Near(Neighbours):
    """As the index wants it."""

    dimension = 512

    def reads(self, language: str) -> bool:
        return True

    def encode(self, texts: Sequence[str]) -> Vectors:
        return super().encode(texts)


def measure(count: int) -> Figures:
    encoder = Near()
    index = OfferIndex(configuration=Configuration(), encoder=encoder)
    asked = list(profiles.requests(ASKED))
    for request in asked:
        index.remember(request)
    for offer in profiles.offers(1000):  # every base text is encoded before the clock starts
        encoder.encode([offer.text, *offer.past])
    started = time.perf_counter()
    index.upsert(profiles.offers(count))
    index.rank_one(asked[0], today=profiles.DAY, top=LISTED, barred=False)
    load = time.perf_counter() - started
    index.upsert(profiles.offers(1, seed=2))
    started = time.perf_counter()
    index.rank_one(asked[0], today=profiles.DAY, top=LISTED, barred=False)
    changed = time.perf_counter() - started
    taken = []
    for request in asked:
        started = time.process_time()
        index.rank_one(request, today=profiles.DAY, top=LISTED, barred=False)
        taken.append(1000 * (time.process_time() - started))
    middle, high = (float(value) for value in np.percentile(taken, [50, 95]))
    megabytes = psutil.Process().memory_info().rss / 1e6
    return Figures(count, load, megabytes, changed, middle, high)


if __name__ == "__main__":
    print(json.dumps(asdict(measure(int(sys.argv[1])))))
