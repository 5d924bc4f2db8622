"""Files of the interface: addressed by their content, so a browser keeps them for a year."""

import gzip
import mimetypes
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from importlib.resources import files
from importlib.resources.abc import Traversable

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

ADDRESS = "/static"
COMPRESSED = {".css", ".js", ".svg"}
FOREVER = "public, max-age=31536000, immutable"
MUST_ASK = "no-cache"


@dataclass(frozen=True, slots=True)
class StaticFile:
    content: bytes
    compressed: bytes | None
    media_type: str
    digest: str


def static_url(name: str) -> str:
    """The address of a file: its query changes whenever its content does."""
    found = static_files().get(name)
    return f"{ADDRESS}/{name}?v={found.digest}" if found else f"{ADDRESS}/{name}"


@lru_cache(maxsize=1)
def static_files() -> dict[str, StaticFile]:
    """Every shipped file, read once: what is not in here cannot be asked for."""
    return dict(_read(files("concord") / "static", ""))


def _read(folder: Traversable, prefix: str) -> list[tuple[str, StaticFile]]:
    found: list[tuple[str, StaticFile]] = []
    for entry in folder.iterdir():
        name = f"{prefix}{entry.name}"
        if entry.is_dir():
            found += _read(entry, f"{name}/")
        elif not entry.name.startswith("."):
            found.append((name, _static_file(name, entry.read_bytes())))
    return found


def _static_file(name: str, content: bytes) -> StaticFile:
    suffix = f".{name.rpartition('.')[2]}"
    media_type = mimetypes.guess_type(name)[0] or "application/octet-stream"
    return StaticFile(
        content=content,
        compressed=gzip.compress(content, 9, mtime=0) if suffix in COMPRESSED else None,
        media_type=media_type,
        digest=sha256(content).hexdigest()[:16],
    )


async def serve_static(scope: Scope, receive: Receive, send: Send) -> None:
    """An ASGI application to mount at `/static`."""
    response = _response(Request(scope, receive))
    await response(scope, receive, send)


def _response(request: Request) -> Response:
    name = request.scope["path"].removeprefix(request.scope.get("root_path", "")).lstrip("/")
    found = static_files().get(name.removeprefix(f"{ADDRESS[1:]}/"))
    if found is None:
        return Response("Not found", 404, media_type="text/plain")
    if request.method not in {"GET", "HEAD"}:
        return Response("Method not allowed", 405, {"allow": "GET, HEAD"}, "text/plain")
    etag = f'"{found.digest}"'
    exact = request.query_params.get("v") == found.digest
    headers = {"etag": etag, "cache-control": FOREVER if exact else MUST_ASK}
    if etag in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    return _content(found, headers, request.headers)


def _content(found: StaticFile, headers: dict[str, str], asked: Headers) -> Response:
    body = found.content
    if found.compressed is not None:
        headers["vary"] = "accept-encoding"
        if "gzip" in asked.get("accept-encoding", ""):
            body, headers["content-encoding"] = found.compressed, "gzip"
    return Response(body, headers=headers, media_type=found.media_type)
