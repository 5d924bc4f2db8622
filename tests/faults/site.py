"""Embedded servers, two web and two worker processes, and the ways in which they die."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from concord.services import embedded_services
from concord.services.embedded import GATE, ServiceUrls
from concord.services.locks import exclusively

READY_WITHIN = 60.0


@dataclass(slots=True)
class Child:
    """One process of the platform, in a session of its own."""

    name: str
    command: list[str]
    environment: dict[str, str]
    log: Path
    process: subprocess.Popen[bytes] | None = field(default=None, init=False)
    killed: bool = False

    def start(self) -> None:
        self.killed = False
        with self.log.open("ab") as said:
            self.process = subprocess.Popen(  # noqa: S603 - our own commands
                self.command,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=said,
                stderr=said,
                start_new_session=True,
            )

    @property
    def ended(self) -> bool:
        return self.process is not None and self.process.poll() is not None

    def kill(self) -> None:
        """-9 to the process and all it started."""
        self.killed = True
        if self.process is None:
            return
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def hold(self, seconds: float) -> None:
        """Stop it, as a machine that is out of breath would; then let it go on."""
        if self.process is None:
            return
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGSTOP)
            time.sleep(seconds)
            os.killpg(self.process.pid, signal.SIGCONT)


@dataclass(slots=True)
class Site:
    """What a client and a fault need to know of the running platform."""

    folder: Path
    urls: ServiceUrls
    addresses: tuple[str, ...]
    children: dict[str, Child]

    def database_pid(self) -> int:
        return int((self.folder / "embedded/postgres/postmaster.pid").read_text().split("\n")[0])

    def restart_database(self) -> None:
        """An immediate shutdown: every connection is cut; the servers' watcher starts it again."""
        os.kill(self.database_pid(), signal.SIGQUIT)

    def kill_redis(self, *, wipe: bool) -> None:
        """-9; with `wipe`, its append-only file is lost too."""
        home = self.folder / "embedded/redis"
        with exclusively(self.folder / "embedded" / GATE):
            for process in psutil.process_iter(["name"]):
                with suppress(psutil.Error):  # it has just ended, or is another user's
                    if process.info["name"] == "redis-server" and process.cwd() == str(home):
                        process.kill()
                        process.wait(10)
            if wipe:
                shutil.rmtree(home / "appendonlydir", ignore_errors=True)


@contextmanager
def running_site(folder: Path) -> Iterator[Site]:
    """Everything up, on loopback; nothing is left of it afterwards."""
    with embedded_services(folder) as urls:
        addresses = tuple(f"http://127.0.0.1:{port}" for port in free_ports(2))
        children = {
            f"web{number}": _child(folder, urls, address, "serve", f"web{number}")
            for number, address in enumerate(addresses, 1)
        }
        for number in (1, 2):
            name = f"worker{number}"
            children[name] = _child(folder, urls, addresses[0], "worker", name)
        try:
            yield Site(folder, urls, addresses, children)
        finally:
            for child in children.values():
                child.kill()


def _child(folder: Path, urls: ServiceUrls, address: str, verb: str, name: str) -> Child:
    command = [sys.executable, "-P", "-m", "concord.cli", verb]
    return Child(name, command, variables(folder, urls, address), folder / f"{name}.log")


def variables(folder: Path, urls: ServiceUrls, address: str) -> dict[str, str]:
    """The settings of a process: the embedded servers look to it like any others."""
    given: Mapping[str, str] = {
        "DATABASE_URL": urls.database_url,
        "REDIS_URL": urls.redis_url,
        "CONCORD_DATA_FOLDER": str(folder),
        "CONCORD_BIND": address.removeprefix("http://"),
        "CONCORD_PUBLIC_URL": address,
        "CONCORD_SECRET_KEY": "0123456789abcdef" * 4,
        "CONCORD_EMBEDDINGS": "lexical",
        "CONCORD_LOG_LEVEL": "warning",
        "PYTHONUNBUFFERED": "1",
    }
    kept = {name: value for name, value in os.environ.items() if not name.startswith("CONCORD_")}
    return kept | dict(given)


def free_ports(count: int) -> list[int]:
    """Ports of loopback that nobody listened on just now."""
    taken = [socket.socket() for _ in range(count)]
    for one in taken:
        one.bind(("127.0.0.1", 0))
    ports = [one.getsockname()[1] for one in taken]
    for one in taken:
        one.close()
    return ports
