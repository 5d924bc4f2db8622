"""Time passes in every area that a step may reach."""

from datetime import datetime

from structlog.testing import capture_logs

from concord.deliveries import clocks as deliveries
from concord.matches import clocks as matches
from concord.offers import clocks as offers
from concord.organizations import clocks as organizations
from concord.requests import clocks as requests

AREAS = (organizations.run, offers.run, requests.run, matches.run, deliveries.run)


async def pass_time(now: datetime) -> None:
    """As the worker lets it; nothing that is due may fail."""
    with capture_logs() as logs:
        for run in AREAS:
            await run(now)
    assert [log for log in logs if log["log_level"] == "error"] == []
