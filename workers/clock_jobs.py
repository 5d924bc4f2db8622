"""Lets time pass: every area's clocks, by one worker at a time."""

from collections.abc import Awaitable, Callable
from datetime import datetime

import structlog

from concord.accounts import clocks as accounts
from concord.audit import checks as audit
from concord.deliveries import clocks as deliveries
from concord.demand import clocks as demand
from concord.inbox import clocks as inbox
from concord.matches import clocks as matches
from concord.offers import clocks as offers
from concord.organizations import clocks as organizations
from concord.pairings import clocks as pairings
from concord.requests import clocks as requests
from workers.context import Context

AREAS: tuple[tuple[str, Callable[[datetime], Awaitable[int]]], ...] = (
    ("organizations", organizations.run),
    ("offers", offers.run),
    ("requests", requests.run),
    ("matches", matches.run),
    ("deliveries", deliveries.run),
    ("accounts", accounts.run),
    ("pairings", pairings.run),
    ("demand", demand.run),
    ("audit", audit.run),
    ("inbox", inbox.run),
)
_log = structlog.get_logger("concord.clocks")


async def run_clocks(context: Context) -> int:
    """Everything that is due, in every area; one area's failure does not stop the others."""
    count = 0
    for name, run in AREAS:
        try:
            count += await run(context.clock())
        except Exception:  # the worker's edge: the next minute tries again
            _log.exception("clock failed", area=name)
    return count
