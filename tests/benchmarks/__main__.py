"""`python -m tests.benchmarks`: a scratch database, three sizes, ten pages, and the memory."""

import asyncio
import platform
import socket
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from concord import database, schema
from concord.reference.loading import load_reference
from concord.services import running_services_async
from concord.settings import Settings
from concord.web import logs
from tests.benchmarks import pages, speed

SIZES = (100, 1000, 5000)
MOST_WEB = 200
MOST_WORKER = 700


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


async def measure(folder: Path) -> bool:
    """Whether memory stays within its limits."""
    given = {
        "CONCORD_DATA_FOLDER": str(folder),
        "CONCORD_PORT": str(free_port()),
        "CONCORD_LOG_LEVEL": "warning",
    }
    async with running_services_async(Settings.from_environment(given)) as settings:
        await schema.migrate(settings.owner_database_url)
        async with database.connected(
            settings.database_url, role=database.APP_ROLE, pool_size=4, beyond=True
        ):
            await load_reference(illustrative=True)
            print("From opening a request to its ranked pairings:")
            worker = await speed.opening(settings, SIZES)
            print(f"Pages as a coordinator, {SIZES[-1]} offers, CPU of one answer:")
            wanted = await pages.costs(settings)
            web = await pages.memory(settings, wanted)
    print(f"Memory: web process {web:.0f} MB (limit {MOST_WEB}),", end=" ")
    print(f"worker with its pool {worker:.0f} MB (limit {MOST_WORKER})")
    return web < MOST_WEB and worker < MOST_WORKER


def main() -> int:
    logs.configure(level="error", output="console")
    print(f"Python {platform.python_version()} on {platform.machine()}")
    with TemporaryDirectory(prefix="concord-bench-") as folder:
        return 0 if asyncio.run(measure(Path(folder))) else 1


if __name__ == "__main__":
    sys.exit(main())
