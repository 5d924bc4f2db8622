"""What stands before the first element: it decides whether a file is read at all."""

import re
from dataclasses import dataclass

from concord.errors import DomainError, Text

LOOKED_AT = 64 * 1024
ENCODINGS = frozenset(
    {"utf-8", "utf8", "us-ascii", "ascii", "iso-8859-1", "latin-1", "latin1", "iso-8859-15"}
    | {"windows-1252", "utf-16", "utf-16le", "utf-16be"}
)
"""Others may hide what their bytes say, as UTF-7 does."""

ENCODING = "The encoding %(name)s is not read. Save the file as UTF-8 and import it again."
NOT_XML = "This is not an XML file. Export the activities as IATI XML, or give a CSV file."
NOT_IATI = (
    "This is no list of IATI activities: it begins with <%(name)s>."
    " Export the activities, whose first element is iati-activities."
)
HAS_DTD = (
    "The file declares a document type (DOCTYPE), which can hide entities that fill the memory"
    " or read other files. Remove the declaration and its entities, and import the file again."
)
NO_START = "No element begins in the first 64 KB. Remove what stands before iati-activities."
VERSION = "IATI version %(version)s is not read. Export the file in version 2.03."

_DECLARATION = re.compile(r"\s*<\?xml\b[^>]*?\bencoding\s*=\s*[\"']([A-Za-z0-9._-]+)[\"']")
_PASSED_OVER = re.compile(r"\s+|<!--.*?-->|<\?.*?\?>", re.DOTALL)
_ELEMENT = re.compile(
    r"<([A-Za-z_][\w.:-]*)((?:\s+[\w.:-]+\s*=\s*(?:\"[^\"<]*\"|'[^'<]*'))*)\s*/?>"
)
_VERSION = re.compile(r"\sversion\s*=\s*[\"']([^\"']*)[\"']")
_KNOWN_VERSION = re.compile(r"(?:1\.0[0-5]?|2\.0[1-3])?")


class UnreadableFile(DomainError):
    """The file as a whole cannot be read; the message says what to do."""

    code = "unreadable_file"


@dataclass(frozen=True, slots=True)
class Prolog:
    version: str

    @property
    def is_first(self) -> bool:
        """Of the 1.x series, where texts stand in the elements themselves."""
        return not self.version.startswith("2")


def looks_like_xml(start: bytes) -> bool:
    return _decoded(start[:1000], strict=False).lstrip("\ufeff \t\r\n").startswith("<")


def read_prolog(start: bytes) -> Prolog:
    """Check the first 64 KB of a file; `UnreadableFile` for anything but IATI activities.

    Without a document type there is no entity to expand, so nothing can explode or be fetched.
    """
    text = _decoded(start, strict=True).lstrip("\ufeff")
    place = 0
    while found := _PASSED_OVER.match(text, place):
        place = found.end()
    rest = text[place:]
    if rest[:9].upper().startswith(("<!DOCTYPE", "<!ENTITY")):
        raise UnreadableFile(HAS_DTD)
    element = _ELEMENT.match(rest)
    if element is None:
        raise UnreadableFile(NO_START if "<" in rest[:1] else NOT_XML)
    if element[1] != "iati-activities":
        raise UnreadableFile(NOT_IATI, name=element[1][:60])
    stated = _VERSION.search(element[2])
    version = stated[1].strip() if stated else ""
    if not _KNOWN_VERSION.fullmatch(version):
        raise UnreadableFile(VERSION, version=version[:20])
    return Prolog(version)


def _decoded(start: bytes, *, strict: bool) -> str:
    """As text, by byte order mark or declaration."""
    start = start[:LOOKED_AT]
    name = "utf-8"
    if start[:2] in (b"\xff\xfe", b"\xfe\xff"):
        name = "utf-16"
    elif start[:4] in (b"<\0?\0", b"\0<\0?"):
        name = "utf-16-le" if start[:1] == b"<" else "utf-16-be"
    text = start.decode(name, "replace")
    declared = _DECLARATION.match(text.lstrip("\ufeff"))
    if strict and declared and declared[1].lower() not in ENCODINGS:
        raise UnreadableFile(Text(ENCODING, name=declared[1][:30]))
    return text
