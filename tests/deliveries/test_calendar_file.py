"""The iCalendar file: whole days, escaped text, folded lines, and nothing injected."""

from dataclasses import replace
from datetime import UTC, date, datetime

from hypothesis import given
from hypothesis import strategies as st

from concord.deliveries.calendar_file import Event, Standing, calendar_file, escaped, folded

EVENT = Event(
    uid="DLV-7K3Q-9D@concord.test",
    starts_on=date(2027, 3, 1),
    ends_on=date(2027, 3, 5),
    summary="Course on digital evidence",
    changed_at=datetime(2027, 1, 11, 9, 0, tzinfo=UTC),
    sequence=3,
    place="Capital of QM; room 4, second floor",
    address="https://concord.test/deliveries/DLV-7K3Q-9D",
)


def test_one_delivery_is_one_event_of_whole_days() -> None:
    assert calendar_file("Deliveries", [EVENT]).split("\r\n") == [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//United Nations Office on Drugs and Crime//Concord//EN",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        "X-WR-CALNAME:Deliveries",
        "BEGIN:VEVENT",
        "UID:DLV-7K3Q-9D@concord.test",
        "DTSTAMP:20270111T090000Z",
        "LAST-MODIFIED:20270111T090000Z",
        "SEQUENCE:3",
        "DTSTART;VALUE=DATE:20270301",
        "DTEND;VALUE=DATE:20270306",
        "SUMMARY:Course on digital evidence",
        "STATUS:CONFIRMED",
        "CLASS:CONFIDENTIAL",
        "TRANSP:TRANSPARENT",
        "LOCATION:Capital of QM\\; room 4\\, second floor",
        "URL:https://concord.test/deliveries/DLV-7K3Q-9D",
        "END:VEVENT",
        "END:VCALENDAR",
        "",
    ]


def test_an_empty_calendar_is_a_calendar() -> None:
    text = calendar_file("Deliveries", [])
    assert text.startswith("BEGIN:VCALENDAR\r\n")
    assert text.endswith("END:VCALENDAR\r\n")
    assert "VEVENT" not in text


def test_what_was_typed_cannot_add_a_property() -> None:
    hostile = "x\r\nSTATUS:CANCELLED\rATTACH:http://evil.example\n\x0bEND:VEVENT\x85"
    text = calendar_file(hostile, [replace(EVENT, summary=hostile, place=hostile)])
    names = [line.partition(":")[0] for line in text.split("\r\n") if not line.startswith(" ")]
    assert names.count("STATUS") == 1
    assert "ATTACH" not in names
    assert names.count("END") == 2
    assert Standing.CANCELLED not in [
        line.partition(":")[2] for line in text.split("\r\n") if line.startswith("STATUS")
    ]


@given(st.text(max_size=400))
def test_lines_are_folded_at_75_octets_and_unfold_to_themselves(text: str) -> None:
    line = f"SUMMARY:{escaped(text)}"
    pieces = folded(line).split("\r\n")
    assert all(len(piece.encode()) <= 75 for piece in pieces)
    assert folded(line).replace("\r\n ", "") == line


def test_arabic_is_never_cut_within_a_letter() -> None:
    text = calendar_file("تقويم", [replace(EVENT, summary="تدريب على الأدلة الرقمية " * 9)])
    for line in text.encode().split(b"\r\n"):
        assert len(line) <= 75
        line.decode()
