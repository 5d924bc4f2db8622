"""The embedded Redis: a socket in its folder, an append-only file."""

import signal
import socket
from pathlib import Path
from typing import Any
from urllib.parse import quote

from concord.services.account import process_options
from concord.services.binaries import redis_program
from concord.services.server import Server

SOCKET = "redis.sock"


class Redis(Server):
    """Needs no password: only its owner can enter the folder of the socket."""

    name = "redis"
    stop_signal = signal.SIGTERM

    def socket_in(self, addresses: Path) -> Path:
        return addresses / self.name / SOCKET

    def url(self, addresses: Path) -> str:
        return f"unix://{quote(str(self.socket_in(addresses)))}?db=0"

    def is_ready(self, addresses: Path) -> bool:
        with socket.socket(socket.AF_UNIX) as connection:
            connection.settimeout(1)
            try:
                connection.connect(str(self.socket_in(addresses)))
                connection.sendall(b"PING\r\n")
                return connection.recv(16).startswith(b"+PONG")
            except OSError:
                return False

    def prepare(self) -> None:
        self.home.mkdir(mode=0o700, exist_ok=True)
        (self.home / SOCKET).unlink(missing_ok=True)

    def command(self) -> list[str | Path]:
        kept = "yes" if self.durable else "no"
        return [
            redis_program(),
            *("--dir", "."),
            *("--port", "0", "--unixsocket", SOCKET, "--unixsocketperm", "700"),
            *("--appendonly", kept, "--appendfsync", "everysec", "--save", ""),
            *("--databases", "64"),
        ]

    def options(self) -> dict[str, Any]:
        return process_options(None, folder=self.home)
