"""The demo's web and worker processes: started in sessions of their own, ended as whole groups."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from concord.cli.running import refuse
from concord.cli.worker import environment
from concord.settings import Settings

PATIENCE = 10.0  # seconds for an orderly end
READY_WITHIN = 60.0
PAUSE = 0.05
LAST_WORDS = 3000


@dataclass(slots=True)
class Child:
    """A process and whatever it starts; what it says is in `log`."""

    name: str
    command: list[str]
    environment: dict[str, str]
    log: Path
    process: subprocess.Popen[bytes]

    @property
    def lives(self) -> bool:
        return self.process.poll() is None

    def ask_to_end(self) -> None:
        if self.lives:
            self.process.terminate()

    def end(self) -> None:
        """Ask, then insist; nothing of its group is left."""
        self.ask_to_end()
        with suppress(subprocess.TimeoutExpired):
            self.process.wait(PATIENCE)
        self.kill()

    def kill(self) -> None:
        """Kill the whole group at once, as a crash would."""
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def start_again(self) -> None:
        self.process = _started(self.command, self.environment, self.log)

    def last_words(self) -> str:
        return self.log.read_text(errors="replace")[-LAST_WORDS:]


@contextmanager
def web(settings: Settings) -> Iterator[Child]:
    """The pages; the process answers once `wait_until_ready` returns."""
    command = [sys.executable, "-P", "-m", "concord.cli", "serve"]
    with _child("web", command, settings) as child:
        yield child


@contextmanager
def worker(settings: Settings) -> Iterator[Child]:
    with _child("worker", [sys.executable, "-P", "-m", "workers"], settings) as child:
        yield child


def wait_until_ready(child: Child, settings: Settings) -> None:
    """Wait until the pages answer; exits with the process's last words if they never do."""
    deadline = time.monotonic() + READY_WITHIN
    while child.lives and time.monotonic() < deadline:
        with suppress(URLError, OSError), urlopen(f"{settings.public_url}/health", timeout=2):  # noqa: S310 - our own address
            return
        time.sleep(PAUSE)
    refuse(f"the pages do not answer at {settings.public_url}.\n{child.last_words()}")


@contextmanager
def _child(name: str, command: list[str], settings: Settings) -> Iterator[Child]:
    log = settings.data_folder / f"{name}.log"
    log.unlink(missing_ok=True)
    variables = environment(settings)
    child = Child(name, command, variables, log, _started(command, variables, log))
    try:
        yield child
    finally:
        child.end()


def _started(command: list[str], variables: dict[str, str], log: Path) -> subprocess.Popen[bytes]:
    with log.open("ab") as out:
        return subprocess.Popen(  # noqa: S603 - our own modules
            command,
            env=variables,
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=out,
            start_new_session=True,
        )
