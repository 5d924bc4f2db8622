"""What actions left behind: steps, open tasks, what is owed, jobs, audit."""

from uuid import UUID

from concord.audit import AuditEntry
from concord.inbox.models import Task
from concord.jobs import Outbox
from concord.requests.models import Request, RequestStep


async def owed(message: str) -> set[UUID]:
    """The people who are owed this message."""
    rows = await Outbox.filter(name="tell")
    return {UUID(str(row.payload["person"])) for row in rows if row.payload["message"] == message}


async def jobs_named(name: str) -> int:
    return await Outbox.filter(name=name).count()


async def open_tasks(request: Request) -> list[tuple[str, str | None]]:
    rows = await Task.filter(subject_id=request.id, closed_at=None).order_by("kind", "state_code")
    return [(row.kind, row.state_code) for row in rows]


async def steps(request: Request) -> list[tuple[str, str, str]]:
    rows = await RequestStep.filter(request_id=request.id).order_by("created_at", "id")
    return [(row.verb, row.source, row.target) for row in rows]


async def audited(request: Request) -> list[str]:
    rows = await AuditEntry.filter(subject_id=request.id).order_by("seq")
    return [row.action for row in rows]
