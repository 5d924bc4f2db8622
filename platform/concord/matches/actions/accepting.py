"""A participant's word: acceptance, with the request in full view."""

from datetime import datetime

from concord.actor import Actor
from concord.database import transaction
from concord.deadlines import Step, deadline, hold_limit
from concord.errors import Conflict, InvalidInput, Text
from concord.matches.actions import telling
from concord.matches.actions.capacity import retake_hold
from concord.matches.actions.locking import Locked, check_may, lock_match
from concord.matches.actions.moving import (
    ACCEPT_TASK,
    APPROVE_TASK,
    Word,
    ask_approvers,
    close,
    move,
    record,
)
from concord.matches.models import Match, Participant
from concord.matches.states import MACHINE, MatchState
from concord.organizations.policy import may_provide


async def accept(
    match: Match,
    *,
    no_conflict: bool,
    note: str = "",
    actor: Actor,
    now: datetime,
    version: int | None = None,
) -> None:
    """An organization accepts in every role it has; the last one sends it to the approvers."""
    async with transaction():
        locked = await lock_match(match, version=version)
        check_may("accept", actor, locked)
        MACHINE.check("accept", locked.match.state)
        mine = [
            participant
            for participant in locked.match.participants
            if participant.organization_id == actor.organization_id
        ]
        _check(mine, no_conflict=no_conflict, now=now)
        for participant in mine:
            await _accepted(participant, note=note, actor=actor, now=now)
        await close(locked.match.id, ACCEPT_TASK, now=now, organization_id=actor.organization_id)
        await retake_hold(locked.match)
        await _forward(locked, actor=actor, now=now)
        await record(locked, "accept", actor=actor, now=now)


def _check(mine: list[Participant], *, no_conflict: bool, now: datetime) -> None:
    if all(participant.accepted_at for participant in mine):
        raise Conflict("Your organization has accepted this match already.")
    if not all(may_provide(participant.organization, now=now) for participant in mine):
        raise Conflict("Your organization is not verified at present. Ask UNODC to renew it.")
    if not no_conflict:
        raise InvalidInput(
            {"no_conflict": Text("Declare that your organization has no conflict of interest.")}
        )


async def _accepted(participant: Participant, *, note: str, actor: Actor, now: datetime) -> None:
    participant.accepted_at = now
    participant.accepted_by_id = actor.person_id
    participant.no_conflict_declared = True
    participant.note = note
    await participant.save(
        update_fields=["accepted_at", "accepted_by_id", "no_conflict_declared", "note"]
    )


async def _forward(locked: Locked, *, actor: Actor, now: datetime) -> None:
    """To the approvers once nobody is left to answer."""
    match = locked.match
    open_organizations = {p.organization_id for p in match.participants if p.accepted_at is None}
    if open_organizations:
        await move(match, "accept", MatchState.STATE_CONSENTED, actor=actor, now=now, word=Word())
        said = telling.partly_accepted(locked, remaining=len(open_organizations))
        await telling.announce(locked, said, verb="accepted", actor=actor, now=now)
        return
    due = await deadline(Step.APPROVAL, start=now, urgent=locked.request.urgent)
    await move(
        match,
        "accept",
        MatchState.PARTNER_ACCEPTED,
        actor=actor,
        now=now,
        due_at=due,
        hold_until=min(due, hold_limit(match.proposed_at)),
    )
    await ask_approvers(APPROVE_TASK, locked, now=now)
    await telling.announce(
        locked, *telling.accepted(locked), verb="accepted", actor=actor, now=now
    )
