"""The values that components show: what a route prepares and a template lays out."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from concord.web.i18n import LazyMessage

Text = str | LazyMessage


@dataclass(frozen=True, slots=True)
class NavItem:
    """A place in the main navigation; `count` is what waits there."""

    label: Text
    href: str
    current: bool = False
    count: int = 0


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table; `sort` is the key it sorts by, if it does."""

    label: Text
    sort: str = ""
    numeric: bool = False
    hidden_label: bool = False


@dataclass(frozen=True, slots=True)
class Fact:
    """A row of a summary list, with the address where it may be changed."""

    label: Text
    value: Text | int | None
    change: str = ""
    note: Text = ""


class Progress(StrEnum):
    """How far a step of a timeline is."""

    DONE = "done"
    CURRENT = "current"
    WAITING = "waiting"
    UPCOMING = "upcoming"
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True)
class Step:
    """A step of a timeline: who did it and when, or for whom it waits, since and until when."""

    label: Text
    progress: Progress
    who: Text = ""
    at: datetime | None = None
    waiting_for: Text = ""
    since: datetime | None = None
    until: date | None = None
    note: Text = ""


class TaskStatus(StrEnum):
    """What remains of one page of a task list."""

    DONE = "done"
    INCOMPLETE = "incomplete"
    OPTIONAL = "optional"
    BLOCKED = "blocked"
    ERROR = "error"


@dataclass(frozen=True, slots=True)
class Task:
    """A line of a task list."""

    label: Text
    href: str
    status: TaskStatus
    hint: Text = ""


@dataclass(frozen=True, slots=True)
class Tile:
    """One number with its name; `tone` is neutral, accent, good, warn or bad."""

    label: Text
    value: Text | int
    href: str = ""
    note: Text = ""
    tone: str = "neutral"


@dataclass(frozen=True, slots=True)
class QueueRow:
    """A case in a list that is worked through: one line or two."""

    href: str
    public_id: str
    title: str
    machine: str
    state: str
    details: tuple[Text, ...] = ()
    since: datetime | None = None
    until: date | None = None
    urgent: bool = False
    confidentiality: str = ""
    selected: bool = False
    lang: str = ""


@dataclass(frozen=True, slots=True)
class Contribution:
    """What one component adds to a score: `value` in [-1, 1], and why in words."""

    label: Text
    value: float
    words: Text = ""


@dataclass(frozen=True, slots=True)
class Capacity:
    """How much of a slot or item is taken; `total` None is unlimited."""

    total: float | None
    delivered: float = 0
    reserved: float = 0
    held: float = 0
    unit: Text = ""

    @property
    def free(self) -> float:
        taken = self.delivered + self.reserved + self.held
        return max((self.total or 0) - taken, 0)

    @property
    def scale(self) -> float:
        """What the whole bar stands for; holds on alternatives may exceed the total."""
        return max(self.total or 0, self.delivered + self.reserved + self.held, 1e-9)


@dataclass(frozen=True, slots=True)
class Comparison:
    """A row of a side-by-side comparison; `verdict` is same, near, differs or empty."""

    label: Text
    left: Text
    right: Text
    verdict: str = ""
    note: Text = ""
