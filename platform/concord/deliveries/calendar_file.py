"""Days of assistance as an iCalendar file (RFC 5545): one event a delivery, whole days."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum

PRODUCT = "-//United Nations Office on Drugs and Crime//Concord//EN"
MEDIA_TYPE = "text/calendar; charset=utf-8"
LONGEST_LINE = 75  # octets, without the line's end (RFC 5545, section 3.1)
_CONTROLS = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f]")


class Standing(StrEnum):
    TENTATIVE = "TENTATIVE"
    CONFIRMED = "CONFIRMED"
    CANCELLED = "CANCELLED"


@dataclass(frozen=True, slots=True)
class Event:
    """`uid` never changes; `ends_on` is the last day itself; `sequence` grows with each change."""

    uid: str
    starts_on: date
    ends_on: date
    summary: str
    changed_at: datetime
    sequence: int = 0
    standing: Standing = Standing.CONFIRMED
    place: str = ""
    address: str = ""


def calendar_file(name: str, events: Iterable[Event]) -> str:
    """The whole file, with the line ends and folds of the standard."""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        f"PRODID:{PRODUCT}",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        f"X-WR-CALNAME:{escaped(name)}",
        *(line for event in events for line in _event(event)),
        "END:VCALENDAR",
    ]
    return "".join(f"{folded(line)}\r\n" for line in lines)


def _event(event: Event) -> Iterator[str]:
    changed = event.changed_at.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
    yield "BEGIN:VEVENT"
    yield f"UID:{escaped(event.uid)}"
    yield f"DTSTAMP:{changed}"
    yield f"LAST-MODIFIED:{changed}"
    yield f"SEQUENCE:{event.sequence}"
    yield f"DTSTART;VALUE=DATE:{event.starts_on:%Y%m%d}"
    yield f"DTEND;VALUE=DATE:{event.ends_on + timedelta(days=1):%Y%m%d}"  # the day after the last
    yield f"SUMMARY:{escaped(event.summary)}"
    yield f"STATUS:{event.standing}"
    yield "CLASS:CONFIDENTIAL"
    yield "TRANSP:TRANSPARENT"
    if event.place:
        yield f"LOCATION:{escaped(event.place)}"
    if event.address:
        yield f"URL:{event.address}"
    yield "END:VEVENT"


def escaped(text: str) -> str:
    """A text value: no sign of it can end the line or begin another property."""
    plain = _CONTROLS.sub(" ", text.replace("\r\n", "\n").replace("\r", "\n"))
    for sign in ("\\", ";", ","):
        plain = plain.replace(sign, f"\\{sign}")
    return plain.replace("\n", "\\n")


def folded(line: str) -> str:
    """The line in pieces of at most 75 octets, none cut within a character."""
    pieces, piece, octets = list[str](), "", 0
    for sign in line:
        size = len(sign.encode())
        if octets + size > LONGEST_LINE:
            pieces.append(piece)
            piece, octets = " ", 1  # the space that marks a continuation counts
        piece += sign
        octets += size
    return "\r\n".join([*pieces, piece])
