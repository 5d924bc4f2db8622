"""What is known of somebody else's project, as imported."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class ActivityValues:
    """One project in one State; `identifier` is the same in every export of its source."""

    identifier: str
    source: str
    title: str
    state: str
    description: str = ""
    language: str = "en"
    provider: str = ""
    status: str = ""
    topics: tuple[str, ...] = ()
    starts_on: date | None = None
    ends_on: date | None = None
    amount: Decimal | None = None
    currency: str | None = None
    url: str = ""


@dataclass(frozen=True, slots=True)
class Imported:
    """How many activities an import made, changed, and found as they were."""

    created: int = 0
    changed: int = 0
    unchanged: int = 0
