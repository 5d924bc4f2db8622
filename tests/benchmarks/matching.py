"""`python -m tests.benchmarks.matching PACKS`: the matcher and its peers, in one run."""

import argparse
import asyncio
import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import asyncpg

from concord.database import credentials
from concord.services import running_services
from concord.settings import Settings
from concord.web import logs
from matching.encoder import Encoder, LexicalOnly, Remembering, SentenceEncoder
from matching.evaluation import Figure, Interval
from matching.figures import all_figures, simpler
from matching.packs import Ranks, ranking_figures
from tests.benchmarks.full_text import FullText

WORDS = {True: "met", False: "MISSED", None: ""}
Rows = dict[str, tuple[Figure, dict[str, Interval]]]


@contextmanager
def full_text() -> Iterator[FullText]:
    """On a server of its own."""
    with TemporaryDirectory(prefix="concord-peers-") as folder:
        given = {"CONCORD_DATA_FOLDER": folder, "CONCORD_LOG_LEVEL": "warning"}
        with running_services(Settings.from_environment(given)) as settings:
            loop = asyncio.new_event_loop()
            address = credentials(settings.owner_database_url) | {"database": "postgres"}
            connection = loop.run_until_complete(asyncpg.connect(**address))
            try:
                yield FullText(connection, loop)
            finally:
                loop.run_until_complete(connection.close())
                loop.close()


def collect(packs: Path, encoder: Encoder) -> Rows:
    """Every figure of the matcher with those of its peers; says how long each took."""
    rows: Rows = {each.name: (each, {}) for each in _told("Concord", all_figures(packs, encoder))}
    with full_text() as words:
        peers: dict[str, Ranks] = {**simpler(encoder), "PostgreSQL": words}
        for name, peer in peers.items():
            for figure in _told(name, ranking_figures(packs, peer)):
                if figure.name in rows:
                    rows[figure.name][1][name] = figure.interval
    return rows


def _told(name: str, figures: Iterable[Figure]) -> list[Figure]:
    started = time.perf_counter()
    found = list(figures)
    print(f"{name}: {time.perf_counter() - started:.0f} s", file=sys.stderr, flush=True)
    return found


def table(rows: Rows) -> Iterator[str]:
    """The header and a line for each figure, with 95 % intervals from a fixed seed."""
    names = list(dict.fromkeys(name for _, peers in rows.values() for name in peers))
    heads = [f"{'set':34}{'Concord':>9}  {'95 %':17}{'gate':>9} {'':7}{'goal':>8} {'':7}"]
    yield "".join([*heads, *(f"{name:>12}" for name in names)])
    for figure, peers in rows.values():
        interval, goal = figure.interval, figure.goal
        line = [f"{figure.name:34}{interval.mean:9.3f}  "]
        line.append(f"[{interval.low:.3f}, {interval.high:.3f}]".ljust(17))
        for mark, met in ((goal.gate, figure.passes_gate), (goal.goal, figure.reaches_goal)):
            line.append(f"{'' if mark is None else mark:>9} {WORDS[met]:7}")
        line += [f"{peers[name].mean:12.3f}" if name in peers else " " * 12 for name in names]
        yield "".join(line).rstrip()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("packs", type=Path)
    parser.add_argument("--lexical", action="store_true", help="compare words only")
    given = parser.parse_args()
    logs.configure(level="error", output="console")
    encoder = Remembering(LexicalOnly() if given.lexical else SentenceEncoder())
    rows = collect(given.packs, encoder)
    print("\n".join(table(rows)))
    judged = [figure for figure, _ in rows.values()]
    gates = sum(each.passes_gate is False for each in judged)
    goals = sum(each.reaches_goal is False for each in judged)
    print(f"{len(judged)} figures, one configuration; {gates} gates and {goals} goals missed")
    return 1 if gates else 0


if __name__ == "__main__":
    sys.exit(main())
