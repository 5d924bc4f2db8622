"""One embedded server: started once, found by others, stopped by the last."""

import fcntl
import os
import signal
import socket
import struct
import subprocess
import time
from abc import ABC, abstractmethod
from pathlib import Path
from typing import Any

from concord.services.errors import ServicesError
from concord.services.locks import is_free, opened

PATIENCE = 60.0
PAUSE = 0.004


class Server(ABC):
    """A server of one folder. Every method but the constructor needs the folder's gate.

    The server and all its children inherit a descriptor of `NAME.alive`, so that this lock is
    free exactly when none of them lives: no process number is trusted, no zombie is believed.
    """

    name: str
    stop_signal: signal.Signals

    def __init__(self, folder: Path, *, durable: bool) -> None:
        self.folder = folder
        self.durable = durable
        self.home = folder / self.name
        self.alive = folder / f"{self.name}.alive"
        self.log = folder / f"{self.name}.log"
        self.child: subprocess.Popen[bytes] | None = None

    @abstractmethod
    def socket_in(self, addresses: Path) -> Path:
        """The socket, under a folder short enough to connect to."""

    @abstractmethod
    def is_ready(self, addresses: Path) -> bool:
        """Whether it answers now."""

    @abstractmethod
    def prepare(self) -> None:
        """Make the data if there is none and remove what a killed server left behind."""

    @abstractmethod
    def command(self) -> list[str | Path]:
        """The command line that runs it in the foreground."""

    @abstractmethod
    def options(self) -> dict[str, Any]:
        """Options of subprocess.Popen."""

    def is_dead(self) -> bool:
        if self.child is not None:
            self.child.poll()
        return is_free(self.alive)

    def ensure(self, addresses: Path) -> None:
        """Start it unless it runs; return when it answers."""
        launched = False
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            if self.is_dead():
                if launched:
                    raise ServicesError(f"{self.name} ended at once.\n{self.last_words()}")
                self.start()
                launched = True
            elif self.is_ready(addresses):
                return
            time.sleep(PAUSE)
        raise ServicesError(f"{self.name} does not answer after {PATIENCE:.0f} s; see {self.log}.")

    def start(self) -> None:
        try:
            self.prepare()
            self.launch()
        except (OSError, subprocess.SubprocessError) as error:
            raise ServicesError(f"{self.name} cannot be started: {error}.") from error

    def launch(self) -> None:
        alive = opened(self.alive)
        try:
            fcntl.flock(alive, fcntl.LOCK_EX)
            with self.log.open("wb") as log:
                self.child = subprocess.Popen(
                    self.command(),
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=log,
                    pass_fds=(alive,),
                    **self.options(),
                )
        finally:
            os.close(alive)  # closed without release: the lock is the server's now

    def stop(self, addresses: Path) -> None:
        """Ask once, insist after a while; return when no process of it lives."""
        for number in (self.stop_signal, signal.SIGQUIT, signal.SIGKILL):
            deadline = time.monotonic() + PATIENCE / 3
            listener = self.listener(addresses)
            if listener is not None:
                os.kill(listener, number)
            while time.monotonic() < deadline:
                if self.is_dead():
                    self.forget()
                    return
                time.sleep(PAUSE)
        raise ServicesError(f"{self.name} cannot be stopped; see {self.log}.")

    def forget(self) -> None:
        """Leave the process to those who still use it, or reap it if it ended."""
        if self.child is not None and is_free(self.alive):
            self.child.wait()
        elif self.child is not None:
            self.child.returncode = 0  # no longer ours to wait for
        self.child = None

    def listener(self, addresses: Path) -> int | None:
        """The process that listens on the socket, by the kernel's word."""
        with socket.socket(socket.AF_UNIX) as probe:
            try:
                probe.connect(os.fspath(self.socket_in(addresses)))
            except OSError:
                return None
            credentials = probe.getsockopt(
                socket.SOL_SOCKET, socket.SO_PEERCRED, struct.calcsize("3i")
            )
        process: int = struct.unpack("3i", credentials)[0]
        return process

    def last_words(self) -> str:
        return self.log.read_text(errors="replace")[-1000:].strip()
