"""The embedded PostgreSQL: one cluster, reached through a socket in its own folder."""

import fcntl
import os
import shutil
import signal
import subprocess
from pathlib import Path
from typing import Any
from urllib.parse import quote

from concord.services.account import make_folder, postgres_account, process_options
from concord.services.binaries import postgres_programs
from concord.services.errors import ServicesError
from concord.services.locks import opened
from concord.services.server import PATIENCE, Server

USER = "concord"
DATABASE = "concord"
MAJOR = "18"
SOCKET = ".s.PGSQL.5432"
LOCALE = ("--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8")
MEMORY = ("shared_buffers=32MB", "max_connections=100", "max_wal_size=256MB", "io_method=sync")
ALONE = ("wal_level=minimal", "max_wal_senders=0", "max_logical_replication_workers=0")
FORGETFUL = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")


class Postgres(Server):
    """Trusts whoever reaches the socket: only its owner can enter the folder."""

    name = "postgres"
    stop_signal = signal.SIGINT

    def socket_in(self, addresses: Path) -> Path:
        return addresses / self.name / SOCKET

    def url(self, addresses: Path) -> str:
        return f"postgres://{USER}@/{DATABASE}?host={quote(str(addresses / self.name))}"

    def is_ready(self, addresses: Path) -> bool:
        try:
            status = (self.home / "postmaster.pid").read_text().split("\n")
        except OSError:
            return False
        is_open = len(status) > 7 and status[7].strip() == "ready"
        return is_open and self.listener(addresses) is not None

    def prepare(self) -> None:
        """Called when no process of the cluster lives: only then are its lock files stale."""
        self.account = postgres_account()
        self.programs = postgres_programs(self.account)
        if not self.home.exists():
            self.create()
        found = (self.home / "PG_VERSION").read_text().strip()
        if found != MAJOR:
            raise ServicesError(
                f"{self.home} was made by PostgreSQL {found}; this is {MAJOR}."
                " Move it away, or give DATABASE_URL."
            )
        for stale in ("postmaster.pid", SOCKET, f"{SOCKET}.lock"):
            (self.home / stale).unlink(missing_ok=True)

    def create(self) -> None:
        """Made aside and renamed, so that a cluster is whole or absent."""
        draft = self.folder / "postgres.new"
        if draft.exists():
            shutil.rmtree(draft)
        make_folder(draft, self.account)
        sync = () if self.durable else ("--no-sync",)
        self.run_in(draft, "initdb", "-U", USER, "-A", "trust", "-E", "UTF8", *LOCALE, *sync)
        self.run_in(draft, "postgres", "--single", "postgres", said=f"CREATE DATABASE {DATABASE};")
        draft.rename(self.home)

    def run_in(self, folder: Path, program: str, *arguments: str, said: str = "") -> None:
        """Run one of PostgreSQL's programs to its end, counted among the living meanwhile."""
        alive = opened(self.alive)
        try:
            fcntl.flock(alive, fcntl.LOCK_EX)
            subprocess.run(
                [self.programs / program, *arguments],
                input=f"{said}\n".encode(),
                capture_output=True,
                check=True,
                timeout=PATIENCE,
                pass_fds=(alive,),
                **process_options(self.account, folder=folder),
            )
        except subprocess.CalledProcessError as error:
            words = error.stderr.decode(errors="replace").strip()
            raise ServicesError(f"{program} failed: {words}") from error
        finally:
            os.close(alive)

    def command(self) -> list[str | Path]:
        settings = (
            *("listen_addresses=", "unix_socket_directories=.", "unix_socket_permissions=0700"),
            *("timezone=UTC", "log_timezone=UTC", "jit=off", *MEMORY, *ALONE),
            *(() if self.durable else FORGETFUL),
        )
        options = [word for setting in settings for word in ("-c", setting)]
        return [self.programs / "postgres", *options]

    def options(self) -> dict[str, Any]:
        return process_options(self.account, folder=self.home)
