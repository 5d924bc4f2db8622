"""What an uploaded file really is, and under which name it may be kept."""

import io
import lzma
import re
import unicodedata
import zipfile
import zlib
from dataclasses import dataclass

import puremagic

from concord.errors import Text

MOST_BYTES = 10 * 1024 * 1024
MOST_INFLATED = 200 * 1024 * 1024
MOST_ENTRIES = 2000
LONGEST_NAME = 120
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
ODT = "application/vnd.oasis.opendocument.text"
MEDIA_TYPES = {
    "pdf": "application/pdf",
    "docx": DOCX,
    "odt": ODT,
    "png": "image/png",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "txt": "text/plain; charset=utf-8",
    "csv": "text/csv; charset=utf-8",
}
"""By the end of the name: what the content has to be."""
ACCEPTED = ",".join(f".{suffix}" for suffix in MEDIA_TYPES)
STARTS = {"pdf": b"%PDF-", "png": b"\x89PNG\r\n\x1a\n", "jpg": b"\xff\xd8\xff"}

BROKEN_ARCHIVE = (
    *(zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError),
    *(NotImplementedError, RuntimeError, OSError, ValueError),
)

EMPTY = "This file is empty. Choose another one."
TOO_LARGE = "This file is larger than 10 MB. Choose a smaller one."
KIND = "Only these kinds of file are taken: PDF, DOCX, ODT, PNG, JPEG, TXT and CSV."
MISMATCH = "The content of this file is not what its name says. Save it again and retry."
MACROS = "This document holds macros, or unpacks to too much. Save it as PDF and retry."

_UNSAFE = re.compile(r'[\x00-\x1f\x7f-\x9f<>:"|?*;%\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]')
_BINARY = re.compile(rb"[\x00-\x08\x0b\x0e-\x1f]")
_MARKUP = re.compile(
    rb"^\s*(#!|<\?|<!|<(html|head|body|script|svg|iframe|math|xml)\b)"
    rb"|<(script|svg|iframe|html)[\s>]",
    re.IGNORECASE,
)


class Refused(ValueError):
    """The file is not taken; the text says why."""

    def __init__(self, message: str) -> None:
        self.message = Text(message)
        super().__init__(message)


@dataclass(frozen=True, slots=True)
class SafeFile:
    """A name without traps, and what the content was found to be."""

    filename: str
    media_type: str


def inspected(filename: str, content: bytes) -> SafeFile:
    """The file as it may be kept; `Refused` for any other. Nothing is unpacked."""
    if not content:
        raise Refused(EMPTY)
    if len(content) > MOST_BYTES:
        raise Refused(TOO_LARGE)
    name = safe_name(filename)
    suffix = name.rpartition(".")[2].lower()
    if suffix not in MEDIA_TYPES or "." not in name:
        raise Refused(KIND)
    if suffix in {"docx", "odt"}:
        _check_document(suffix, content)
    elif suffix in {"txt", "csv"}:
        _check_text(content)
    elif not _is(suffix, content):
        raise Refused(MISMATCH)
    return SafeFile(name, MEDIA_TYPES[suffix])


def safe_name(filename: str) -> str:
    """The last part of the name, in NFC, without controls, reserved signs and leading dots."""
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", filename))[-1]
    plain = " ".join(_UNSAFE.sub("_", last).split()).strip(". ")
    stem, dot, suffix = plain.rpartition(".")
    if not dot:
        return plain[:LONGEST_NAME] or "document"
    return f"{stem[:LONGEST_NAME].strip('. ') or 'document'}.{suffix[:10]}"


def _is(suffix: str, content: bytes) -> bool:
    """Whether the content begins as that type does, and nothing else claims it more firmly."""
    wanted = MEDIA_TYPES[suffix]
    if not content.startswith(STARTS["jpg" if suffix == "jpeg" else suffix]):
        return False
    return any(found.mime_type == wanted for found in _sniffed(content))


def _sniffed(content: bytes) -> list[puremagic.main.PureMagicWithConfidence]:
    try:
        return puremagic.magic_string(content)
    except puremagic.PureError:
        return []


def _check_text(content: bytes) -> None:
    """UTF-8 without control characters that is no page, script or markup."""
    try:
        content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Refused(MISMATCH) from None
    if _BINARY.search(content) or _MARKUP.search(content.removeprefix(b"\xef\xbb\xbf")):
        raise Refused(MISMATCH)


def _check_document(suffix: str, content: bytes) -> None:
    """Look at the directory of the archive alone: parts, and what they say they unpack to."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = archive.infolist()
            names = {entry.filename for entry in entries}
            inflated = sum(entry.file_size for entry in entries)
            if suffix == "odt" and "mimetype" in names:
                stored = archive.getinfo("mimetype")
                says = archive.read(stored) if stored.file_size < 100 else b""
            else:
                says = b""
    except BROKEN_ARCHIVE:
        raise Refused(MISMATCH) from None
    if suffix == "docx" and not {"[Content_Types].xml", "word/document.xml"} <= names:
        raise Refused(MISMATCH)
    if suffix == "odt" and says.strip() != ODT.encode():
        raise Refused(MISMATCH)
    if inflated > MOST_INFLATED or len(entries) > MOST_ENTRIES or _runs(names):
        raise Refused(MACROS)


def _runs(names: set[str]) -> bool:
    """Whether a part of the document could run."""
    return any(
        name.lower().startswith(("basic/", "scripts/"))
        or name.lower().endswith((".bin", ".exe", ".js", ".vbs", ".jar"))
        for name in names
    )
