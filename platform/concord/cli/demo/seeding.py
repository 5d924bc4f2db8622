"""Tells the demo's story into its own database, with a real worker ranking and sending."""

import asyncio
import shutil
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime

from tortoise.connection import get_connection
from tortoise.context import TortoiseContext

from concord.accounts.keys import derive
from concord.cli.demo.children import worker
from concord.cli.demo.folder import PLAYED, SEED, Databases, mark, on_database
from concord.cli.imports.offers import read_offers
from concord.cli.imports.requests import read_requests
from concord.cli.migrate import bring_up_to_date
from concord.cli.running import refuse
from concord.database import APP_ROLE, connected
from concord.demo import sample
from concord.demo.stage import Days, SampleOffer, Stage
from concord.demo.story.reading import catch_up
from concord.demo.story.telling import tell_beginning, tell_end, tell_people
from concord.reference.queries import code_lists
from concord.settings import Settings

LONGEST_WAIT = 240.0  # seconds for the worker to do what is owed
PAUSE = 0.1
POOL = 8
MAILS = "mail"  # the worker keeps them there, in the data folder
OWED = """
SELECT count(*) AS due, count(*) FILTER (WHERE name NOT IN ('tell', 'mail')) AS unranked,
       count(*) FILTER (WHERE attempts > 3) AS failing
FROM outbox WHERE done_at IS NULL AND next_at <= clock_timestamp()
"""


async def seed(settings: Settings, *, now: datetime, say: Callable[[str], None]) -> None:
    """Migrate a database, tell the story into it, and make the demo's own from it."""
    databases, told_in = Databases(settings), on_database(settings, SEED)
    await databases.drop(SEED)
    shutil.rmtree(settings.data_folder / MAILS, ignore_errors=True)
    say("the database and the code lists")
    await bring_up_to_date(told_in, illustrative=True)
    async with (
        TortoiseContext(),
        connected(told_in.database_url, role=APP_ROLE, pool_size=POOL, beyond=True),
    ):
        await tell(await stage(told_in, now=now), told_in, say=say)
    await databases.copy(SEED, PLAYED)
    mark(settings.data_folder, told=True)


async def stage(settings: Settings, *, now: datetime) -> Stage:
    """An empty stage that knows the sample."""
    lists = await code_lists()
    table, requests = read_requests(sample.content("requests"), lists)
    other_table, offers = read_offers(sample.content("offers"), lists)
    if table.problems or other_table.problems:
        refuse(f"the sample does not import: {[*table.problems, *other_table.problems][0]}")
    return Stage(
        days=Days(end=now),
        keys=derive(settings.secret_key),
        sample_requests={each.identifier: each.values for each in requests},
        sample_offers={
            each.identifier: SampleOffer(each.values.organization, each.values.values)
            for each in offers
        },
    )


async def tell(stage: Stage, settings: Settings, *, say: Callable[[str], None]) -> None:
    """The worker begins once everybody has used the link of their invitation."""
    say("organizations and people")
    await tell_people(stage)
    with worker(replace(settings, log_level="warning")) as helper:
        say("offers and requests")
        await tell_beginning(stage)
        say("pairings")
        await until(_ranked, lives=lambda: helper.lives)
        say("matches")
        await tell_end(stage)
        say("messages and mails")
        await until(_done, lives=lambda: helper.lives)
    await catch_up(now=stage.days.end)


async def until(
    is_so: Callable[[], Awaitable[bool]],
    *,
    lives: Callable[[], bool],
) -> None:
    """Wait for the worker; exits with a sentence when it dies or takes too long."""
    for _ in range(int(LONGEST_WAIT / PAUSE)):
        if await is_so():
            return
        if not lives():
            refuse("the worker ended; see worker.log in the data folder.")
        await asyncio.sleep(PAUSE)
    refuse("the worker did not finish; see worker.log in the data folder.")


async def _ranked() -> bool:
    return (await _owed())["unranked"] == 0


async def _done() -> bool:
    return (await _owed())["due"] == 0


async def _owed() -> dict[str, int]:
    [owed] = await get_connection("default").execute_query_dict(OWED)
    if owed["failing"]:
        refuse("the worker cannot do what is owed; see worker.log in the data folder.")
    return dict(owed)
