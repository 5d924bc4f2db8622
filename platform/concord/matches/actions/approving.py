"""Approval by another person: holds become reservations, cover is written, rivals lapse."""

from collections.abc import Sequence
from datetime import datetime

from concord import jobs
from concord.actor import Actor
from concord.database import transaction
from concord.deadlines import Step, deadline
from concord.errors import Conflict, InvalidInput, NotAllowed, Text
from concord.matches import gates
from concord.matches.actions import telling
from concord.matches.actions.admitting import check_outside, pair_of
from concord.matches.actions.capacity import reserve
from concord.matches.actions.consenting import scope_changed, standing
from concord.matches.actions.covering import protect
from concord.matches.actions.ending import end, settle
from concord.matches.actions.locking import Locked, check_may, lock_with_rivals
from concord.matches.actions.moving import APPROVE_TASK, Word, close, move, record
from concord.matches.actions.waiting import ask_sides
from concord.matches.models import Match, MatchLine
from concord.matches.states import MACHINE, MatchState
from concord.matches.values import Approval
from concord.offers.states import Funding
from concord.reference.code_lists import CodeLists
from concord.reference.queries import code_lists
from concord.requests.models import RequestItem

SECOND_PERSON = "Another person must approve what you proposed."
CONSENT_MISSING = "The State has to consent to the present scope first."
ACCEPTANCE_MISSING = "The provider has to accept the present scope first."


async def approve(
    match: Match,
    *,
    risk_note: str = "",
    risk_mitigation: str = "",
    funding_note: str = "",
    join_reason: str = "",
    actor: Actor,
    now: datetime,
    version: int | None = None,
) -> None:
    """The match is approved and protected from repetition; `Conflict` when anything is taken.

    `join_reason` joins the match to the one undertaking that it would otherwise repeat.
    """
    written = Approval(risk_note, risk_mitigation, funding_note, join_reason)
    async with transaction():
        locked, others = await lock_with_rivals(match, version=version)
        if actor.person_id == locked.match.proposed_by_id:
            raise NotAllowed(SECOND_PERSON)
        check_may("approve", actor, locked)
        MACHINE.check("approve", locked.match.state)
        await _check(locked, written, actor=actor, now=now)
        await reserve(locked.match)
        await _approved(locked, written, actor=actor, now=now)
        joined = await protect(locked, written.join_reason, actor=actor)
        lapsed = await _lapse_rivals(locked, others, actor=actor, now=now)
        await _tell(locked, actor=actor, now=now)
        await telling.joined(locked, joined, actor=actor, now=now)
        await settle(lapsed, "lapse", actor=actor, now=now, word=COVERED)
        await record(locked, "approve", actor=actor, now=now)


COVERED = Word(note="covered")


async def _check(locked: Locked, written: Approval, *, actor: Actor, now: datetime) -> None:
    await check_outside(actor, locked.offer)
    organizations = [participant.organization for participant in locked.match.participants]
    gates.check_pair(await pair_of(locked.request, locked.offer, organizations), now=now)
    if not locked.states <= standing(locked):
        raise Conflict(CONSENT_MISSING)
    changed = scope_changed(locked)
    for participant in locked.match.participants:
        if participant.accepted_at is None or participant.accepted_at < changed:
            raise Conflict(ACCEPTANCE_MISSING)
    errors: dict[str, str] = {}
    if needs_risk(list(locked.match.lines), await code_lists()):
        if not written.risk_note:
            errors["risk_note"] = Text("Describe the risk: a security force or a safeguard.")
        if not written.risk_mitigation:
            errors["risk_mitigation"] = Text("Say how the risk is mitigated.")
    if needs_funding(list(locked.match.lines)) and not written.funding_note:
        errors["funding_note"] = Text("Say who covers the part that the provider does not pay.")
    if errors:
        raise InvalidInput(errors)


def needs_risk(lines: Sequence[MatchLine], lists: CodeLists) -> bool:
    """A security force benefits, or a topic carries a safeguard; items and slots are fetched."""
    return any(
        (line.item.beneficiary_id and lists.beneficiaries[line.item.beneficiary_id].security_force)
        or lists.topics[line.item.topic_id].safeguard
        or lists.topics[line.slot.topic_id].safeguard
        for line in lines
    )


def needs_funding(lines: Sequence[MatchLine]) -> bool:
    """Whether the provider leaves a part unpaid; slots are fetched."""
    return any(line.slot.funding is not Funding.FULL for line in lines)


async def _approved(locked: Locked, written: Approval, *, actor: Actor, now: datetime) -> None:
    await move(
        locked.match,
        "approve",
        MatchState.APPROVED,
        actor=actor,
        now=now,
        approved_by_id=actor.person_id,
        approved_at=now,
        risk_note=written.risk_note,
        risk_mitigation=written.risk_mitigation,
        funding_note=written.funding_note,
        due_at=await deadline(Step.TERMS, start=now, urgent=locked.request.urgent),
        hold_until=None,
        hold_lost_at=None,
    )
    await close(locked.match.id, APPROVE_TASK, now=now)
    await ask_sides(locked, now=now)


async def _lapse_rivals(
    locked: Locked, others: Sequence[Locked], *, actor: Actor, now: datetime
) -> list[Locked]:
    """Other proposals lapse on whose items nothing is left to give."""
    items = await RequestItem.filter(request_id=locked.request.id)
    filled = {item.id for item in items if item.reserved + item.delivered >= (item.quantity or 0)}
    mine = {line.item_id for line in locked.match.lines} & filled
    lapsed = [other for other in others if any(line.item_id in mine for line in other.match.lines)]
    for other in lapsed:
        await end(other, "lapse", actor=actor, now=now, word=COVERED)
    return lapsed


async def _tell(locked: Locked, *, actor: Actor, now: datetime) -> None:
    await telling.announce(
        locked, *telling.approved(locked), verb="approved", actor=actor, now=now
    )
    await jobs.enqueue(jobs.RANK_REQUEST, now=now, request_id=locked.request.id)
    await jobs.enqueue(jobs.CHECK_DUPLICATES, now=now, approved_of=locked.request.id)
