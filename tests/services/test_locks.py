"""Locks on files."""

import os
from pathlib import Path

from concord.services.locks import exclusively, is_free, locked_at_once, opened, release, share


def test_a_lock_is_free_until_somebody_holds_it(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    assert is_free(path)
    with exclusively(path):
        assert not is_free(path)
    assert is_free(path)


def test_a_shared_lock_is_had_alone_by_the_last(tmp_path: Path) -> None:
    first, second = opened(tmp_path / "lock"), opened(tmp_path / "lock")
    share(first)
    share(second)
    assert not locked_at_once(first)
    share(first)
    release(second)
    assert locked_at_once(first)
    os.close(first)
    os.close(second)
    assert is_free(tmp_path / "lock")
