"""`concord serve` and `concord worker`: they start, answer, and end without a trace."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import pytest

from concord.services import stop_unused
from tests.conftest import with_database
from tests.servers import Servers

PATIENCE = 60.0


def until(is_so: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not is_so():
        assert time.monotonic() < deadline, "it never came"
        time.sleep(0.05)


@contextmanager
def running(command: str, variables: dict[str, str]) -> Iterator[subprocess.Popen[str]]:
    """A command as a user would run it, ended by SIGTERM."""
    environment = {"PATH": os.environ["PATH"], "HOME": "/nonexistent", **variables}
    with subprocess.Popen(  # noqa: S603 - our own command
        [sys.executable, "-P", "-m", "concord.cli", command],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as process:
        try:
            yield process
        finally:
            process.send_signal(signal.SIGTERM)
            assert process.wait(PATIENCE) == 0


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def answers(address: str) -> bool:
    with suppress(URLError, OSError), urlopen(address, timeout=2) as answer:  # noqa: S310 - loopback
        return bool(answer.status == 200)
    return False


@pytest.mark.slow
@pytest.mark.parametrize("processes", ["1", "2"])
def test_serve_answers_on_servers_of_its_own(tmp_path: Path, processes: str) -> None:
    port = free_port()
    variables = {
        "CONCORD_DATA_FOLDER": str(tmp_path / "data"),
        "CONCORD_PORT": str(port),
        "CONCORD_WEB_PROCESSES": processes,
        "CONCORD_EMBEDDINGS": "lexical",
    }

    with running("serve", variables):
        until(lambda: answers(f"http://127.0.0.1:{port}/ready"))
        with urlopen(f"http://127.0.0.1:{port}/health", timeout=5) as answer:
            assert "server" not in {name.lower() for name in answer.headers}

    assert not (tmp_path / "data" / "embedded" / "postgres" / "postmaster.pid").exists()
    stop_unused(tmp_path / "data")


def test_serve_refuses_a_database_without_migrations(servers: Servers, tmp_path: Path) -> None:
    variables = {
        "PATH": os.environ["PATH"],
        "DATABASE_URL": with_database(servers.database_url, "postgres"),
        "REDIS_URL": servers.redis_url,
        "CONCORD_SECRET_KEY": "00" * 32,
        "CONCORD_DATA_FOLDER": str(tmp_path),
        "CONCORD_PORT": str(free_port()),
    }

    done = subprocess.run(
        [sys.executable, "-P", "-m", "concord.cli", "serve"],
        env=variables,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
    )

    assert done.returncode == 1
    assert "run `concord migrate` first" in done.stderr


def test_serve_refuses_a_taken_port(servers: Servers, database_url: str, tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        done = subprocess.run(
            [sys.executable, "-P", "-m", "concord.cli", "serve"],
            env={
                "PATH": os.environ["PATH"],
                "DATABASE_URL": database_url,
                "REDIS_URL": servers.redis_url,
                "CONCORD_SECRET_KEY": "00" * 32,
                "CONCORD_DATA_FOLDER": str(tmp_path),
                "CONCORD_PORT": str(taken.getsockname()[1]),
            },
            capture_output=True,
            text=True,
            timeout=PATIENCE,
        )

    assert done.returncode == 1
    assert "Set CONCORD_PORT to a free port" in done.stderr


@pytest.mark.slow
def test_worker_works_until_it_is_told_to_stop(
    servers: Servers, fresh_database_url: str, tmp_path: Path
) -> None:
    variables = {
        "DATABASE_URL": fresh_database_url,
        "REDIS_URL": servers.redis_url,
        "CONCORD_SECRET_KEY": "00" * 32,
        "CONCORD_DATA_FOLDER": str(tmp_path),
        "CONCORD_EMBEDDINGS": "lexical",
    }

    with ExitStack() as stack:
        process = stack.enter_context(running("worker", variables))
        until(lambda: len(children(process.pid)) > 0)
        [worker] = children(process.pid)
        until(lambda: len(children(worker)) > 0)  # the matcher's process: it has begun

    until(lambda: not Path(f"/proc/{worker}").exists())


def children(parent: int) -> list[int]:
    """Processes that another one started, by the kernel's word."""
    found = Path(f"/proc/{parent}/task/{parent}/children")
    with suppress(OSError):
        return [int(pid) for pid in found.read_text().split()]
    return []
