"""The best of all offers, however many: shard by shard, weighed as the preselected ones are."""

import json
import pickle
from collections.abc import Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from heapq import merge
from itertools import islice
from multiprocessing import get_context
from pathlib import Path
from typing import NamedTuple

from matching.encoder import SentenceEncoder, Supplied, stored
from matching.excerpts import digest, offer_texts
from matching.ranking import OfferIndex
from matching.scoring import Configuration
from matching.types import OfferProfile, RequestProfile, TopicTree
from tests.benchmarks.composed import BATCH, Composer
from tests.benchmarks.profiles import DAY

BEST = 100
SHARD = 5  # batches at a time: 50,000 offers
PROCESSES = 2


class Place(NamedTuple):
    """One of the best: ordered as a ranking is."""

    points: int  # millionths, less than nothing: the best first
    offer: str
    language: str


@dataclass(frozen=True)
class Question:
    """What every process needs; `reference` supplies the statistics, `size` is so many batches."""

    composer: Composer
    size: int
    reference: tuple[OfferProfile, ...]
    vectors: dict[bytes, bytes]
    requests: tuple[RequestProfile, ...]
    topics: TopicTree


class _Asked:
    """In a process: the reference collection, loaded once."""

    def __init__(self, question: Question) -> None:
        self.question = question
        self.encoder = Supplied(SentenceEncoder())
        self.index = OfferIndex(
            configuration=Configuration(),
            encoder=self.encoder,
            topics=question.topics,
        )
        with self.encoder.supplied(question.vectors):
            self.index.upsert(question.reference)
        for request in question.requests:
            self.index.remember(request)


_asked: list[_Asked] = []


def best(question: Question, folder: Path) -> dict[str, list[Place]]:
    """Of each request, the best hundred of all offers."""
    path = folder / "question.pickle"
    path.write_bytes(pickle.dumps(question))
    count = question.size // BATCH
    shards = [range(first, min(first + SHARD, count)) for first in range(0, count, SHARD)]
    with ProcessPoolExecutor(
        PROCESSES, mp_context=get_context("spawn"), initializer=_load, initargs=(path,)
    ) as pool:
        found = list(pool.map(_shard, shards))
    return {
        request.id: list(islice(merge(*(each[request.id] for each in found)), BEST))
        for request in question.requests
    }


def write(folder: Path, found: dict[str, list[Place]]) -> None:
    (folder / "best.json").write_text(json.dumps(found), "utf-8")


def read(folder: Path) -> dict[str, list[Place]]:
    found = json.loads((folder / "best.json").read_text("utf-8"))
    return {request: [Place(*each) for each in places] for request, places in found.items()}


def _load(path: Path) -> None:
    _asked.append(_Asked(pickle.loads(path.read_bytes())))  # noqa: S301 - written above


def _shard(batches: Sequence[int]) -> dict[str, list[Place]]:
    asked = _asked[0]
    question, offers = asked.question, list[OfferProfile]()
    vectors: dict[bytes, bytes] = {}
    for number in batches:
        for offer, read in question.composer.batch(number):
            offers.append(offer)
            vectors |= zip(map(digest, offer_texts(offer)), stored(read), strict=True)
    with asked.encoder.supplied(vectors):
        part = asked.index.apart(offers)
    languages = {offer.id: offer.language or "" for offer in offers}
    return {each.id: list(_listed(part, each, languages)) for each in question.requests}


def _listed(
    part: OfferIndex, request: RequestProfile, languages: dict[str, str]
) -> Iterable[Place]:
    order = part.order(request, today=DAY)
    for place, points in zip(order.places[:BEST].tolist(), order.points.tolist(), strict=False):
        offer = order.ids[place]
        yield Place(-points, offer, languages[offer])
