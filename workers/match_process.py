"""What runs inside the matcher's process: one index, kept between calls."""

import os
import signal
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from multiprocessing import parent_process
from threading import Thread

from concord.pairings.values import ANYTHING, Bar, Likeness
from matching.duplicates import Duplicate, Record, duplicates_of
from matching.encoder import LexicalOnly, SentenceEncoder, Supplied, stored
from matching.excerpts import digest, whole
from matching.ranking import OfferIndex
from matching.reorder import TextModel, model_of
from matching.scoring import Configuration, with_equity
from matching.sentences import closest_sentences
from matching.types import KnownTexts, OfferProfile, Ranking, RequestProfile, TopicTree
from workers.aside import Aside

DRIFT = 0.005
SENTENCES_READ = 8


@dataclass(slots=True)
class _Process:
    encoder: Supplied
    index: OfferIndex | None = None
    requests: dict[str, RequestProfile] = field(default_factory=dict)
    configuration: Configuration = field(default_factory=Configuration)
    model: TextModel | None = None
    crowd: tuple[KnownTexts, ...] = ()
    aside: Aside = field(default_factory=Aside)


_process = _Process(Supplied(LexicalOnly()))


def start(embeddings: str) -> None:
    """Load the encoder once; the parent alone decides when this process ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    Thread(target=_end_with_the_parent, daemon=True).start()
    _process.encoder = Supplied(SentenceEncoder() if embeddings == "use" else LexicalOnly())


def _end_with_the_parent() -> None:
    """A killed parent closes no queue: without this its process would stay for ever."""
    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def process_id() -> int:
    return os.getpid()


def model_version() -> str:
    return _process.encoder.model_version


def encode(texts: tuple[str, ...]) -> list[bytes]:
    return stored(_process.encoder.encode(texts))


def configure(learned: str, weights: bytes, equity: float) -> None:
    """Rank by this learned order, none where there are no weights, and this weight of equity."""
    _process.configuration = with_equity(equity)
    _process.model = model_of(learned, weights) if weights else None
    if _process.index is not None:
        _process.index.adopt(_process.configuration, _process.model)


def follow(crowd: tuple[KnownTexts, ...]) -> None:
    """Take away from now on what these requests have in common."""
    _process.crowd = crowd
    if _process.index is not None:
        _process.index.follow(crowd)


def prepare() -> bool:
    return _process.index is not None and _process.index.prepare()


def crowd() -> list[KnownTexts]:
    """That of the requests that are open now."""
    return _made().known(_process.requests.values())


def update(
    offers: tuple[OfferProfile, ...],
    gone: tuple[str, ...],
    topics: TopicTree,
    vectors: Mapping[bytes, bytes],
) -> None:
    """Add, replace and drop offers; the first call makes the index."""
    index = _index(topics)
    index.remove(gone)
    with _process.encoder.supplied(vectors):
        index.upsert(offers)


def update_requests(
    requests: tuple[RequestProfile, ...], gone: tuple[str, ...], vectors: Mapping[bytes, bytes]
) -> None:
    """Add, replace and drop the requests that changed offers are tried on."""
    index = _made()
    for identifier in gone:
        _process.requests.pop(identifier, None)
    with _process.encoder.supplied(vectors):
        for request in requests:
            _process.requests[request.id] = request
            index.remember(request)


def reach(offers: tuple[str, ...], bars: Mapping[str, Bar], today: date) -> list[str]:
    """Requests whose list one of the offers can enter, the closest first.

    A list that is not full takes anything. What was listed was scored a little while ago, among
    almost the same offers: `DRIFT` is more than that changes.
    """
    known = _known(offers)
    with _process.encoder.supplied(_process.aside.vectors(offers)):
        few = _made().apart(known)
    found = []
    for identifier, request in _process.requests.items():
        cutoff, head = bars.get(identifier, ANYTHING)
        most = few.most(request, today=today, head=head)
        if most is not None and (cutoff is None or most >= cutoff - DRIFT):
            found.append((-(few.best(request, today=today) or 0.0), identifier))
    return [identifier for _, identifier in sorted(found)]


def rank_many(
    requests: tuple[RequestProfile, ...], today: date, top: int, vectors: Mapping[bytes, bytes]
) -> list[Ranking]:
    index = _made()
    with _process.encoder.supplied(vectors):
        return [
            index.rank_one(request, today=today, top=top, barred=False) for request in requests
        ]


def lacking(marks: Mapping[str, str]) -> list[str]:
    """Those of these offers, by id and fingerprint, that have to be admitted first."""
    index = _made()
    return _process.aside.lacking(marks, {offer.id for offer in index.profiles(marks)})


def admit(
    offers: tuple[OfferProfile, ...], marks: Mapping[str, str], vectors: Mapping[bytes, bytes]
) -> None:
    """Remember offers that are no members of the index, each under its fingerprint."""
    _process.aside.put(offers, marks, vectors)


def direction(request: RequestProfile, vectors: Mapping[bytes, bytes]) -> bytes:
    """Where offers lie that answer the request."""
    with _process.encoder.supplied(vectors):
        return stored(_made().direction(request)[None, :])[0]


def rank_among(
    request: RequestProfile,
    offers: tuple[str, ...],
    today: date,
    top: int,
    vectors: Mapping[bytes, bytes],
) -> Ranking:
    """The ranking of these offers alone, members or admitted, weighed as among all members."""
    known = _known(offers)
    with _process.encoder.supplied({**vectors, **_process.aside.vectors(offers)}):
        part = _made().apart(known)
        return part.rank_one(request, today=today, top=top, barred=False)


def version() -> str:
    return _made().version


def closest(
    request: RequestProfile, offers: tuple[str, ...], known: Mapping[str, Likeness]
) -> dict[str, Likeness]:
    """For offers in another language, the two sentences that say most nearly the same.

    What is `known` of unchanged texts is not read again.
    """
    found = {}
    asked = whole(request.title, request.text)
    for offer in _known(offers):
        offered = whole(offer.title, offer.text)
        mark = digest(f"{asked}\0{offered}").hex()
        if offer.language == request.language:
            continue
        if offer.id in known and known[offer.id]["mark"] == mark:
            found[offer.id] = known[offer.id]
        elif pair := closest_sentences(
            asked, offered, encoder=_process.encoder, most=SENTENCES_READ
        ):
            found[offer.id] = Likeness(mark=mark, request=pair.request, offer=pair.offer)
    return found


def duplicates(
    record: Record, others: tuple[Record, ...], vectors: Mapping[bytes, bytes]
) -> tuple[str, list[Duplicate]]:
    with _process.encoder.supplied(vectors):
        found = duplicates_of(record, others, encoder=_process.encoder)
    return _process.encoder.model_version, found


def _known(offers: Iterable[str]) -> list[OfferProfile]:
    """Those that are members, as they are now, or were admitted."""
    index, found = _made(), []
    for offer in offers:
        member = index.profiles((offer,))
        known = member[0] if member else _process.aside.get(offer)
        if known is not None:
            found.append(known)
    return found


def _made() -> OfferIndex:
    if _process.index is None:
        raise RuntimeError("asked before update")
    return _process.index


def _index(topics: TopicTree) -> OfferIndex:
    if _process.index is None:
        _process.index = OfferIndex(
            configuration=_process.configuration,
            encoder=_process.encoder,
            topics=topics,
            model=_process.model,
        )
        _process.index.follow(_process.crowd)
    return _process.index
