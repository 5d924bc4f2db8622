"""What was typed on the pages of a match after approval, parsed into the actions' inputs."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from concord.deliveries.sections import composed
from concord.deliveries.values import (
    Attendance,
    DeliveryPlan,
    EvaluationForm,
    PlannedLine,
    PlannedMilestone,
    Report,
    TermsDraft,
)
from concord.errors import InvalidInput, Text
from concord.inputs import DATE, Reader
from concord.reference.languages import CONTENT_LANGUAGES

SHORT, MIDDLE, LONG = 300, 4_000, 8_000
TERMS_PARTS: Mapping[str, int] = {
    "purpose": MIDDLE,
    "activities": LONG,
    "place": SHORT,
    "costs": MIDDLE,
    "data_protection": MIDDLE,
    "contacts": 2_000,
}
"""The sections of terms of reference, in their order, and how long each may be."""
MOST_ROWS = 40
MOST_PEOPLE = 100_000
HASH = re.compile(r"[0-9a-f]{64}")
_MILESTONE = re.compile(r"milestone-(\d{1,3})-title")
_ATTENDANCE = re.compile(r"attendance-(\d{1,3})-institution")
_OUTPUT = re.compile(r"output-(\d{1,3})-title")


def terms(reader: Reader) -> TermsDraft:
    parts = {
        name: reader.text(name, required=True, limit=limit)
        if name == "place"
        else reader.prose(name, required=True, limit=limit)
        for name, limit in TERMS_PARTS.items()
    }
    starts_on, ends_on = _dates(reader)
    found = language(reader)
    reader.check()
    return TermsDraft(composed(parts), starts_on=starts_on, ends_on=ends_on, language=found)


def _dates(reader: Reader) -> tuple[date | None, date | None]:
    starts_on = reader.date("starts_on", required=True)
    ends_on = reader.date("ends_on", required=True)
    if starts_on and ends_on and ends_on < starts_on:
        reader.refuse("ends_on", Text("The end must not be before the start."))
    return starts_on, ends_on


def language(reader: Reader) -> str:
    return reader.choice("language", CONTENT_LANGUAGES) or "en"


def digest(reader: Reader) -> str:
    """The hash of the text that stood on the page; blank when there was none."""
    found = reader.text("digest", limit=64)
    return found if HASH.fullmatch(found) else ""


def plan(reader: Reader, lines: Sequence[UUID]) -> DeliveryPlan:
    title = reader.text("title", required=True, limit=200)
    place = reader.text("place", required=True)
    starts_on, ends_on = _dates(reader)
    found = [
        PlannedLine(line, quantity)
        for line in lines
        if (quantity := reader.integer(f"line-{line}", minimum=0))
    ]
    milestones = [
        milestone
        for number in _numbers(reader, _MILESTONE)
        if (milestone := _milestone(reader, number))
    ]
    if not found and not any(f"line-{line}" in reader.errors for line in lines):
        reader.refuse("lines", Text("Plan at least a part of what was agreed."))
    reader.check()
    if starts_on is None or ends_on is None:
        raise InvalidInput({"starts_on": Text(DATE)})
    return DeliveryPlan(title, place, starts_on, ends_on, tuple(found), tuple(milestones))


def _numbers(reader: Reader, pattern: re.Pattern[str]) -> list[int]:
    found = (pattern.fullmatch(name) for name in reader.raw)
    return sorted({int(match[1]) for match in found if match})[:MOST_ROWS]


def _milestone(reader: Reader, number: int) -> PlannedMilestone | None:
    """A row without a title is left out."""
    at = f"milestone-{number}-"
    title = reader.text(f"{at}title", limit=200)
    due_on = reader.date(f"{at}due_on", required=bool(title))
    done_on = reader.date(f"{at}done_on")
    return PlannedMilestone(title, due_on, done_on) if title and due_on else None


def report(reader: Reader, lines: Sequence[UUID]) -> Report:
    text = reader.prose("text", required=True, limit=LONG)
    found = language(reader)
    starts_on, ends_on = _dates(reader)
    typed = {line: reader.integer(f"line-{line}", minimum=0, required=True) for line in lines}
    attendance = [
        row for number in _numbers(reader, _ATTENDANCE) if (row := _attendance(reader, number))
    ]
    outputs = [
        output
        for number in _numbers(reader, _OUTPUT)
        if (output := reader.text(f"output-{number}-title"))
    ]
    reader.check()
    return Report(
        text=text,
        quantities={line: quantity or 0 for line, quantity in typed.items()},
        attendance=tuple(attendance),
        outputs=tuple(outputs),
        starts_on=starts_on,
        ends_on=ends_on,
        language=found,
    )


def _attendance(reader: Reader, number: int) -> Attendance | None:
    """A row without a name and without numbers is left out; numbers need a name."""
    at = f"attendance-{number}-"
    women, men, other = (
        reader.integer(f"{at}{name}", minimum=0, maximum=MOST_PEOPLE) or 0
        for name in ("women", "men", "other")
    )
    institution = reader.text(f"{at}institution", required=bool(women + men + other), limit=200)
    return Attendance(institution, women, men, other) if institution else None


@dataclass(frozen=True, slots=True)
class Dispute:
    reason: str
    note: str


def dispute(reader: Reader, reasons: Sequence[str]) -> Dispute:
    found = Dispute(
        reader.choice("reason", reasons, required=True), reader.prose("note", limit=MIDDLE)
    )
    reader.check()
    return found


def note(reader: Reader) -> str:
    found = reader.prose("note", limit=MIDDLE)
    reader.check()
    return found


def quantities(reader: Reader, lines: Sequence[UUID], *, at: str = "line-") -> dict[UUID, int]:
    """What the State or an approver says was delivered of each line."""
    typed = {line: reader.integer(f"{at}{line}", minimum=0, required=True) for line in lines}
    reader.check()
    return {line: quantity or 0 for line, quantity in typed.items()}


def evaluation(reader: Reader, questions: Sequence[str], ratings: Sequence[int]) -> EvaluationForm:
    options = [str(rating) for rating in ratings]
    typed = {code: reader.choice(f"rating-{code}", options, required=True) for code in questions}
    text, change = reader.prose("text", limit=MIDDLE), reader.prose("change", limit=MIDDLE)
    found = language(reader)
    reader.check()
    return EvaluationForm(
        ratings={code: int(rating) for code, rating in typed.items()},
        text=text,
        change=change,
        language=found,
    )


def took_place(reader: Reader) -> bool:
    found = reader.choice("took_place", ("yes", "no"), required=True)
    reader.check()
    return found == "yes"


@dataclass(frozen=True, slots=True)
class LessonAnswer:
    agreed: bool
    text: str


def lesson(reader: Reader) -> LessonAnswer:
    """Nothing but a plain yes publishes."""
    agreed = reader.choice("publish", ("yes", "no"), required=True) == "yes"
    found = LessonAnswer(agreed, reader.prose("text", required=agreed, limit=LONG))
    reader.check()
    return found


def version(reader: Reader) -> int:
    """The version of the thing that the form was made from; 0, which is none, without one."""
    found = reader.integer("version", minimum=1, maximum=10**9)
    reader.errors.pop("version", None)
    return found or 0
