"""Requests that came from elsewhere: drafts marked imported, once each."""

from dataclasses import dataclass
from datetime import datetime

from concord.actor import Actor
from concord.database import transaction
from concord.errors import InvalidInput, NotAllowed, Text
from concord.requests.actions.drafting import begin
from concord.requests.actions.recording import NOT_YOURS, move, rank, record
from concord.requests.models import Request
from concord.requests.policy import may_draft
from concord.requests.states import RequestState
from concord.requests.values import DraftValues


@dataclass(frozen=True, slots=True)
class Imported:
    """The request of an external id; `created` is false where it was there before."""

    request: Request
    created: bool


async def import_request(
    values: DraftValues,
    *,
    external_id: str,
    source: str,
    actor: Actor,
    now: datetime,
    as_open: str = "",
) -> Imported:
    """A draft of `values.lead_state`, or the one already imported under this id, unchanged.

    `as_open` is a coordinator's reason to open it at once: it is ranked, yet circulated to
    nobody, since no State has seen a text to circulate.
    """
    _check(values, external_id=external_id, source=source, actor=actor, as_open=as_open)
    async with transaction():
        known = await Request.get_or_none(external_id=external_id)
        if known is not None:
            return Imported(known, created=False)
        request = await begin(
            values,
            lead_state=values.lead_state or actor.state or "",
            authority_id=actor.organization_id if actor.is_state else None,
            actor=actor,
            now=now,
            external_id=external_id,
            source=source,
        )
        if as_open:
            await _open(request, reason=as_open, actor=actor, now=now)
        verb = "import_open" if as_open else "import"
        await record(
            request,
            verb,
            actor=actor,
            now=now,
            on_behalf_of=request.lead_state_id,
            external_id=external_id,
        )
    return Imported(request, created=True)


def _check(
    values: DraftValues, *, external_id: str, source: str, actor: Actor, as_open: str
) -> None:
    own = may_draft(actor) and values.lead_state in {"", actor.state} and not as_open
    if not own and not actor.serves(values.lead_state):
        raise NotAllowed(NOT_YOURS)
    missing = {"external_id": external_id, "source": source, "state": values.lead_state or "own"}
    if not actor.is_state and not values.lead_state:
        missing["state"] = ""
    errors = {name: Text("Enter a value.") for name, value in missing.items() if not value}
    if errors:
        raise InvalidInput(errors)


async def _open(request: Request, *, reason: str, actor: Actor, now: datetime) -> None:
    request.submitted_at = request.opened_at = now
    await move(request, "import", RequestState.OPEN, actor=actor, now=now, note=reason)
    await rank(request, now=now, duplicates=True)
