"""The audit trail, for auditors: that steps happened, not what texts say."""

from starlette.requests import Request
from starlette.responses import Response

from concord.actor import Actor, Role
from concord.audit import AuditEntry
from concord.audit.checks import last_look
from concord.errors import NotFound
from concord.home.trail import asked_part
from concord.reference.queries import code_lists
from concord.web.formats import state_name
from concord.web.pagination import Page, csv_response, window
from concord.web.rendering import render
from concord.web.routing import page

HEADER = (
    "seq",
    "at",
    "action",
    "role",
    "person",
    "on_behalf_of",
    "subject",
    "id",
    "facts",
    "hash",
)
MOST_ROWS = 50_000


async def show(request: Request) -> Response:
    actor: Actor = request.state.actor
    if actor.role is not Role.AUDITOR:
        raise NotFound
    asked = window(request.query_params, sorts=("seq",), default="-seq")
    part = asked_part(request.query_params)
    found = part.entries().order_by("-seq" if asked.descending else "seq")
    if request.query_params.get("format") == "csv":
        rows = await found.limit(MOST_ROWS)
        return csv_response("audit.csv", HEADER, [_row(entry) for entry in rows])
    total = await found.count()
    entries = await found.offset(asked.offset).limit(asked.size)
    codes = (await code_lists()).states
    return render(
        request,
        "home/audit.html",
        page=Page(entries, total, asked),
        states=sorted(((code, state_name(code)) for code in codes), key=lambda pair: pair[1]),
        check=await last_look(),
    )


def _row(entry: AuditEntry) -> tuple[object, ...]:
    return (
        entry.seq,
        entry.at.isoformat(),
        entry.action,
        entry.role,
        entry.person_id,
        entry.on_behalf_of,
        entry.subject_kind,
        entry.subject_id,
        entry.facts,
        entry.hash.hex(),
    )


routes = [page("/audit", show, name="audit")]
