"""`python -m tests.faults [seconds] [seed]`: twenty people at work while everything is killed."""

import asyncio
import re
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from random import Random

from tortoise.context import TortoiseContext

from concord import database, schema
from concord.reference.loading import load_reference
from tests.faults import checker, planted, scene
from tests.faults.history import History
from tests.faults.nemesis import Faults, Nemesis, until
from tests.faults.people import Person
from tests.faults.site import Site, running_site

SECONDS = 300.0
SETTLE = 60.0
"""Seconds after the last fault within which all that is owed has arrived."""
LEAST = Faults(kills=20, restarts=3, redis_losses=3)
ERROR = re.compile(r'\[error|"level": ?"error')
WEB_BACK, JOB_AGAIN = 3.0, 35.0


async def play(site: Site, *, seconds: float, seed: int) -> tuple[History, Faults]:
    """Set the scene, let people and faults loose for a time, then let it settle."""
    chance = Random(seed)  # noqa: S311 - which fault comes when is no secret
    url = site.urls.database_url
    await schema.migrate(url)
    async with TortoiseContext() as context:
        await context.init(config=database.config(url))
        await load_reference(illustrative=True)
        set_up = await scene.build()
    for child in site.children.values():
        child.start()
    nemesis, history, stop = Nemesis(site, chance), History(), asyncio.Event()
    await until(nemesis.web_answers)
    keeping = asyncio.create_task(nemesis.keep_up())
    people = [
        Person(seat, set_up, history, Random(chance.random()), site.addresses)  # noqa: S311
        for seat in set_up.seats
    ]
    async with asyncio.TaskGroup() as group:
        for person in people:
            group.create_task(person.work(stop))
        raging = group.create_task(nemesis.rage(stop))
        await asyncio.sleep(seconds)
        stop.set()
        await raging
    await asyncio.sleep(SETTLE)
    keeping.cancel()
    return history, nemesis.done


def report(history: History, done: Faults) -> list[str]:
    """Print the figures; what of them is not good enough."""
    commands = history.commands
    answers = Counter(str(one.status) for one in commands)
    carried = Counter(one.verb for one in commands if one.acknowledged)
    refused = Counter(f"{one.verb} {one.status}" for one in commands if not one.acknowledged)
    back = max(done.web_after_database, default=0.0)
    again = max(done.jobs_again, default=0.0)
    print(f"{done.kills} kills -9, {done.restarts} immediate database restarts")
    print(f"{done.redis_losses} Redis losses, {done.holds} processes stopped for 10 s")
    print(f"{len(commands)} commands, sent {sum(one.sent for one in commands)} times")
    print(f"answers {dict(answers)}; matches {len(history.matches)}")
    print(f"carried out: {dict(carried.most_common())}")
    print(f"not carried out: {dict(refused.most_common(12))}")
    print(f"web back after the database, slowest {back:.1f} s of {done.restarts}")
    print(f"jobs of a killed worker again, slowest {again:.1f} s of {len(done.jobs_again)}")
    few = [
        f"only {getattr(done, name)} {name}"
        for name in ("kills", "restarts", "redis_losses")
        if getattr(done, name) < getattr(LEAST, name)
    ]
    slow = [f"web back after {back:.1f} s"] if back > WEB_BACK else []
    return few + slow + ([f"a job again after {again:.1f} s"] if again > JOB_AGAIN else [])


def complaints(site: Site) -> str:
    """The end of each error that the web processes logged, but for a database that was away."""
    logs = [child.log for name, child in site.children.items() if name.startswith("web")]
    lines = [line for log in logs for line in log.read_text(errors="replace").splitlines()]
    return "\n".join(line[:300] + " … " + line[-900:] for line in lines if ERROR.search(line))


async def main(seconds: float, seed: int) -> int:
    started = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="concord-faults-") as name:
        folder = Path(name)
        with running_site(folder) as site:
            history, done = await play(site, seconds=seconds, seed=seed)
            wrong = report(history, done)
            wrong += await checker.judge(history, site.urls.database_url)
            for child in site.children.values():
                child.kill()
            unseen = await planted.missed(history, site.urls.database_url)
            said = complaints(site) if wrong else ""
    wrong += [f"the checker does not see {fault}" for fault in unseen]
    print(f"planted faults seen: {len(planted.PLANTED) - len(unseen)} of {len(planted.PLANTED)}")
    print("\n".join(["wrong:", *wrong, said]) if wrong else "nothing is wrong")
    print(f"seed {seed}, {time.monotonic() - started:.0f} s")
    return 1 if wrong else 0


if __name__ == "__main__":
    given = [float(one) for one in sys.argv[1:]]
    asked = given[0] if given else SECONDS
    sys.exit(asyncio.run(main(asked, int(given[1]) if len(given) > 1 else int(time.time()))))
