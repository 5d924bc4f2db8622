"""What the survivor of a merger takes over: the stricter class, and who is not wanted."""

from dataclasses import replace
from datetime import datetime

from concord.actor import Actor
from concord.inbox.actions import tell
from concord.requests.actions.circulation import open_now
from concord.requests.actions.recording import record
from concord.requests.models import (
    Request,
    RequestAssignment,
    RequestExclusion,
    RequestParty,
)
from concord.requests.queries import (
    assigned,
    case_of,
    excluded_organizations,
    live_disclosures,
)
from concord.requests.states import (
    CIRCULATED_CLASSES,
    OPEN_STATES,
    STRICTNESS,
    Confidentiality,
    RequestState,
)
from notifications.messages.requests import RequestNoLongerOpen


async def take_exclusions(survivor: Request, merged: Request) -> None:
    """Whom either request would not take, the survivor does not take."""
    await RequestExclusion.bulk_create(
        [
            RequestExclusion(request_id=survivor.id, organization_id=organization_id)
            for organization_id in sorted(await excluded_organizations(merged.id))
        ],
        ignore_conflicts=True,
    )


async def take_stricter_class(
    survivor: Request, merged: Request, *, actor: Actor, now: datetime
) -> bool:
    """Narrow the survivor where the merged one was narrower; True if that changed its scope."""
    stricter = max(survivor.confidentiality, merged.confidentiality, key=STRICTNESS.index)
    changed = stricter is not survivor.confidentiality
    if changed:
        await _narrow(survivor, merged, stricter, actor=actor, now=now)
    survivor.version += 1
    await survivor.save()
    stops = survivor.state is RequestState.NO_OBJECTION and stricter not in CIRCULATED_CLASSES
    if stops:
        await open_now(survivor, "open", actor=actor, now=now)
        await record(survivor, "open", actor=actor, now=now)
    return changed


async def _narrow(
    survivor: Request,
    merged: Request,
    stricter: Confidentiality,
    *,
    actor: Actor,
    now: datetime,
) -> None:
    if stricter is Confidentiality.SEALED:
        await _name_officers(survivor, merged)
    if stricter not in CIRCULATED_CLASSES:
        await _leave(survivor, actor=actor, now=now)
        survivor.circulated_at = None
    survivor.confidentiality, survivor.scope_changed_at = stricter, now
    survivor.publish_agreed_at = survivor.lead_publish_agreed_at = None
    await RequestParty.filter(request_id=survivor.id).update(publish_agreed_at=None)


async def _name_officers(survivor: Request, merged: Request) -> None:
    """The persons of UNODC named on the sealed request now handle the survivor, they alone."""
    await RequestAssignment.filter(request_id=survivor.id).delete()
    await RequestAssignment.bulk_create(
        [
            RequestAssignment(request_id=survivor.id, person_id=one.person_id, role=one.role)
            for one in await assigned(merged.id)
        ]
    )


async def _leave(survivor: Request, *, actor: Actor, now: datetime) -> None:
    """Providers that saw what circulated hear one neutral sentence; those in a match go on."""
    if survivor.circulated_at is None or survivor.state not in OPEN_STATES:
        return
    case = await case_of(survivor, actor=actor, circulated=True)
    only_circulated = case.circulated_to - await live_disclosures(survivor.id)
    await tell(
        RequestNoLongerOpen(request=survivor.public_id),
        case=replace(case, circulated_to=only_circulated),
        event=f"request:{survivor.id}:narrowed:{survivor.version}",
        now=now,
    )
