"""One activity after the other out of a file of any length, without its dangers."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from lxml import etree

from concord.activities.iati.prolog import HAS_DTD, LOOKED_AT, UnreadableFile, read_prolog

LARGEST = 1024 * 1024 * 1024
DEEPEST = 32
MOST_ELEMENTS = 20_000
TOO_LARGE = "The file is larger than %(limit)s MB. Split it, and import one part after the other."
TOO_DEEP = (
    "Elements lie more than %(limit)s deep at line %(line)s, deeper than IATI has them."
    " Export the file again."
)
BROKEN = (
    "The file cannot be read from line %(line)s on: %(reason)s."
    " Correct it or export it again; nothing was imported."
)
BAD_ENCODING = (
    "Line %(line)s is not text in the encoding that the file states."
    " Save the file as UTF-8 and import it again; nothing was imported."
)
HEAVY = frozenset(
    {"result", "contact-info", "document-link", "location", "crs-add", "fss", "legacy-data"}
)
"""Not read, and let go at once: they are most of a file, and contacts are persons."""

KEPT_OF_TRANSACTIONS = frozenset({"recipient-country", "sector"})


@dataclass(frozen=True, slots=True)
class Found:
    """One element of the file; `too_large` where it was let go unread."""

    element: etree._Element
    line: int
    too_large: bool = False


def activities_of(file: BinaryIO) -> Iterator[Found]:
    """Every activity in turn; `UnreadableFile` where the file is unsafe or breaks off.

    The element is emptied once the next is asked for: what is held does not grow with the file.
    """
    file.seek(0, 2)
    if file.tell() > LARGEST:
        raise UnreadableFile(TOO_LARGE, limit=LARGEST // 2**20)
    file.seek(0)
    read_prolog(file.read(LOOKED_AT))
    file.seek(0)
    events = etree.iterparse(
        file,
        events=("start", "end"),
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        yield from _walk(events)
    except etree.XMLSyntaxError as error:
        raise _refusal(error) from error


def _walk(events: Iterator[tuple[str, etree._Element]]) -> Iterator[Found]:
    depth = count = 0
    for event, element in events:
        if event == "start":
            depth += 1
            if depth == 1 and element.getroottree().docinfo.internalDTD is not None:
                raise UnreadableFile(HAS_DTD)
            count = 0 if depth == 2 else count + 1
            if depth > DEEPEST:
                raise UnreadableFile(TOO_DEEP, limit=DEEPEST, line=line_of(element))
            continue
        depth -= 1
        if depth == 1:
            if element.tag == "iati-activity":
                yield Found(element, line_of(element), count > MOST_ELEMENTS)
            _forget(element)
        elif count > MOST_ELEMENTS or (depth == 2 and element.tag in HEAVY):
            element.clear()
        elif depth == 2 and element.tag == "transaction":
            _lighten(element)


def line_of(element: etree._Element) -> int:
    line: object = element.sourceline
    return line if isinstance(line, int) else 0


def _forget(element: etree._Element) -> None:
    """Empty an element, and drop those before it."""
    element.clear()
    parent = element.getparent()
    while parent is not None and element.getprevious() is not None:
        del parent[0]


def _lighten(transaction: etree._Element) -> None:
    for child in list(transaction):
        if child.tag not in KEPT_OF_TRANSACTIONS:
            transaction.remove(child)


def _refusal(error: etree.XMLSyntaxError) -> UnreadableFile:
    line = error.lineno or 0
    reason = (error.msg or "").split(", line ")[0]
    if any(word in reason.lower() for word in ("encod", "utf-8", "invalid bytes")):
        return UnreadableFile(BAD_ENCODING, line=line)
    if "depth" in reason.lower():
        return UnreadableFile(TOO_DEEP, limit=DEEPEST, line=line)
    return UnreadableFile(BROKEN, line=line, reason=reason[:200])
