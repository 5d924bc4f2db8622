"""The matcher in a process of its own: the event loop and the web never load scikit-learn."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from datetime import date
from functools import partial
from multiprocessing import get_context
from typing import TypeVar
from uuid import UUID

from concord.pairings.preselecting.editions import Edition
from concord.pairings.values import LISTED, Bar, Likeness
from matching.duplicates import Duplicate, Record
from matching.types import KnownTexts, OfferProfile, Ranking, RequestProfile, TopicTree
from workers import match_process
from workers.held import Held
from workers.turns import Turns

UNTRAINED = ("", 0.0)
NO_INDEX = "the matcher's process ended, and its index with it"
Vectors = Mapping[bytes, bytes]
NOTHING: Vectors = {}
T = TypeVar("T")


class MatchPool:
    """One process that keeps the index of offers; what it holds is known here by fingerprint.

    A turn keeps the index as it is between bringing it up to date and ranking with it; should the
    process die meanwhile, whatever else the turn asks of the index fails. `cold` is
    set while no process holds an index: at the start, and after a process died. `mark` says up
    to where changes are known. `edition`: that of the preselection, where the index holds its
    reference collection alone; `followed`: whose rows are kept up to `mark`; `compared`: when
    they were last held against all offers.
    """

    def __init__(self, embeddings: str) -> None:
        self._embeddings = embeddings
        self._executor: ProcessPoolExecutor | None = None
        self._indexed: ProcessPoolExecutor | None = None
        self._model_version: str | None = None
        self.offers, self.requests = Held(), Held()
        self.mark = ""
        self.edition: Edition | None = None
        self.followed: UUID | None = None
        self.compared = 0.0
        self.turns = Turns()
        self.configured: tuple[str, float] = UNTRAINED
        self.crowd = ""
        self.cold = asyncio.Event()
        self.cold.set()

    @property
    def warm(self) -> bool:
        """Whether the process holds an index."""
        return not self.cold.is_set()

    @property
    def encodes(self) -> bool:
        """Whether texts are read for their meaning at all."""
        return self._embeddings == "use"

    @property
    def bound(self) -> UUID | None:
        """Offers below it are held; None for all."""
        return self.edition.bound if self.edition else None

    def begin(self) -> None:
        """From now on everything is loaded into the process there is; of another nothing is
        held."""
        self._indexed = self._executor = self._executor or self._start()

    async def model_version(self) -> str:
        """That of the encoder, which the process alone has loaded."""
        if self._model_version is None:
            self._model_version = await self._run(match_process.model_version)
        return self._model_version

    async def encode(self, texts: Sequence[str]) -> list[bytes]:
        """A vector for each text, as it is kept."""
        return await self._run(match_process.encode, tuple(texts))

    async def update(
        self,
        offers: Sequence[OfferProfile],
        gone: Sequence[str],
        *,
        topics: TopicTree,
        vectors: Vectors,
    ) -> None:
        """Add, replace and drop offers; `vectors` by the digest of their text."""
        await self._ask(match_process.update, tuple(offers), tuple(gone), topics, vectors)

    async def configure(self, learned: str, weights: bytes, equity: float) -> None:
        """Rank by this learned order and this weight of equity from now on."""
        await self._ask(match_process.configure, learned, weights, equity)
        self.configured = (learned, equity)

    async def follow(self, edition: str, crowd: Sequence[KnownTexts]) -> None:
        """Take away from now on what this crowd has in common."""
        await self._ask(match_process.follow, tuple(crowd))
        self.crowd = edition

    async def prepare(self) -> bool:
        """A part of the work that a new crowd causes; False when all of it is done."""
        return await self._ask(match_process.prepare)

    async def crowd_now(self) -> list[KnownTexts]:
        """The crowd of the requests that are open now."""
        return await self._ask(match_process.crowd)

    async def update_requests(
        self, requests: Sequence[RequestProfile], gone: Sequence[str], vectors: Vectors = NOTHING
    ) -> None:
        """The same for the requests that changed offers are tried on."""
        await self._ask(match_process.update_requests, tuple(requests), tuple(gone), vectors)

    async def reach(
        self, offers: Sequence[str], bars: Mapping[str, Bar], *, today: date
    ) -> list[str]:
        """Requests whose list one of the offers can enter, the closest first."""
        return await self._ask(match_process.reach, tuple(offers), dict(bars), today)

    async def rank_many(
        self, requests: Sequence[RequestProfile], *, today: date, vectors: Vectors = NOTHING
    ) -> list[Ranking]:
        return await self._ask(match_process.rank_many, tuple(requests), today, LISTED, vectors)

    async def lacking(self, marks: Mapping[str, str]) -> list[str]:
        """Offers, by id and fingerprint, that are neither in the index nor remembered."""
        return await self._ask(match_process.lacking, dict(marks))

    async def admit(
        self, offers: Sequence[OfferProfile], marks: Mapping[str, str], vectors: Vectors
    ) -> None:
        """Remember these beside the index."""
        own = {offer.id: marks[offer.id] for offer in offers}
        await self._ask(match_process.admit, tuple(offers), own, vectors)

    async def direction(self, request: RequestProfile, vectors: Vectors) -> bytes:
        """Where offers lie that answer the request."""
        return await self._ask(match_process.direction, request, dict(vectors))

    async def rank_among(
        self,
        request: RequestProfile,
        offers: Sequence[str],
        *,
        today: date,
        vectors: Vectors = NOTHING,
    ) -> Ranking:
        """Of these offers alone, weighed as among all of the index."""
        return await self._ask(
            match_process.rank_among, request, tuple(offers), today, LISTED, vectors
        )

    async def version(self) -> str:
        """That of the order in force, as rankings carry it."""
        return await self._ask(match_process.version)

    async def closest(
        self, request: RequestProfile, offers: Sequence[str], known: Mapping[str, Likeness]
    ) -> dict[str, Likeness]:
        """The closest sentences of these offers with the request, across languages."""
        if not self.encodes:
            return {}
        return await self._ask(match_process.closest, request, tuple(offers), dict(known))

    async def duplicates(
        self, record: Record, others: Sequence[Record], vectors: Vectors = NOTHING
    ) -> tuple[str, list[Duplicate]]:
        """The version of the model, and which of the others may say the same."""
        return await self._run(match_process.duplicates, record, tuple(others), vectors)

    async def process_id(self) -> int:
        return await self._run(match_process.process_id)

    def close(self) -> None:
        executor = self._forget()
        if executor is not None:
            executor.shutdown(wait=True, cancel_futures=True)

    async def _ask(self, function: Callable[..., T], *arguments: object) -> T:
        """The same of the process that holds the index; BrokenProcessPool once that died."""
        executor = self._indexed
        if executor is None:
            raise BrokenProcessPool(NO_INDEX)
        found = await self._run(function, *arguments)
        if self._indexed is not executor:
            raise BrokenProcessPool(NO_INDEX)
        return found

    async def _run(self, function: Callable[..., T], *arguments: object) -> T:
        """Call `function` in the process; one that died is given up, and its index with it."""
        executor = self._executor = self._executor or self._start()
        loop = asyncio.get_running_loop()
        try:
            return await loop.run_in_executor(executor, partial(function, *arguments))
        except BrokenProcessPool:
            if self._executor is executor:  # whoever notices second must not end its successor
                self._forget()
            raise

    def _start(self) -> ProcessPoolExecutor:
        return ProcessPoolExecutor(
            max_workers=1,
            mp_context=get_context("spawn"),
            initializer=match_process.start,
            initargs=(self._embeddings,),
        )

    def _forget(self) -> ProcessPoolExecutor | None:
        executor, self._executor, self._indexed = self._executor, None, None
        self.offers.clear()
        self.requests.clear()
        self.configured, self.crowd, self.edition = UNTRAINED, "", None
        self.cold.set()
        return executor
