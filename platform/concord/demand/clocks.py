"""What time alone does to the table of unmet demand; safe to run twice at once."""

from datetime import datetime

from concord.demand.actions import note_demand


async def run(now: datetime) -> int:
    return int(await note_demand(now=now))
