"""A change of an open request: of its scope, which consents rest on, or of its words alone."""

from datetime import datetime

from concord.actor import Actor
from concord.deadlines import Step, deadline
from concord.errors import Conflict, InvalidInput, StaleVersion, Text
from concord.requests.actions.disclosing import name_tasks
from concord.requests.actions.drafting import TAKEN, unconfirm, write
from concord.requests.actions.recording import (
    STALE,
    allow,
    ask_states,
    move,
    rank,
    record,
    tell_about,
)
from concord.requests.actions.submission import CONFIRM_TASK
from concord.requests.checking import check_for_submission
from concord.requests.models import Request, RequestParty
from concord.requests.policy import may_change_scope
from concord.requests.queries import values_of
from concord.requests.states import CIRCULATED_CLASSES, MACHINE, STRICTNESS, Confidentiality
from concord.requests.values import DraftValues
from notifications.messages.requests import RequestConfirmationAsked

WIDER = "An open request can only become more confidential: withdraw it and file a wider one."
FIXED_STATES = "The States that make a request cannot change while it is open."


async def change_scope(
    request: Request, values: DraftValues, *, version: int, actor: Actor, now: datetime
) -> bool:
    """Rewrite an open request that the caller has locked; True if its scope changed.

    Then consents and acceptances are too old, co-requesting States are asked to confirm again,
    and it is ranked anew. Raises `Conflict` where less is asked than matches have taken.
    """
    MACHINE.check("change_scope", request.state)
    allow(may_change_scope(actor, request))
    if request.version != version:
        raise StaleVersion(STALE)
    before = await values_of(request)
    _check_change(before, values)
    confirmations = {
        party.state_id: party.confirmed_at
        for party in await RequestParty.filter(request_id=request.id)
    }
    changed = scope_of(before) != scope_of(values)
    if changed:
        request.scope_changed_at = now
    if values.confidentiality not in CIRCULATED_CLASSES:
        request.circulated_at = None
    await write(request, values)
    if Confidentiality.SEALED is values.confidentiality is not before.confidentiality:
        await name_tasks(request, now=now)
    await _keep_or_ask(request, confirmations, changed=changed, actor=actor, now=now)
    await move(request, "change_scope", request.state, actor=actor, now=now)
    await rank(request, now=now, duplicates=True)
    await record(request, "change_scope", actor=actor, now=now, scope_changed=changed)
    return changed


def scope_of(values: DraftValues) -> tuple[object, ...]:
    """What consent rests on: items, quantities, institutions, window and class."""
    return values.items, values.starts_on, values.ends_on, values.confidentiality


def _check_change(before: DraftValues, after: DraftValues) -> None:
    check_for_submission(after)
    if STRICTNESS.index(after.confidentiality) < STRICTNESS.index(before.confidentiality):
        raise InvalidInput({"confidentiality": Text(WIDER)})
    if set(after.co_states) != set(before.co_states):
        raise InvalidInput({"co_states": Text(FIXED_STATES)})
    if len(after.items) < len(before.items):
        raise Conflict(TAKEN)


async def _keep_or_ask(
    request: Request,
    confirmations: dict[str, datetime | None],
    *,
    changed: bool,
    actor: Actor,
    now: datetime,
) -> None:
    """Words alone leave confirmations as they were; a new scope asks for them again."""
    if not changed:
        for state, confirmed_at in confirmations.items():
            await RequestParty.filter(request_id=request.id, state_id=state).update(
                confirmed_at=confirmed_at
            )
        return
    await unconfirm(request)
    if request.co_states:
        due = await deadline(
            Step.CONSENT, start=now, state=request.lead_state_id, urgent=request.urgent
        )
        await ask_states(request, CONFIRM_TASK, states=request.co_states, now=now, due_at=due)
        asked = RequestConfirmationAsked(request=request.public_id, due=due.date())
        await tell_about(request, f"changed:{now.isoformat()}", asked, actor=actor, now=now)
