"""What is wrong with a plan, a report or an evaluation: one sentence a field."""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from uuid import UUID

from concord.deliveries.values import (
    QUESTIONS,
    RATINGS,
    DeliveryPlan,
    EvaluationForm,
    PlannedMilestone,
    Report,
)
from concord.errors import InvalidInput, Text
from concord.inputs import LONG, PICK, REQUIRED, SHORT, TOO_LONG

ORDER = "The last day is before the first one."
QUANTITY = "Enter a quantity of 1 or more."
MOST = "No more than %(most)s is left of this."
LINES = "Say how much of what was agreed is delivered."
MUCH_LATER = "This is more than a year after the end of the match."
BEFORE = "This is before the terms of reference were agreed."
AHEAD = "This day lies ahead: report when it is over."
COUNTS = "A number of participants is 0 or more."
MOST_ROWS = 50
LATEST = timedelta(days=366)
Errors = Iterator[tuple[str, Text]]


def check(found: Errors) -> None:
    """Raise `InvalidInput` with the first sentence for each field."""
    errors: dict[str, str] = {}
    for name, sentence in found:
        errors.setdefault(name, sentence)
    if errors:
        raise InvalidInput(errors)


def plan_errors(
    plan: DeliveryPlan, *, left: Mapping[UUID, int], earliest: date, ends_on: date
) -> Errors:
    """`left` is what each line of the match still has to give."""
    yield from _text("title", plan.title, limit=SHORT, required=True)
    yield from _text("place", plan.place, limit=SHORT)
    if plan.ends_on < plan.starts_on:
        yield "ends_on", Text(ORDER)
    if plan.starts_on < earliest:
        yield "starts_on", Text(BEFORE)
    if plan.ends_on > ends_on + LATEST:
        yield "ends_on", Text(MUCH_LATER)
    if not plan.lines or len({line.line_id for line in plan.lines}) != len(plan.lines):
        yield "lines", Text(LINES)
    for line in plan.lines:
        most = left.get(line.line_id)
        if most is None:
            yield "lines", Text(PICK)
        elif line.quantity < 1:
            yield f"line-{line.line_id}", Text(QUANTITY)
        elif line.quantity > most:
            yield f"line-{line.line_id}", Text(MOST, most=most)
    yield from _milestones(plan.milestones)


def _milestones(milestones: tuple[PlannedMilestone, ...]) -> Errors:
    if len(milestones) > MOST_ROWS:
        yield "milestones", Text("Give %(most)s or fewer.", most=MOST_ROWS)
    for number, milestone in enumerate(milestones):
        name = f"milestone-{number}-title"
        yield from _text(name, milestone.title, limit=SHORT, required=True)


def report_errors(
    report: Report,
    *,
    left: Mapping[UUID, int],
    days: tuple[date, date],
    earliest: date,
    today: date,
) -> Errors:
    """`left` is what each planned line may amount to, `days` when it took place."""
    yield from _text("text", report.text, limit=LONG, required=True)
    yield from _days(*days, earliest=earliest, today=today)
    if not any(quantity > 0 for quantity in report.quantities.values()):
        yield "lines", Text(LINES)
    for line_id, quantity in report.quantities.items():
        if line_id not in left:
            yield "lines", Text(PICK)
        elif quantity < 0:
            yield f"line-{line_id}", Text(QUANTITY)
        elif quantity > left[line_id]:
            yield f"line-{line_id}", Text(MOST, most=left[line_id])
    yield from _attendance(report)
    if len(report.outputs) > MOST_ROWS:
        yield "outputs", Text("Give %(most)s or fewer.", most=MOST_ROWS)
    for output in report.outputs:
        yield from _text("outputs", output, limit=SHORT)


def _days(first: date, last: date, *, earliest: date, today: date) -> Errors:
    if last < first:
        yield "ends_on", Text(ORDER)
    if first < earliest:
        yield "starts_on", Text(BEFORE)
    if last > today:
        yield "ends_on", Text(AHEAD)


def _attendance(report: Report) -> Errors:
    if len(report.attendance) > MOST_ROWS:
        yield "attendance", Text("Give %(most)s or fewer.", most=MOST_ROWS)
    for number, row in enumerate(report.attendance):
        name = f"attendance-{number}"
        yield from _text(f"{name}-institution", row.institution, limit=SHORT, required=True)
        for sex, count in (("women", row.women), ("men", row.men), ("other", row.other)):
            if not 0 <= count <= 1_000_000:
                yield f"{name}-{sex}", Text(COUNTS)


def evaluation_errors(form: EvaluationForm, *, side: str) -> Errors:
    """Every question of the side is answered, with one of the ratings."""
    for code in QUESTIONS[side]:
        if form.ratings.get(code) not in RATINGS:
            yield f"rating-{code}", Text(PICK)
    for code in form.ratings.keys() - QUESTIONS[side].keys():
        yield f"rating-{code}", Text(PICK)
    yield from _text("text", form.text, limit=LONG)
    yield from _text("change", form.change, limit=LONG)


def _text(name: str, text: str, *, limit: int, required: bool = False) -> Errors:
    if required and not text.strip():
        yield name, Text(REQUIRED)
    if len(text) > limit:
        yield name, Text(TOO_LONG, limit=limit, length=len(text))
