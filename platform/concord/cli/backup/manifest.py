"""What a backup says of itself: of when, of which version, how much, and with which digests."""

import hashlib
import os
from pathlib import Path

import asyncpg
import msgspec

from concord.errors import DomainError

FORMAT = 1
DUMP = "database.dump"
MANIFEST = "manifest.json"
HEAD = """
SELECT coalesce((SELECT seq || ':' || encode(hash, 'hex')
                 FROM audit_entry ORDER BY seq DESC LIMIT 1), '0:')
"""
TABLES = """
SELECT relname FROM pg_class
WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace ORDER BY relname
"""
CHUNK = 1 << 20


class Manifest(msgspec.Struct, frozen=True, kw_only=True):
    """`files` maps a name to its SHA-256; `rows` a table to its number of rows.

    `seal` is the digest of all the rest: a slip of the disk shows here as well.
    """

    format: int
    concord: str
    made_at: str
    postgresql: str
    audit_head: str
    key: str
    rows: dict[str, int]
    files: dict[str, str]
    seal: str = ""

    def sealed(self) -> "Manifest":
        bare = msgspec.structs.replace(self, seal="")
        return msgspec.structs.replace(
            bare, seal=hashlib.sha256(msgspec.json.encode(bare)).hexdigest()
        )


def write(folder: Path, manifest: Manifest) -> None:
    """The last file of a backup; on the disk before the folder gets its name."""
    text = msgspec.json.format(msgspec.json.encode(manifest.sealed()), indent=2)
    descriptor = os.open(folder / MANIFEST, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(text + b"\n")
        file.flush()
        os.fsync(descriptor)


def read(folder: Path) -> Manifest:
    """The manifest of a backup whose files are as they were written; `DomainError` otherwise."""
    try:
        found = msgspec.json.decode((folder / MANIFEST).read_bytes(), type=Manifest)
    except (OSError, msgspec.MsgspecError) as error:
        raise DomainError("%(folder)s is no backup.", folder=str(folder)) from error
    if found != found.sealed():
        raise DomainError("%(name)s is not as it was written.", name=str(folder / MANIFEST))
    if found.format != FORMAT:
        raise DomainError("%(folder)s is of another format.", folder=str(folder))
    for name, digest in found.files.items():
        path = folder / Path(name).name
        if not path.is_file() or digest_of(path) != digest:
            raise DomainError("%(name)s is not as it was written.", name=str(path))
    return found


def digest_of(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            digest.update(chunk)
    return digest.hexdigest()


def key_mark(key: bytes) -> str:
    """Tells one key of the platform from another, and nothing else of it."""
    return hashlib.sha256(b"concord backup" + key).hexdigest()[:16]


async def counted(connection: asyncpg.Connection) -> dict[str, int]:
    """Rows by table, in the transaction of the connection."""
    names = [row["relname"] for row in await connection.fetch(TABLES)]
    return {
        name: await connection.fetchval(f'SELECT count(*) FROM "{name}"')  # noqa: S608 - catalogue
        for name in names
    }
