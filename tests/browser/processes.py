"""`python -m tests.browser.processes web|worker`: a site's processes, on the test's clock."""

import asyncio
import os
import signal
import socket
import sys
import threading
from contextlib import suppress
from pathlib import Path

import uvicorn

from concord.app import create_app
from concord.settings import Settings
from concord.web import logs
from tests.browser.clock import SiteClock
from workers.main import run


def main() -> None:
    """The process ends with the one that started it: then its standard input closes."""
    settings = Settings.from_environment(os.environ)
    logs.configure(level=settings.log_level, output="console")
    threading.Thread(target=end_with_parent, daemon=True).start()
    clock = SiteClock(Path(sys.argv[2]))
    if sys.argv[1] == "web":
        serve(settings, clock, socket.socket(fileno=int(sys.argv[3])))
    else:
        with suppress(asyncio.CancelledError):
            asyncio.run(run(settings, clock=clock))


def serve(settings: Settings, clock: SiteClock, listening: socket.socket) -> None:
    config = uvicorn.Config(
        create_app(settings, clock=clock),
        loop="uvloop",
        http="httptools",
        ws="none",
        lifespan="on",
        log_config=None,
        access_log=False,
        timeout_graceful_shutdown=2,
    )
    uvicorn.Server(config).run(sockets=[listening])


def end_with_parent() -> None:
    os.read(0, 1)
    os.kill(os.getpid(), signal.SIGTERM)


if __name__ == "__main__":
    main()
