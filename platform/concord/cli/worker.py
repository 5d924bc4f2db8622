"""`concord worker`: runs the worker process and passes signals on to it."""

import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from types import FrameType

import typer

from concord.cli.running import STOPS, application, read_settings, services
from concord.settings import Settings

app = application("Rank, send mail and let time pass; SIGTERM gives jobs in hand 25 seconds.")


@app.command()
def worker() -> None:
    """Work until told to stop."""
    with services(read_settings()) as ready:
        status = attend(start_worker(ready))
    raise typer.Exit(status)


def start_worker(settings: Settings) -> subprocess.Popen[bytes]:
    """A worker process of the same interpreter; `-P` keeps the working directory out of it."""
    return subprocess.Popen(
        [sys.executable, "-P", "-m", "workers"],
        env=environment(settings),
        stdin=subprocess.DEVNULL,
    )


def environment(settings: Settings) -> dict[str, str]:
    """The variables of a child process: ours, with the addresses of the running services."""
    return {**inherited(os.environ), **settings.as_environment(), "PYTHONUNBUFFERED": "1"}


def inherited(variables: Mapping[str, str]) -> dict[str, str]:
    """Without the port: the settings of a child say it in CONCORD_BIND."""
    return {name: value for name, value in variables.items() if name != "CONCORD_PORT"}


def attend(child: subprocess.Popen[bytes]) -> int:
    """Wait for the child, passing signals on; its exit status, 0 for one that we ended."""

    def forward(number: int, frame: FrameType | None) -> None:
        child.send_signal(signal.SIGTERM if number == signal.SIGHUP else number)

    before = {stop: signal.signal(stop, forward) for stop in STOPS}
    try:
        status = child.wait()
    finally:
        for stop, handler in before.items():
            signal.signal(stop, handler)
    return 0 if -status in {signal.SIGTERM, signal.SIGINT} else abs(status)
