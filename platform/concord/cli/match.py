"""`concord match`: the matcher on files, without a server, settings or database."""

import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import date, datetime
from importlib import import_module
from operator import attrgetter
from pathlib import Path
from typing import Annotated, Protocol, TextIO, TypeVar

import typer
from rich.console import Console
from rich.progress import track

from matching.assignment import (
    Assignment,
    Problem,
    assign_fairly,
    assign_with_floor,
    read_problem,
)
from matching.assignment import assign as assign_best
from matching.duplicates import find_duplicates
from matching.encoder import Encoder, LexicalOnly, SentenceEncoder
from matching.evaluation import Figure
from matching.ranking import OfferIndex
from matching.records import UnreadableRecord, read_offers, read_records, read_requests
from matching.scoring import Configuration

app = typer.Typer(help="Rank offers, find duplicates, assign and evaluate: on files alone.")
Item = TypeVar("Item")


class Figures(Protocol):
    def __call__(self, packs: Path, encoder: Encoder, *, peers: bool) -> Iterator[Figure]: ...


Records = Annotated[Path, typer.Option(exists=True, dir_okay=False, readable=True)]
Lexical = Annotated[bool, typer.Option("--lexical", help="Compare words only, no embedding.")]


@app.command()
def rank(
    requests: Records,
    offers: Records,
    out: Annotated[Path, typer.Option(help="Run file: request Q0 offer rank score tag.")],
    top: Annotated[int, typer.Option(min=0, help="Offers a request; 0 ranks all.")] = 0,
    today: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"])] = None,
    lexical: Lexical = False,
) -> None:
    """Rank every offer for every request, in the order of the requests' ids."""
    day = today.date() if today else date.today()
    try:
        asked = sorted(read_requests(requests.read_bytes().splitlines()), key=attrgetter("id"))
        offered = read_offers(offers.read_bytes().splitlines())
    except UnreadableRecord as error:
        raise typer.BadParameter(str(error)) from None
    index = OfferIndex(configuration=Configuration(), encoder=_encoder(lexical))
    index.upsert(_shown(offered, "Reading offers"))
    index.learn(asked)
    with _written(out) as file:
        for request in _shown(asked, "Ranking"):
            order = index.order(request, today=day)
            for place, (offer, score) in enumerate(order.scores(), 1):
                if top and place > top:
                    break
                file.write(f"{request.id} Q0 {offer} {place} {score:.6f} concord\n")


@app.command()
def duplicates(
    records: Records,
    out: Annotated[Path, typer.Option(help="Pairs: id id score verdict, tab-separated.")],
    lexical: Lexical = False,
) -> None:
    """List records that may say the same, best first."""
    try:
        known = read_records(records.read_bytes().splitlines())
    except UnreadableRecord as error:
        raise typer.BadParameter(str(error)) from None
    with _written(out) as file:
        for flag in find_duplicates(known, encoder=_encoder(lexical)):
            file.write(f"{flag.first}\t{flag.second}\t{flag.score:.6f}\t{flag.verdict}\n")


@app.command()
def assign(
    scores: Annotated[
        Path, typer.Option(exists=True, help="scores (n, m), demand, capacity, maybe priority.")
    ],
    out: Annotated[Path, typer.Option(help="One `request offer` index pair a line.")],
    floor: Annotated[
        str | None, typer.Option(help="What every request gets at least: a number, or max.")
    ] = None,
) -> None:
    """Assign offers to requests so that the total is highest."""
    try:
        found = _assigned(read_problem(scores), floor)
    except ValueError as error:
        raise typer.BadParameter(str(error)) from None
    with _written(out) as file:
        file.writelines(f"{request} {offer}\n" for request, offer in found.pairs)
    typer.echo(f"{len(found.pairs)} pairs, total {found.total:.6f}, floor {found.floor:.6f}")


@app.command()
def evaluate(
    packs: Annotated[Path, typer.Argument(exists=True, file_okay=False)],
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a line.")] = False,
    peers: Annotated[bool, typer.Option("--peers", help="Simpler rankings beside it.")] = False,
    lexical: Lexical = False,
) -> None:
    """Measure the matcher on public sets with known answers, with 95 % intervals."""
    # Loaded here alone: learning brings scikit-learn, which the other commands do not wait for.
    figures: Figures = import_module("matching.figures").all_figures
    if not any(packs.glob("*/*")):
        raise typer.BadParameter(f"there is no set in {packs}")
    failed = 0
    for figure in figures(packs, _encoder(lexical), peers=peers):
        failed += figure.passes_gate is False
        typer.echo(_json(figure) if as_json else _line(figure))
    raise typer.Exit(1 if failed else 0)


def _json(figure: Figure) -> str:
    judged = {"gate": figure.passes_gate, "goal": figure.reaches_goal}
    return json.dumps({"name": figure.name, **asdict(figure.interval), **judged})


def _line(figure: Figure) -> str:
    interval, goal = figure.interval, figure.goal
    words = {True: "met", False: "MISSED", None: "-"}
    marks = [
        f"{name} {mark if mark is not None else '-':>7} {words[met]:6}"
        for name, mark, met in (
            ("gate", goal.gate, figure.passes_gate),
            ("goal", goal.goal, figure.reaches_goal),
        )
    ]
    between = f"[{interval.low:.3f}, {interval.high:.3f}]"
    return f"{figure.name:34} {interval.mean:9.3f} {between:20} {'  '.join(marks)}"


def _assigned(problem: Problem, floor: str | None) -> Assignment:
    if floor is None:
        return assign_best(problem)
    return assign_fairly(problem) if floor == "max" else assign_with_floor(problem, float(floor))


@contextmanager
def _written(out: Path) -> Iterator[TextIO]:
    try:
        file = out.open("w", encoding="utf-8")
    except OSError as error:
        raise typer.BadParameter(f"{out} cannot be written: {error.strerror}") from None
    with file:
        yield file


def _encoder(lexical: bool) -> Encoder:
    return LexicalOnly() if lexical else SentenceEncoder()


def _shown(items: list[Item], title: str) -> Iterator[Item]:
    """The same items with a progress bar, on the error stream and for people only."""
    console = Console(stderr=True)
    shown: Iterable[Item] = track(items, title, console=console, disable=not console.is_terminal)
    return iter(shown)


if __name__ == "__main__":
    app()
