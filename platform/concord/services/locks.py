"""Advisory locks on files: the kernel drops them when a process dies, however it dies."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


def opened(path: Path) -> int:
    """A descriptor that no program started later inherits, unless it is passed on."""
    return os.open(path, os.O_RDWR | os.O_CREAT, 0o600)


def locked_at_once(descriptor: int) -> bool:
    """Take the lock alone if nobody else has it."""
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def share(descriptor: int) -> None:
    fcntl.flock(descriptor, fcntl.LOCK_SH)


def release(descriptor: int) -> None:
    """Said aloud, since closing is not enough while a child between fork and exec has a copy."""
    fcntl.flock(descriptor, fcntl.LOCK_UN)


@contextmanager
def exclusively(path: Path) -> Iterator[int]:
    """Hold the lock alone, after waiting for it."""
    descriptor = opened(path)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield descriptor
    finally:
        release(descriptor)
        os.close(descriptor)


def is_free(path: Path) -> bool:
    descriptor = opened(path)
    try:
        if not locked_at_once(descriptor):
            return False
        release(descriptor)
        return True
    finally:
        os.close(descriptor)
