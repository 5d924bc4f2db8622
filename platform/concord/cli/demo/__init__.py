"""`concord demo`: the platform with sample data, on one machine."""

import asyncio
import time
from typing import Annotated

import typer

from concord.accounts.keys import derive
from concord.cli.demo.check import check
from concord.cli.demo.children import Child, wait_until_ready, web, worker
from concord.cli.demo.folder import (
    PLAYED,
    Databases,
    demo_settings,
    is_told,
    mark,
    on_database,
)
from concord.cli.demo.seeding import seed
from concord.cli.demo.sign_ins import show_sign_ins
from concord.cli.migrate import bring_up_to_date
from concord.cli.running import application, opened, refuse, services, utc_now
from concord.cli.serve import listen
from concord.demo.authenticators import code_of
from concord.settings import Settings

PAUSE = 0.3
app = application("Play with sample data on this machine; Ctrl-C ends it.")


@app.command()
def demo(
    check_it: Annotated[
        bool, typer.Option("--check", help="Play one request from draft to evaluated match.")
    ] = False,
    kill_worker: Annotated[
        bool, typer.Option("--kill-worker", help="Kill the worker between any two steps of it.")
    ] = False,
    code: Annotated[
        str, typer.Option(metavar="EMAIL", help="Print the code somebody's authenticator shows.")
    ] = "",
    fresh: Annotated[
        bool, typer.Option("--fresh", help="Forget what was played and begin anew.")
    ] = False,
) -> None:
    """Start the platform with its demo people, requests, offers and matches."""
    settings = demo_settings()
    if fresh:
        mark(settings.data_folder, told=False)
    with services(settings) as ready:
        if code:
            print(asyncio.run(_code(ready, code)))
            return
        if not check_it:
            listen(settings.bind).close()  # before the work, not after it
        prepare(ready)
        if check_it:
            raise typer.Exit(check(ready, kill_worker=kill_worker))
        play(on_database(ready, PLAYED))


def prepare(settings: Settings) -> None:
    """The story is told once for each folder; later starts only bring the schema up to date."""
    began = time.monotonic()

    def say(what: str) -> None:
        print(f"{time.monotonic() - began:5.1f} s  {what}", flush=True)

    told = is_told(settings.data_folder)
    if not (told and asyncio.run(Databases(settings).exists(PLAYED))):
        print("First start: the demo's story is told now, through the platform's own actions.")
        asyncio.run(seed(settings, now=utc_now(), say=say))
    else:
        asyncio.run(bring_up_to_date(on_database(settings, PLAYED), illustrative=True))


def play(settings: Settings) -> None:
    """Serve the demo until Ctrl-C, with a worker beside it."""
    with worker(settings) as helper, web(settings) as pages:
        wait_until_ready(pages, settings)
        asyncio.run(_greet(settings))
        attend(pages, helper)


def attend(*children: Child) -> None:
    """Wait as long as all live, then ask all at once to end; exits if one of them dies."""
    try:
        while True:
            for child in children:
                if not child.lives:
                    refuse(f"the {child.name} process ended.\n{child.last_words()}")
            time.sleep(PAUSE)
    finally:
        for child in children:
            child.ask_to_end()


async def _greet(settings: Settings) -> None:
    async with opened(settings):
        await show_sign_ins(settings, now=utc_now())


async def _code(settings: Settings, email: str) -> str:
    async with opened(on_database(settings, PLAYED)):
        return await code_of(email, derive(settings.secret_key), now=utc_now())
