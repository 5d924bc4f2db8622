"""Requests of the sample ranked among very many offers, and what a preselection leaves out."""

import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import psutil
from tortoise.connection import get_connection

from concord.pairings.preselecting.candidates import candidates_of
from concord.pairings.profiles import offer_profiles, topic_tree
from concord.settings import Settings
from matching.topics import nearest
from matching.types import Ranking, RequestProfile, TopicTree
from tests.benchmarks.corpus import MOMENT
from tests.benchmarks.exact import Place
from tests.benchmarks.kept import Figures
from tests.benchmarks.profiles import DAY
from tests.benchmarks.servers import megabytes, spent
from workers.context import Context
from workers.match_index import refresh
from workers.match_pool import MatchPool
from workers.match_preselection import rank_each
from workers.match_vectors import requests_vectors

DEPTHS = (10, 50, 100)
MILLION = 1_000_000
Best = Mapping[str, Sequence[Place]]


async def measure(
    settings: Settings, requests: Sequence[RequestProfile], best: Best, folder: Path
) -> Figures:
    pool = MatchPool("use")
    context = Context(replace(settings, preselect_from=1), lambda: MOMENT, pool)
    try:
        started = time.perf_counter()
        await refresh(context)
        warm = time.perf_counter() - started
        vectors = {each.id: await requests_vectors(pool, [each]) for each in requests}
        found = await candidates(pool, requests, vectors, best)
        return {
            "asked": len(requests),
            "ask_load": psutil.getloadavg()[0],
            "warm": warm,
            **found,
            **await rankings(pool, _one_a_text(requests), vectors, best),
            "megabytes": psutil.Process(await pool.process_id()).memory_info().rss / 1e6,
            "server_megabytes": megabytes(folder),
        }
    finally:
        pool.close()


async def candidates(
    pool: MatchPool,
    requests: Sequence[RequestProfile],
    vectors: Mapping[str, Mapping[bytes, bytes]],
    best: Best,
) -> Figures:
    """How long the query takes, how many offers it gives, and how many of the best are there."""
    taken, counts, missed = [], [], dict[str, list[Place]]()
    recalls: dict[int, list[float]] = {depth: [] for depth in DEPTHS}
    tree = await topic_tree()
    for request in requests:
        direction = await pool.direction(request, vectors[request.id])
        started = time.perf_counter()
        found = await candidates_of(request, direction, tree, today=DAY)
        taken.append(1000 * (time.perf_counter() - started))
        counts.append(len(found))
        places = best[request.id]
        missed[request.id] = [place for place in places if place.offer not in found]
        for depth in DEPTHS:
            there = [place.offer in found for place in places[:depth]]
            recalls[depth].append(float(np.mean(there)) if there else 1.0)
    return {
        "candidates": float(np.mean(counts)),
        **_spread("query", taken),
        **{f"recall_{depth}": float(np.mean(values)) for depth, values in recalls.items()},
        "recall_100_least": min(recalls[100]),
        **_by_language(requests, best, missed),
        "missed": await _likes(requests, best, missed),
    }


async def rankings(
    pool: MatchPool,
    requests: Sequence[RequestProfile],
    vectors: Mapping[str, Mapping[bytes, bytes]],
    best: Best,
) -> Figures:
    """Each twice: with offers that the process has yet to load, and again at once."""
    rows = await get_connection("default").execute_query_dict("SELECT pg_backend_pid() AS pid")
    sides = {
        "worker": (psutil.Process().pid, await pool.process_id()),
        "server": (rows[0]["pid"],),
    }
    taken: dict[str, list[float]] = {}
    apart = 0.0
    for request in requests:
        for turn in ("cold", "again"):
            before = {side: sum(map(spent, pids)) for side, pids in sides.items()}
            started = time.perf_counter()
            ((ranking, *_),) = await rank_each(
                pool, [request], vectors[request.id], held=0, today=DAY
            )
            taken.setdefault(turn, []).append(1000 * (time.perf_counter() - started))
            for side, pids in sides.items():
                used = 1000 * (sum(map(spent, pids)) - before[side])
                taken.setdefault(f"{turn}_{side}", []).append(used)
        apart = max(apart, _difference(ranking, best[request.id]))
    both = np.add(taken["cold_worker"], taken["cold_server"])
    spreads = [_spread(name, values) for name, values in sorted(taken.items())]
    middle, high = (float(value) for value in np.percentile(both, [50, 95]))
    joined = {name: value for spread in spreads for name, value in spread.items()}
    return {"middle": middle, "high": high, **joined, "score_difference": apart}


def _one_a_text(requests: Sequence[RequestProfile]) -> list[RequestProfile]:
    """Requests that ask for several things are several in the sample, with one text."""
    found: dict[str, RequestProfile] = {}
    for request in requests:
        found.setdefault(request.text, request)
    return list(found.values())


def _difference(ranking: Ranking, places: Sequence[Place]) -> float:
    """The most that a score differs from the one in the exact ranking."""
    exact = {place.offer: -place.points / MILLION for place in places}
    return max(
        (abs(each.score - exact[each.offer]) for each in ranking.pairings if each.offer in exact),
        default=0.0,
    )


def _spread(name: str, milliseconds: Sequence[float]) -> dict[str, float]:
    middle, high = np.percentile(milliseconds, [50, 95])
    return {f"{name}_p50": float(middle), f"{name}_p95": float(high)}


def _by_language(
    requests: Sequence[RequestProfile], best: Best, missed: Mapping[str, Sequence[Place]]
) -> dict[str, dict[str, float]]:
    """Recall of the best hundred by the language of the request, then of the offer."""
    there, lost = Counter[str](), Counter[str]()
    for request in requests:
        for places, count in ((best[request.id], there), (missed[request.id], lost)):
            for place in places:
                kind = "own" if place.language == request.language else "other"
                count.update((kind, f"{request.language}-{kind}"))
    return {"recall_by": {pair: 1 - lost[pair] / there[pair] for pair in sorted(there)}}


async def _likes(
    requests: Sequence[RequestProfile], best: Best, missed: Mapping[str, Sequence[Place]]
) -> dict[str, float]:
    """How many were missed by how near their topic is, and the middle one's true rank."""
    tree, near, ranks = await topic_tree(), Counter[str](), []
    for request in requests:
        order = {place.offer: rank for rank, place in enumerate(best[request.id], 1)}
        lost = [place.offer for place in missed[request.id]]
        ranks += [order[offer] for offer in lost]
        near.update([_closeness(request, offer, tree) for offer in await _slots(lost)])
    return {**dict(sorted(near.items())), "rank": float(np.median(ranks)) if ranks else 0.0}


async def _slots(offers: Sequence[str]) -> list[list[str]]:
    profiles = await offer_profiles(offers) if offers else []
    return [[slot.topic for slot in each.slots if slot.topic] for each in profiles]


def _closeness(request: RequestProfile, topics: Sequence[str], tree: TopicTree) -> str:
    asked = [item.topic for item in request.items if item.topic]
    return f"topic {max((nearest(each, topics, tree)[0] for each in asked), default=0.0):.1f}"
