"""Raises what the matcher suspects as flags, and tells the coordinators."""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from concord.actor import Role
from concord.duplicates.actions import flag
from concord.duplicates.models import DuplicateFlag
from concord.duplicates.values import FlagKind
from concord.inbox.actions import open_task, tell
from concord.offers.models import Offer
from concord.requests.models import Request
from concord.requests.queries import assigned, case_of
from concord.requests.states import Confidentiality
from notifications.messages.requests import DuplicateFlagged
from notifications.recipients import Case

if TYPE_CHECKING:  # at run time the web would load numpy for it
    from matching.duplicates import Duplicate

BY_NAME = "names-1"


async def raise_flags(
    kind: FlagKind, found: Sequence["Duplicate"], *, model_version: str, now: datetime
) -> int:
    """Flag every suspicious pair that was not flagged before; the number of new flags."""
    count = 0
    for one in found:
        made = await flag(
            kind,
            UUID(one.first),
            UUID(one.second),
            score=one.score,
            verdict=one.verdict,
            agreeing=one.agreeing,
            model_version=model_version,
        )
        if made is not None:
            count += 1
            await TELL[kind](made, now)
    return count


async def raise_namesakes(
    organization_id: UUID, namesakes: Sequence[UUID], *, now: datetime
) -> None:
    """Flag organizations of one name; due diligence answers in its own queue."""
    for other in namesakes:
        await flag(
            FlagKind.ORGANIZATIONS,
            organization_id,
            other,
            score=1.0,
            verdict="possible",
            agreeing=["name"],
            model_version=BY_NAME,
        )


async def _tell_of_requests(made: DuplicateFlag, now: datetime) -> None:
    """A pair with a sealed request is shown to those who are named for it alone."""
    pair = {row.id: row for row in await Request.filter(id__in=(made.left_id, made.right_id))}
    left, right = pair[made.left_id], pair[made.right_id]
    about = next((r for r in (left, right) if r.confidentiality is Confidentiality.SEALED), left)
    message = DuplicateFlagged(subject=left.public_id, other=right.public_id)
    case = await case_of(about)
    await tell(message, case=case, event=f"duplicate:{made.id}", now=now)
    named: list[UUID | None] = [None]
    if about.confidentiality is Confidentiality.SEALED:
        rows = await assigned(about.id)
        named = [row.person_id for row in rows if row.role == "coordinator"]
    for person in named:
        await _ask(made, about.public_id, state=about.lead_state_id, person=person, now=now)


async def _tell_of_offers(made: DuplicateFlag, now: datetime) -> None:
    """One provider's offers are often of a kind: only a likely repetition asks for somebody."""
    if made.verdict != "likely":
        return
    pair = {row.id: row for row in await Offer.filter(id__in=(made.left_id, made.right_id))}
    left, right = pair[made.left_id], pair[made.right_id]
    message = DuplicateFlagged(subject=left.public_id, other=right.public_id)
    await tell(message, case=Case(), event=f"duplicate:{made.id}", now=now)
    if made.verdict == "likely":  # it holds nothing up: what is only possible waits in the list
        await _ask(made, left.public_id, state=None, person=None, now=now)


async def _ask(
    made: DuplicateFlag, public_id: str, *, state: str | None, person: UUID | None, now: datetime
) -> None:
    await open_task(
        "answer_duplicate",
        subject_kind="duplicate",
        subject_id=made.id,
        subject_public_id=public_id,
        roles=[Role.COORDINATOR],
        state=state,
        person_id=person,
        now=now,
    )


TELL = {FlagKind.REQUESTS: _tell_of_requests, FlagKind.OFFERS: _tell_of_offers}
