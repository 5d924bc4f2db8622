"""Reads a form's body within limits, once, before anything else is done."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from python_multipart.multipart import parse_options_header
from starlette.datastructures import FormData, UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import Request

from concord.inputs import Reader

MAX_FIELDS = 500
MAX_FIELD_SIZE = 4 * 1024 * 1024  # read that much, so that the page can show what was typed
MAX_BODY = 12 * 1024 * 1024  # an attachment of 10 MB and its form
KINDS = frozenset({b"", b"application/x-www-form-urlencoded", b"multipart/form-data"})
CHARSETS = frozenset({b"", b"utf-8", b"us-ascii"})


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as it was sent; nothing in it is believed yet."""

    filename: str
    content: bytes


async def read_form(request: Request) -> FormData:
    """Parse and cache the body. 413 when it is too long, 415 in another form, 400 when broken."""
    length = request.headers.get("content-length", "")
    if length and (not length.isdigit() or int(length) > MAX_BODY):
        raise HTTPException(413)
    kind, options = parse_options_header(request.headers.get("content-type", ""))
    if kind not in KINDS or options.get(b"charset", b"").lower() not in CHARSETS:
        raise HTTPException(415)
    return await request.form(max_files=10, max_fields=MAX_FIELDS, max_part_size=MAX_FIELD_SIZE)


async def fields(request: Request) -> dict[str, list[str]]:
    """Every text field with all its values: what a page shows again after an error."""
    form = await request.form()
    found: dict[str, list[str]] = {}
    for name, value in form.multi_items():
        if isinstance(value, str):
            found.setdefault(name, []).append(value)
    return found


async def reader(request: Request) -> Reader:
    return Reader(await fields(request))


async def files(request: Request) -> list[tuple[str, str, str]]:
    """Of every file its field, its name and the hash of its content."""
    form, found = await request.form(), []
    for name, value in form.multi_items():
        if isinstance(value, UploadFile):
            digest = hashlib.sha256(await value.read()).hexdigest()
            await value.seek(0)
            found.append((name, value.filename or "", digest))
    return found


async def upload(request: Request, name: str) -> Upload | None:
    """The file sent under `name`, if one was chosen."""
    form = await request.form()
    value = form.get(name)
    if not isinstance(value, UploadFile) or not value.filename:
        return None
    return Upload(filename=value.filename, content=await value.read())


def first(raw: Mapping[str, Sequence[str]], name: str) -> str:
    values = raw.get(name, ())
    return values[0] if values else ""
