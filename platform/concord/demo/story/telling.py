"""The whole story in order, day by day; time passes between its chapters as it does in life."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta

from concord.deliveries import clocks as deliveries_clock
from concord.demo.cast import organizations, people
from concord.demo.stage import Stage
from concord.demo.story import deliveries, matches, newcomers, offers, requests
from concord.demo.story.people import set_up
from concord.matches import clocks as matches_clock
from concord.offers import clocks as offers_clock
from concord.organizations import clocks as organizations_clock
from concord.requests import clocks as requests_clock

CLOCKS: Sequence[Callable[[datetime], Awaitable[int]]] = (
    organizations_clock.run,
    offers_clock.run,
    requests_clock.run,
    matches_clock.run,
    deliveries_clock.run,
)


async def tell_people(stage: Stage) -> None:
    """Everybody is in their seat; nothing is asked or offered yet."""
    await set_up(stage, organizations(), people())
    await newcomers.be_refused(stage)


async def tell_beginning(stage: Stage) -> None:
    """Until requests are open: what the worker can rank."""
    await offers.publish_long_ago(stage)
    await offers.publish_most(stage)
    await requests.ask_long_ago(stage)
    await pass_time(stage, until=70)
    await requests.ask(stage)
    await pass_time(stage, until=45)


async def tell_end(stage: Stage) -> None:
    """From the first proposals to this morning; pairings are ranked already."""
    await requests.ask_about(stage, "SMP-R04")
    await matches.begin(stage)
    await deliveries.begin_early(stage)
    await pass_time(stage, until=30)
    await requests.change_their_minds(stage)
    await pass_time(stage, until=7)
    await requests.ask_lately(stage)
    await matches.go_on(stage)
    await deliveries.go_on(stage)
    await newcomers.arrive(stage)
    await offers.offer_lately(stage)


async def pass_time(stage: Stage, *, until: int) -> None:
    """Let the clocks run on every second day up to so many days before the end."""
    last = stage.days.end.date() - timedelta(days=until)
    while (left := (stage.days.end.date() - stage.days.moment.date()).days) > until:
        now = stage.days.before(max(until, left - 2))
        for run in CLOCKS:
            await run(now)
        if now.date() >= last:
            break
