"""What the embedded database's processes take, as the system counts it."""

import time
from pathlib import Path
from threading import Event, Thread
from types import TracebackType

import psutil

EVERY = 0.5


def processes(folder: Path) -> list[psutil.Process]:
    """The server in this data folder and all it has started."""
    line = (folder / "embedded" / "postgres" / "postmaster.pid").read_text().split("\n")[0]
    server = psutil.Process(int(line))
    return [server, *server.children(recursive=True)]


def megabytes(folder: Path) -> float:
    """What is a process's own, summed up, and what they share, once."""
    own, shared = 0, 0
    for process in processes(folder):
        try:
            memory = process.memory_info()
        except psutil.NoSuchProcess:
            continue
        own += memory.rss - memory.shared
        shared = max(shared, memory.shared)
    return (own + shared) / 1e6


def spent(pid: int) -> float:
    """CPU seconds of all threads of a process, finer than its clock ticks."""
    nanoseconds = 0
    for thread in Path(f"/proc/{pid}/task").iterdir():
        try:
            nanoseconds += int((thread / "schedstat").read_text().split()[0])
        except FileNotFoundError:
            continue
    return nanoseconds / 1e9


class Watch:
    """The most memory that the server took while inside."""

    def __init__(self, folder: Path) -> None:
        self.most = 0.0
        self._folder, self._over = folder, Event()
        self._thread = Thread(target=self._look, daemon=True)

    def __enter__(self) -> "Watch":
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._over.set()
        self._thread.join()

    def _look(self) -> None:
        while not self._over.is_set():
            self.most = max(self.most, megabytes(self._folder))
            time.sleep(EVERY)
