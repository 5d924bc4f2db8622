"""When each step falls due: the clocks of the settings, counted in the right week."""

from calendar import monthrange
from datetime import datetime, time, timedelta
from enum import StrEnum

from concord.reference.calendar import due_on
from concord.reference.queries import code_lists
from concord.settings import Clocks

END_OF_DAY = time(23, 59, 59)


class Step(StrEnum):
    """Steps counted in working days; the value names the field of `Clocks`."""

    REVIEW = "review_working_days"
    NO_OBJECTION = "no_objection_working_days"
    CONSENT = "consent_working_days"
    ANSWER = "answer_working_days"
    APPROVAL = "approval_working_days"
    TERMS = "terms_working_days"
    CONFIRMATION = "confirmation_working_days"
    EVALUATION = "evaluation_working_days"


class _Configured:
    clocks = Clocks()


def configure(clocks: Clocks) -> None:
    """Use these clocks in this process; called once at its start."""
    _Configured.clocks = clocks


def clocks() -> Clocks:
    return _Configured.clocks


async def deadline(
    step: Step, *, start: datetime, state: str | None = None, urgent: bool = False
) -> datetime:
    """The end (UTC) of the last working day of a step that began at `start`.

    `state` (ISO 3166-1 alpha-3) counts in that State's own week, otherwise in UNODC Vienna's;
    urgent requests halve the days.
    """
    entry = (await code_lists()).states.get(state) if state else None
    days: int = getattr(clocks(), step)
    day = due_on(start.date(), days, iso2=entry.iso2 if entry else None, urgent=urgent)
    return datetime.combine(day, END_OF_DAY, start.tzinfo)


def hold_limit(start: datetime) -> datetime:
    """The latest end of a hold."""
    return start + timedelta(days=clocks().hold_days)


def months_after(start: datetime, months: int) -> datetime:
    """The same day and time some months later, or the last day of a shorter month."""
    years, month = divmod(start.month - 1 + months, 12)
    year = start.year + years
    day = min(start.day, monthrange(year, month + 1)[1])
    return start.replace(year=year, month=month + 1, day=day)
