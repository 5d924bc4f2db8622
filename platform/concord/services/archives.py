"""pg_dump and pg_restore of the server's own major version, with no password in sight."""

import os
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path
from tempfile import NamedTemporaryFile

from concord.database import credentials
from concord.services.binaries import postgres_programs
from concord.services.errors import ServicesError
from concord.services.postgres import MAJOR

DERIVED = ("preselection", "preselection_draft")
"""Schemas that a command makes again, of types that another server may not have."""
EXTENSION = "vector"
NAMES_EXTENSIONS = 17  # from here on pg_dump can leave one out
UNWANTED = (" DEFAULT ACL ", f" EXTENSION - {EXTENSION} ", f" EXTENSION {EXTENSION} ")
PACKAGED = Path("/usr/lib/postgresql")
NOT_FOUND = (
    "There is no %(name)s of PostgreSQL %(major)s here. Install its client programs, or run this"
    " where they are."
)


def dump(url: str, *, snapshot: str, major: str, target: Path) -> None:
    """The database as it was in `snapshot`, in PostgreSQL's custom format, without what is
    derived."""
    left_out = [f"--exclude-schema={schema}" for schema in DERIVED]
    if int(major) >= NAMES_EXTENSIONS:
        left_out.append(f"--exclude-extension={EXTENSION}")
    options = ("--format=custom", "--no-owner", f"--snapshot={snapshot}", *left_out)
    opened = os.open(target, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    with os.fdopen(opened, "wb") as out:
        _run(program("pg_dump", major), *options, url=url, out=out.fileno())
        os.fsync(out.fileno())


def load(url: str, *, major: str, source: Path) -> None:
    """All of the archive or nothing, into a database that is empty."""
    restore = program("pg_restore", major)
    listed = _run(restore, "--list", os.fspath(source), url=url).decode()
    with NamedTemporaryFile("w", encoding="utf-8", prefix="concord-") as wanted:
        wanted.writelines(line for line in listed.splitlines(True) if _is_wanted(line))
        wanted.flush()
        options = ("--no-owner", "--single-transaction", "--exit-on-error", "-L", wanted.name)
        name = str(credentials(url)["database"])
        _run(restore, *options, "-d", name, os.fspath(source), url=url)


def program(name: str, major: str) -> Path:
    """Of the embedded server, of the packages of this system, or from the path."""
    found = [PACKAGED / major / "bin" / name]
    if major == MAJOR:
        found.insert(0, postgres_programs(None) / name)
    if on_path := shutil.which(name):
        found.append(Path(on_path))
    for each in found:
        if each.exists() and _major_of(each) == major:
            return each
    raise ServicesError(NOT_FOUND % {"name": name, "major": major})


def _major_of(program_file: Path) -> str:
    said = subprocess.run([program_file, "--version"], capture_output=True, text=True, check=False)
    words = [word for word in said.stdout.split() if word[0].isdigit()]
    return words[0].split(".")[0] if words else ""


def _run(program_file: Path, *arguments: str, url: str, out: int = subprocess.PIPE) -> bytes:
    try:
        done = subprocess.run(
            [program_file, *arguments],
            stdout=out,
            stderr=subprocess.PIPE,
            env=_environment(url),
            check=True,
        )
    except subprocess.CalledProcessError as error:
        words = error.stderr.decode(errors="replace").strip()
        raise ServicesError(f"{program_file.name} failed: {words}") from error
    return done.stdout or b""


def _environment(url: str) -> Mapping[str, str]:
    """Where the server is and who asks: the environment is not seen by others, arguments are."""
    found = credentials(url)
    given = {
        "PGHOST": found["host"],
        "PGPORT": str(found["port"]),
        "PGUSER": found["user"],
        "PGPASSWORD": found["password"],
        "PGDATABASE": found["database"],
        "PGSSLMODE": found.get("ssl", ""),
    }
    return {"PATH": os.defpath} | {name: value for name, value in given.items() if value}


def _is_wanted(line: str) -> bool:
    """Defaults for later tables name the former owner; the caller grants them anew. What is
    restored needs no extension, and this login may not be allowed to create one."""
    return not any(words in line for words in UNWANTED)
