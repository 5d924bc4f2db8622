"""Paths of sockets: the kernel takes 107 bytes, so a deep folder gets a short name elsewhere."""

import os
from pathlib import Path
from tempfile import gettempdir, mkdtemp

LONGEST_SOCKET = 107
LONGEST_NAME = "/postgres/.s.PGSQL.5432"
RECORD = "short-name"
LINK = "servers"
SHORT_BASE = "/tmp"  # noqa: S108 - mkdtemp makes the name there


def is_short(folder: Path) -> bool:
    return len(os.fsencode(f"{folder}{LONGEST_NAME}")) <= LONGEST_SOCKET


def address_folder(folder: Path) -> Path:
    """`folder` itself, or a link to it from a new folder of ours; called with the gate held."""
    if is_short(folder):
        return folder
    record = folder / RECORD
    if record.is_symlink() and leads_to(record.readlink(), folder):
        return record.readlink() / LINK
    record.unlink(missing_ok=True)
    base = gettempdir() if is_short(Path(gettempdir(), "concord-12345678", LINK)) else SHORT_BASE
    made = Path(mkdtemp(prefix="concord-", dir=base))
    (made / LINK).symlink_to(folder)
    record.symlink_to(made)
    return made / LINK


def leads_to(made: Path, folder: Path) -> bool:
    """Whether `made` is still our own and leads here: anyone may write where it lies."""
    try:
        status = made.lstat()
        return status.st_uid == os.geteuid() and (made / LINK).readlink() == folder
    except OSError:
        return False


def forget_address(folder: Path) -> None:
    """Remove the short name of a folder whose servers are down."""
    record = folder / RECORD
    if not record.is_symlink():
        return
    made = record.readlink()
    if leads_to(made, folder):
        (made / LINK).unlink()
        made.rmdir()
    record.unlink()
