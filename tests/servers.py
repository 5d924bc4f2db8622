"""The servers of one test run: throw-away ones that its workers share, or those that are given."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import gettempdir

from concord.services import embedded_services, stop_unused
from concord.services.locks import exclusively, is_free, locked_at_once, opened, release, share


@dataclass(frozen=True)
class Servers:
    """`run` is short and different in every test run: put it into names of databases."""

    database_url: str = field(repr=False)
    redis_url: str = field(repr=False)
    run: str


@contextmanager
def test_servers() -> Iterator[Servers]:
    """TEST_DATABASE_URL and TEST_REDIS_URL, with embedded ones in place of what is not given."""
    run = os.environ.get("PYTEST_XDIST_TESTRUNUID", f"{os.getpid():x}")[:12]
    database_url = os.environ.get("TEST_DATABASE_URL", "")
    redis_url = os.environ.get("TEST_REDIS_URL", "")
    if database_url and redis_url:
        yield Servers(database_url, redis_url, run)
        return
    with (
        run_folder(run) as folder,
        embedded_services(
            folder, durable=False, postgres=not database_url, redis=not redis_url
        ) as urls,
    ):
        yield Servers(database_url or urls.database_url, redis_url or urls.redis_url, run)


@contextmanager
def run_folder(run: str) -> Iterator[Path]:
    """A folder that the workers of one run share; the last removes it, a later run if killed."""
    runs = Path(gettempdir()) / f"concord-tests-{os.geteuid()}"
    runs.mkdir(mode=0o700, exist_ok=True)
    if runs.is_symlink() or runs.stat().st_uid != os.geteuid():
        raise PermissionError(f"{runs} belongs to another user")
    folder, lock = runs / run, runs / f"{run}.users"
    with exclusively(runs / "gate"):
        for abandoned in runs.glob("*.users"):
            if is_free(abandoned):
                remove(abandoned)
        users = opened(lock)
        share(users)
    try:
        yield folder
    finally:
        with exclusively(runs / "gate"):
            release(users)
            if locked_at_once(users):
                remove(lock)
            os.close(users)


def remove(lock: Path) -> None:
    """Remove a run that nobody uses, its servers first."""
    folder = lock.with_suffix("")
    if folder.exists():
        stop_unused(folder)
        shutil.rmtree(folder)
    lock.unlink()
