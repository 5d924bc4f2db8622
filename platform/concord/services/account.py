"""Who runs PostgreSQL: it refuses root, so root lends it an account without rights."""

import os
import pwd
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from concord.services.errors import ServicesError

HERE = "/proc/self/cwd"  # reached also where the folders above are closed to the account
CANDIDATES = ("nobody", "daemon")


@dataclass(frozen=True)
class Account:
    """The user and group that a server's process gets."""

    user: int
    group: int


def postgres_account() -> Account | None:
    """None: as whoever we are."""
    if os.geteuid() != 0:
        return None
    for name in CANDIDATES:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(entry.pw_uid, entry.pw_gid)
    raise ServicesError(
        "PostgreSQL does not run as root, and there is no account 'nobody' to lend it."
        " Start Concord as an ordinary user, or give DATABASE_URL."
    )


def process_options(account: Account | None, *, folder: Path) -> dict[str, Any]:
    """Options of subprocess.Popen: in `folder`, without a terminal, as `account`.

    The child enters `folder` before it changes its user, so the folders above may be closed to
    it. Its environment holds none of our secrets and nothing that would change what it does.
    """
    options: dict[str, Any] = {
        "cwd": folder,
        "umask": 0o077,
        "start_new_session": True,
        "env": {"PATH": os.defpath, "PGDATA": HERE},
    }
    if account is not None:
        options |= {"user": account.user, "group": account.group, "extra_groups": []}
    return options


def make_folder(path: Path, account: Account | None) -> None:
    """A new folder for `account` alone."""
    path.mkdir(mode=0o700)
    if account is not None:
        os.chown(path, account.user, account.group)
