"""Vectors for the preselection: kept ones are read, missing ones encoded beside the event loop."""

import asyncio
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context

from concord.pairings.vectors import (
    Part,
    keep_vectors,
    parts_of_offers,
    stored_vectors,
    take_missing,
)
from matching.encoder import SentenceEncoder, stored
from matching.types import OfferProfile

AT_ONCE = 16  # texts in one call, so that all processes have something to do


class _Process:
    encoder: SentenceEncoder | None = None


class Reader:
    """Some processes that encode; `count` says how many texts they had to."""

    def __init__(self, executor: ProcessPoolExecutor) -> None:
        self._executor = executor
        self.count = 0

    async def version(self) -> str:
        return await asyncio.get_running_loop().run_in_executor(self._executor, _version)

    async def vectors_of(self, offers: Sequence[OfferProfile], version: str) -> dict[bytes, bytes]:
        """A vector for each text of the offers, by digest. What a worker is encoding at this
        moment is encoded here too, and kept by whoever has the lease."""
        parts = parts_of_offers(offers)
        found = await stored_vectors(parts, version)
        missing = [part for part in parts if part.mark not in found]
        if missing:
            mine = await take_missing(missing, version)
            fresh = await self._encoded(missing)
            if mine:
                await keep_vectors(mine, fresh, version)
            found |= fresh
        return found

    async def _encoded(self, parts: Sequence[Part]) -> dict[bytes, bytes]:
        texts = {part.mark: part.text for part in parts}
        marks = list(texts)
        groups = [marks[n : n + AT_ONCE] for n in range(0, len(marks), AT_ONCE)]
        loop = asyncio.get_running_loop()
        answers = await asyncio.gather(
            *(
                loop.run_in_executor(self._executor, _encode, tuple(texts[mark] for mark in group))
                for group in groups
            )
        )
        self.count += len(marks)
        return {
            mark: vector
            for group, answer in zip(groups, answers, strict=True)
            for mark, vector in zip(group, answer, strict=True)
        }


@contextmanager
def reader(processes: int) -> Iterator[Reader]:
    """Started when first asked; gone at the end."""
    with ProcessPoolExecutor(processes, get_context("spawn"), _start) as executor:
        yield Reader(executor)


def _start() -> None:
    _Process.encoder = SentenceEncoder()


def _made() -> SentenceEncoder:
    if _Process.encoder is None:
        raise RuntimeError("asked before start")
    return _Process.encoder


def _version() -> str:
    return _made().model_version


def _encode(texts: tuple[str, ...]) -> list[bytes]:
    return stored(_made().encode(texts))
