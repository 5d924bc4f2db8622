"""Which part of the audit trail is asked for, read from an address."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from uuid import UUID

from starlette.datastructures import QueryParams
from tortoise.queryset import QuerySet

from concord.audit import AuditEntry


@dataclass(frozen=True, slots=True)
class Part:
    """Empty and None ask for all; `until` is the last day."""

    action: str = ""
    subject: UUID | None = None
    on_behalf_of: str = ""
    since: date | None = None
    until: date | None = None

    def entries(self) -> QuerySet[AuditEntry]:
        found = AuditEntry.all()
        if self.action:
            found = found.filter(action__startswith=self.action)
        if self.subject:
            found = found.filter(subject_id=self.subject)
        if self.on_behalf_of:
            found = found.filter(on_behalf_of=self.on_behalf_of)
        if self.since:
            found = found.filter(at__gte=_midnight(self.since))
        if self.until:
            found = found.filter(at__lte=datetime.combine(self.until, time.max, UTC))
        return found


def asked_part(query: QueryParams) -> Part:
    """What makes no sense asks for all."""
    return Part(
        action=query.get("action", "").strip()[:60],
        subject=_identifier(query.get("subject", "")),
        on_behalf_of=query.get("on_behalf_of", "").strip().upper()[:3],
        since=_day(query.get("since", "")),
        until=_day(query.get("until", "")),
    )


def _identifier(text: str) -> UUID | None:
    try:
        return UUID(text.strip())
    except ValueError:
        return None


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        return None


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)
