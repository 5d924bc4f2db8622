"""A scratch cluster that may be kept: what took long is done once, its figures beside it."""

import json
import pickle
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from concord.services import postgres, running_services_async
from concord.settings import Settings
from tests.benchmarks.__main__ import free_port
from tests.benchmarks.pool import Pool

# A server for this many rows is given more than the one that every demo starts.
MEMORY = ("shared_buffers=2GB", "max_connections=100", "max_wal_size=8GB", "io_method=sync")
Figures = dict[str, Any]


@asynccontextmanager
async def servers(folder: Path) -> AsyncIterator[Settings]:
    given = {
        "CONCORD_DATA_FOLDER": str(folder),
        "CONCORD_PORT": str(free_port()),
        "CONCORD_LOG_LEVEL": "warning",
        "CONCORD_EMBEDDINGS": "use",
    }
    usual, postgres.MEMORY = postgres.MEMORY, MEMORY
    try:
        async with running_services_async(Settings.from_environment(given)) as settings:
            yield settings
    finally:
        postgres.MEMORY = usual


class Kept:
    """Stages that are over, in the folder."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / "stages.json"

    async def once(self, stage: str, work: Callable[[], Awaitable[Figures]]) -> Figures:
        if stage not in self._done():
            found = await work()
            done = {**self._done(), stage: found}
            self._path.write_text(json.dumps(done, indent=1), "utf-8")
            print(f"  {stage}: {found}", flush=True)
        return self._done()[stage]

    def _done(self) -> dict[str, Figures]:
        if not self._path.exists():
            return {}
        found: dict[str, Figures] = json.loads(self._path.read_text("utf-8"))
        return found


def pool_of(folder: Path, texts: Path) -> Pool:
    """The sentences, read once for every size."""
    path = folder / "pool.pickle"
    if not path.exists():
        path.write_bytes(pickle.dumps(Pool.read(texts)))
    found: Pool = pickle.loads(path.read_bytes())  # noqa: S301 - written above
    return found
