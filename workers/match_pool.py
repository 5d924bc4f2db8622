"""The matcher in a process of its own: the event loop and the web never load scikit-learn."""

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from datetime import date
from functools import partial
from multiprocessing import get_context
from typing import TypeVar

from matching.duplicates import Duplicate, Record
from matching.types import OfferProfile, Ranking, RequestProfile, TopicTree
from workers import match_process

TOP = 50
T = TypeVar("T")


class MatchPool:
    """One process that keeps the index of offers; what it holds is known here by fingerprint."""

    def __init__(self, embeddings: str) -> None:
        self._embeddings = embeddings
        self._executor: ProcessPoolExecutor | None = None
        self._held: dict[str, str] = {}
        self._warm = False
        self.lock = asyncio.Lock()

    @property
    def warm(self) -> bool:
        """Whether the process holds an index."""
        return self._warm

    def stale(self, fingerprints: dict[str, str]) -> tuple[list[str], list[str]]:
        """Ids to load again and ids to drop, against what the process holds."""
        changed = [i for i, mark in fingerprints.items() if self._held.get(i) != mark]
        gone = [i for i in self._held if i not in fingerprints]
        return changed, gone

    async def update(
        self,
        offers: Sequence[OfferProfile],
        gone: Sequence[str],
        *,
        topics: TopicTree,
        fingerprints: dict[str, str],
    ) -> None:
        """Bring the index up to `fingerprints`."""
        await self._run(match_process.update, tuple(offers), tuple(gone), topics)
        self._held = dict(fingerprints)
        self._warm = True

    async def rank(self, request: RequestProfile, *, today: date) -> Ranking:
        return await self._run(match_process.rank, request, today, TOP)

    async def duplicates(
        self, record: Record, others: Sequence[Record]
    ) -> tuple[str, list[Duplicate]]:
        """The version of the model, and which of the others may say the same."""
        return await self._run(match_process.duplicates, record, tuple(others))

    def close(self) -> None:
        if self._executor is not None:
            self._executor.shutdown(wait=True, cancel_futures=True)
            self._executor = None

    async def _run(self, function: Callable[..., T], *arguments: object) -> T:
        """Call `function` in the process; a process that died is started anew, empty."""
        if self._executor is None:
            self._held = {}
            self._executor = ProcessPoolExecutor(
                max_workers=1,
                mp_context=get_context("spawn"),
                initializer=match_process.start,
                initargs=(self._embeddings,),
            )
        loop = asyncio.get_running_loop()
        try:
            return await loop.run_in_executor(self._executor, partial(function, *arguments))
        except BrokenProcessPool:
            self._executor = None
            self._warm = False
            raise
