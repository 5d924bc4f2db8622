"""Every exit of a match: all is given back, and whoever had been told hears neutral words."""

from collections.abc import Sequence
from datetime import datetime
from types import MappingProxyType

from concord.actor import Actor
from concord.database import transaction
from concord.errors import InvalidInput, NotAllowed, Text
from concord.inputs import PICK
from concord.matches.actions import telling
from concord.matches.actions.capacity import release
from concord.matches.actions.covering import shrink_cover
from concord.matches.actions.delivering import is_working, record_delivery, settle_deliveries
from concord.matches.actions.locking import Locked, check_may, lock_match
from concord.matches.actions.moving import SILENCE, Word, close, move, record
from concord.matches.models import Match
from concord.matches.states import MACHINE, MatchState
from concord.matches.values import Decisions, OnBehalf
from concord.reference.queries import code_lists
from concord.requests import actions as requests
from concord.requests.states import OPEN_STATES

_S = MatchState
UNDECIDED: Decisions = MappingProxyType({})
TARGETS = {
    "decline_by_state": _S.DECLINED_BY_STATE,
    "decline_by_partner": _S.DECLINED_BY_PARTNER,
    "reject": _S.REJECTED,
    "cancel": _S.CANCELLED,
    "withdraw_consent": _S.CANCELLED,
    "end_suspension": _S.CANCELLED,
    "lapse": _S.LAPSED,
}
REASONS = {
    "decline_by_state": "declined_by_state",
    "decline_by_partner": "declined_by_partner",
    "reject": "rejected_by_approver",
    "cancel": "cancelled",
    "end_suspension": "cancelled",
}
"""The context of the reference list from which each exit takes its reason."""


async def end(
    locked: Locked,
    verb: str,
    *,
    actor: Actor,
    now: datetime,
    word: Word = SILENCE,
    decided: Decisions = UNDECIDED,
) -> None:
    """Everything of an exit but the audit entry and the request, which `settle` does once.

    `decided` says what becomes of each delivery that was reported and not yet confirmed.
    """
    match = locked.match
    MACHINE.check(verb, match.state, TARGETS[verb])
    if is_working(locked):
        await settle_deliveries(locked, decided, actor=actor, now=now, word=word)
    silent = verb in {"cancel", "lapse"} and match.state is _S.PROPOSED
    untold = silent and await telling.take_back_proposal(locked, now=now)
    await release(match)
    await shrink_cover(locked)
    cleared = {"due_at": None, "hold_until": None} | ({"told_at": None} if untold else {})
    await move(match, verb, TARGETS[verb], actor=actor, now=now, word=word, **cleared)
    await requests.end_disclosures(match.id, now=now)
    await close(match.id, now=now)
    if not untold:
        await telling.announce(
            locked,
            *telling.ended_neutrally(locked, now=now),
            telling.ended_for_coordinators(locked, verb, word.reason),
            verb=verb,
            actor=actor,
            now=now,
        )


async def settle(
    ended: Sequence[Locked], verb: str, *, actor: Actor, now: datetime, word: Word = SILENCE
) -> None:
    """Derive and rank anew the requests of ended matches; then one audit entry for each."""
    for request in {one.request.id: one.request for one in ended}.values():
        if request.state in OPEN_STATES:
            await requests.derive(request, now=now)
    for one in ended:
        for said, delivery in one.settled:
            await record_delivery(delivery, said, actor=actor, now=now, word=word)
        await record(one, verb, actor=actor, now=now, word=word)


async def undo(match: Match, *, actor: Actor, now: datetime) -> None:
    """Take a proposal back before anyone was told; nobody ever hears of it."""
    async with transaction():
        locked = await lock_match(match)
        check_may("undo", actor, locked)
        if locked.match.state is not _S.PROPOSED or telling.is_told(locked, now=now):
            raise NotAllowed("The State has been told: the proposal can be cancelled, not undone.")
        word = Word(note="undone")
        await end(locked, "cancel", actor=actor, now=now, word=word)
        await settle([locked], "undo", actor=actor, now=now, word=word)


async def decline_by_state(
    match: Match,
    *,
    reason: str,
    note: str = "",
    actor: Actor,
    now: datetime,
    version: int | None = None,
    on_behalf: OnBehalf | None = None,
) -> None:
    """A requesting State says no; the provider never learns why."""
    await _exit(match, "decline_by_state", Word(reason, note, on_behalf), actor, now, version)


async def decline_by_partner(
    match: Match,
    *,
    reason: str,
    note: str = "",
    actor: Actor,
    now: datetime,
    version: int | None = None,
) -> None:
    await _exit(match, "decline_by_partner", Word(reason, note), actor, now, version)


async def reject(
    match: Match,
    *,
    reason: str,
    note: str = "",
    actor: Actor,
    now: datetime,
    version: int | None = None,
) -> None:
    await _exit(match, "reject", Word(reason, note), actor, now, version)


async def cancel(
    match: Match,
    *,
    reason: str,
    note: str = "",
    actor: Actor,
    now: datetime,
    version: int | None = None,
    decided: Decisions = UNDECIDED,
) -> None:
    """The coordinator before approval, either side after it, an approver too once agreed.

    What was delivered stays: `decided` confirms or refuses every report that still waits.
    """
    await _exit(match, "cancel", Word(reason, note), actor, now, version, decided)


async def end_suspension(
    match: Match,
    *,
    reason: str,
    note: str = "",
    actor: Actor,
    now: datetime,
    version: int | None = None,
    decided: Decisions = UNDECIDED,
) -> None:
    """An approver ends a suspended match for good."""
    await _exit(match, "end_suspension", Word(reason, note), actor, now, version, decided)


async def _exit(
    match: Match,
    verb: str,
    word: Word,
    actor: Actor,
    now: datetime,
    version: int | None,
    decided: Decisions = UNDECIDED,
) -> None:
    async with transaction():
        locked = await lock_match(match, version=version)
        check_may(verb, actor, locked, word.on_behalf)
        await _check_reason(verb, word.reason)
        await end(locked, verb, actor=actor, now=now, word=word, decided=decided)
        await settle([locked], verb, actor=actor, now=now, word=word)


async def _check_reason(verb: str, reason: str | None) -> None:
    known = {entry.code for entry in (await code_lists()).reasons_for(REASONS[verb])}
    if reason not in known:
        raise InvalidInput({"reason": Text(PICK)})
