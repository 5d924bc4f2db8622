"""Stores a day's table of unmet demand, suppressed before it is written."""

from datetime import datetime

from concord.database import transaction
from concord.demand.counting import unmet_cells
from concord.demand.models import UnmetDemand
from concord.small_cells import suppressed

ONE_AT_A_TIME = "SELECT pg_advisory_xact_lock(4718)"


async def note_demand(*, now: datetime) -> bool:
    """Once a day, so that nobody learns of one request by looking before and after it.

    False when the day has its table already. Earlier tables are dropped.
    """
    async with transaction() as connection:
        await connection.execute_query(ONE_AT_A_TIME)
        if await UnmetDemand.exists(as_of=now.date()):
            return False
        told = suppressed(await unmet_cells()).cells
        await UnmetDemand.all().delete()
        await UnmetDemand.create(
            as_of=now.date(), cells=[[*key, told[key]] for key in sorted(told)]
        )
    return True
