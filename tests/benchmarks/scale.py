"""`python -m tests.benchmarks.scale [PART …]`: how the matcher grows; figures as JSON."""

import argparse
import asyncio
import json
import os
import platform
import sys
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import asdict
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

import psutil

from concord import database, schema
from concord.reference.loading import load_reference
from concord.services import running_services_async
from concord.settings import Settings
from concord.web import logs
from tests.benchmarks import answer, preselection, reranking
from tests.benchmarks.__main__ import free_port
from tests.benchmarks.kept import pool_of

Part = Callable[[argparse.Namespace], Coroutine[Any, Any, list[dict[str, Any]]]]


@asynccontextmanager
async def empty() -> AsyncIterator[Settings]:
    """A database of its own, with its servers; gone at the end."""
    with TemporaryDirectory(prefix="concord-scale-") as folder:
        given = {
            "CONCORD_DATA_FOLDER": folder,
            "CONCORD_PORT": str(free_port()),
            "CONCORD_LOG_LEVEL": "warning",
        }
        async with running_services_async(Settings.from_environment(given)) as settings:
            await schema.migrate(settings.owner_database_url)
            async with database.connected(settings.database_url, pool_size=4):
                await load_reference(illustrative=True)
                yield settings


async def answers(given: argparse.Namespace) -> list[dict[str, Any]]:
    async with empty() as settings:
        found = await answer.measure(settings, offers_wanted=given.most, requests_wanted=1000)
    killed = ", ".join(f"{seconds:.1f}" for seconds in found.killed)
    print(
        f"From publication to the page, {given.most} offers, two workers:"
        f" middle {median(found.seconds):.2f} s, slowest of {len(found.seconds)}"
        f" {max(found.seconds):.2f} s (load {max(found.loads):.1f}, CPU of both workers"
        f" {median(found.cpu):.2f} s); with one killed"
        f" {killed} s, {found.dead} given up"
    )
    return [asdict(found) | {"offers": given.most}]


async def reranks(given: argparse.Namespace) -> list[dict[str, Any]]:
    figures = []
    for size in (size for size in (1000, 3000, 10_000) if size <= given.most):
        async with empty() as settings:
            found = await reranking.measure(settings, size=size)
        figures.append(asdict(found))
        print(
            f"Full run {size} x {size}: {found.wall:.0f} s, CPU {found.cpu:.0f} s, both workers"
            f" {found.megabytes:.0f} MB, {found.pairings} pairings; warm after {found.warm:.0f} s",
            flush=True,
        )
    return figures


async def indexes(given: argparse.Namespace) -> list[dict[str, Any]]:
    """Each in a process of its own, so that memory is that of one index."""
    figures = []
    for count in (1000, 10_000, 100_000):
        command = (sys.executable, "-m", "tests.benchmarks.growth", str(count))
        process = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.PIPE)
        answer_of, _ = await process.communicate()
        found = json.loads(answer_of)
        figures.append(found)
        print(
            f"One index, {count} offers: {found['megabytes']:.0f} MB, ranked and explained in"
            f" {found['middle']:.1f} ms CPU (p95 {found['high']:.1f}), after a change"
            f" {found['changed']:.2f} s, loaded in {found['load']:.0f} s",
            flush=True,
        )
    return figures


async def preselections(given: argparse.Namespace) -> list[dict[str, Any]]:
    texts = os.environ.get("CONCORD_DATA")
    if not texts:
        print("preselection: CONCORD_DATA says where public texts are; left out", flush=True)
        return []
    figures = []
    with scratch(given.folder) as folder:
        for size in given.offers:
            (folder / str(size)).mkdir(exist_ok=True)
            found = await preselection.measure(
                folder / str(size), pool_of(folder, Path(texts)), size=size
            )
            figures.append(found)
            print(preselection.told(found), flush=True)
    return figures


@contextmanager
def scratch(given: Path | None) -> Iterator[Path]:
    """The folder that was given, which stays, or one that goes."""
    if given is not None:
        given.mkdir(parents=True, exist_ok=True)
        yield given
        return
    with TemporaryDirectory(prefix="concord-scale-") as folder:
        yield Path(folder)


PARTS: dict[str, Part] = {
    "answer": answers,
    "rerank": reranks,
    "index": indexes,
    "preselection": preselections,
}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("parts", nargs="*", help=", ".join(PARTS))
    parser.add_argument("--most", type=int, default=10_000, help="offers of the full run")
    parser.add_argument(
        "--offers", type=int, nargs="*", default=[200_000, 1_000_000], help="of the preselection"
    )
    parser.add_argument("--folder", type=Path, help="keep the preselection's servers here")
    parser.add_argument("--out", type=Path, default=Path("build/scale.json"))
    given = parser.parse_args()
    given.out.parent.mkdir(parents=True, exist_ok=True)
    logs.configure(level="error", output="console")
    machine = f"{os.cpu_count()} cores {platform.machine()}, Python {platform.python_version()}"
    print(f"{machine}, load {psutil.getloadavg()[0]:.1f}")
    figures = json.loads(given.out.read_text("utf-8")) if given.out.exists() else {}
    for part in given.parts or PARTS:
        figures[part] = asyncio.run(PARTS[part](given))
        given.out.write_text(json.dumps(figures | {"machine": machine}, indent=1), "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
