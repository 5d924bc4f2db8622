"""Raises what the matcher suspects as flags, and tells the coordinators."""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from concord.actor import Actor, Role
from concord.database import transaction
from concord.duplicates import actions
from concord.duplicates.actions import flag
from concord.duplicates.models import DuplicateFlag
from concord.duplicates.queries import thresholds_of
from concord.duplicates.values import REPETITIONS, Answer, FlagKind
from concord.inbox.actions import close_tasks, open_task, tell
from concord.offers.models import Offer
from concord.pairings.repetition import deliveries_of, flag_repetitions
from concord.requests.models import Request
from concord.requests.queries import assigned, case_of
from concord.requests.states import Confidentiality
from notifications.messages.requests import DuplicateFlagged, RepetitionFlagged
from notifications.recipients import Case

if TYPE_CHECKING:  # at run time the web would load numpy for it
    from matching.duplicates import Duplicate

BY_NAME = "names-1"
REPETITION_TASK = "answer_repetition"


async def raise_flags(
    kind: FlagKind, found: Sequence["Duplicate"], *, model_version: str, now: datetime
) -> int:
    """Flag every suspicious pair that was not flagged before; the number of new flags.

    What answers have taught decides which are suspicious, once there are enough of them.
    """
    in_force = await thresholds_of(kind)
    count = 0
    for one in found:
        verdict = in_force.verdict(one.score, one.verdict)
        if verdict is None:
            continue
        made = await flag(
            kind,
            UUID(one.first),
            UUID(one.second),
            score=one.score,
            verdict=verdict,
            agreeing=one.agreeing,
            model_version=model_version,
        )
        if made is not None:
            count += 1
            await TELL[kind](made, now)
    return count


async def raise_repetitions(request: Request, *, now: datetime) -> int:
    """Flag what a request may repeat, and tell who can answer; the number of new flags."""
    async with transaction():
        made = await flag_repetitions(request, now=now)
        if made:
            case = await case_of(request)
            said = RepetitionFlagged(request=request.public_id, warnings=len(made))
            await tell(said, case=case, event=f"repetition:{made[0].id}", now=now)
            await _tell_who_may_see(request, made, now)
        if await repetitions_waiting(request.id):
            await ask_of_repetitions(request, now=now)
        else:
            await close_tasks(request.id, REPETITION_TASK, now=now)
    return len(made)


async def repetitions_waiting(request_id: UUID) -> bool:
    return await DuplicateFlag.filter(
        left_id=request_id, kind__in=REPETITIONS, answer=None
    ).exists()


async def answer_flag(
    made: DuplicateFlag, found: Answer, *, note: str, actor: Actor, now: datetime
) -> None:
    """Keep an answer, and close what asked for it."""
    async with transaction():
        await actions.answer(made, found, note=note, actor=actor, now=now)
        await close_tasks(made.id, now=now)
        if made.kind in REPETITIONS and not await repetitions_waiting(made.left_id):
            await close_tasks(made.left_id, REPETITION_TASK, now=now)


async def open_flag_again(made: DuplicateFlag, *, note: str, actor: Actor, now: datetime) -> None:
    """Take an answer back, and ask again."""
    async with transaction():
        await actions.open_again(made, note=note, actor=actor, now=now)
        if made.kind in REPETITIONS:
            await ask_of_repetitions(await Request.get(id=made.left_id), now=now)
        elif made.kind in TELL:
            await TELL[FlagKind(made.kind)](made, now)


async def ask_of_repetitions(request: Request, *, now: datetime) -> None:
    """One task for all warnings of a request."""
    for person in await _named(request):
        await open_task(
            REPETITION_TASK,
            subject_kind="request",
            subject_id=request.id,
            subject_public_id=request.public_id,
            roles=[Role.COORDINATOR],
            state=request.lead_state_id,
            person_id=person,
            now=now,
        )


async def _named(request: Request) -> list[UUID | None]:
    """The coordinators of a sealed request; [None] where all who serve its States may answer."""
    if request.confidentiality is not Confidentiality.SEALED:
        return [None]
    return [row.person_id for row in await assigned(request.id) if row.role == "coordinator"]


async def _tell_who_may_see(
    request: Request, made: Sequence[DuplicateFlag], now: datetime
) -> None:
    """A sealed delivery is hidden from who answers: those who are named for it are told of both.

    Of a sealed request nobody else is told.
    """
    if request.confidentiality is Confidentiality.SEALED:
        return
    ids = [one.right_id for one in made if one.kind == FlagKind.MATCH_AND_UNDERTAKING]
    for public_id, request_id in await deliveries_of(ids):
        other = await Request.get(id=request_id)
        if other.confidentiality is Confidentiality.SEALED:
            said = DuplicateFlagged(subject=public_id, other=request.public_id)
            event = f"repetition:{request.id}:{public_id}"
            await tell(said, case=await case_of(other), event=event, now=now)


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
    for person in await _named(about):
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
