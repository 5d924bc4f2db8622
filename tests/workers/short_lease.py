"""`python -m tests.workers.short_lease`: a worker whose leases run out after a second."""

import asyncio
import os
from contextlib import suppress
from datetime import timedelta

from concord.settings import Settings
from workers.main import run

if __name__ == "__main__":
    with suppress(asyncio.CancelledError):
        asyncio.run(run(Settings.from_environment(os.environ), lease=timedelta(seconds=1)))
