"""`concord rerank`: rank every open request anew, and watch how far it is."""

import asyncio
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import Progress as Bar

from concord.cli.running import application, read_settings, ring, run, utc_now
from concord.pairings import reranking
from concord.settings import Settings

app = application("Rank every open request anew.")
PAUSE = 1  # seconds between two looks


@app.command(name="rerank")
def rerank(
    wait: Annotated[
        bool, typer.Option("--wait", help="Stay until the workers have done it.")
    ] = False,
    only_look: Annotated[
        bool, typer.Option("--progress", help="Say how far the last run is, and start none.")
    ] = False,
) -> None:
    """Ask the workers for it; a run under way gives way to this one."""

    async def command(settings: Settings) -> None:
        if not only_look:
            await reranking.start("command", now=utc_now())
            await ring(settings)
        if wait:
            await watch()
        print(words_of(await reranking.latest_runs()))

    run(read_settings(), command)


async def watch() -> None:
    """Until the last run is over, with a bar where somebody watches."""
    console = Console(stderr=True)
    with Bar(console=console, disable=not console.is_terminal) as bar:
        task = bar.add_task("Ranking", total=None)
        while (found := await reranking.latest_runs()) and found[0].is_running:
            bar.update(task, completed=found[0].ranked, total=found[0].requests or None)
            await asyncio.sleep(PAUSE)


def words_of(runs: list[reranking.Progress]) -> str:
    if not runs:
        return "Nothing was ranked anew yet."
    last = runs[0]
    state = "under way" if last.is_running else "complete" if not last.failed else "incomplete"
    if last.planned_at is None and last.is_running:
        return "The run waits for a worker."
    return f"{last.ranked} of {last.requests} requests are ranked; the run is {state}."
