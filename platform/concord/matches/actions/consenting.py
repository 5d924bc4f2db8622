"""The requesting States' word: consent, and its withdrawal."""

from collections.abc import Sequence
from datetime import datetime

from concord.actor import Actor
from concord.database import transaction
from concord.deadlines import Step, deadline, hold_limit
from concord.errors import Conflict, InvalidInput, Text
from concord.matches.actions import telling
from concord.matches.actions.capacity import retake_hold
from concord.matches.actions.ending import end, settle
from concord.matches.actions.locking import Locked, check_may, lock_match
from concord.matches.actions.moving import (
    ACCEPT_TASK,
    APPROVE_TASK,
    CONSENT_TASK,
    Word,
    ask_participants,
    ask_states,
    close,
    move,
    record,
)
from concord.matches.actions.sharing import is_bound, sharing_stopped
from concord.matches.models import Consent, Match, Participant
from concord.matches.states import MACHINE, PENDING, MatchState
from concord.matches.values import OnBehalf, distinct
from concord.matches.wording import consent_text, with_parts
from concord.reference.queries import code_lists
from concord.requests import actions as requests
from concord.requests.values import Level
from concord.web.i18n import current_locale, language_tag

ITEMS_ALONE = ("items",)


async def consent(
    match: Match,
    *,
    data_shared: Sequence[str],
    actor: Actor,
    now: datetime,
    version: int | None = None,
    on_behalf: OnBehalf | None = None,
) -> None:
    """One requesting State consents to this match by name; the last one asks the providers.

    The exact text is kept in the language in which it was read. `data_shared` may leave out parts
    that the proposal names, never add any.
    """
    async with transaction():
        locked = await lock_match(match, version=version)
        check_may("consent", actor, locked, on_behalf)
        MACHINE.check("consent", locked.match.state)
        state = on_behalf.state if on_behalf else actor.state or ""
        if state in standing(locked):
            raise Conflict("Your State has consented to this match already.")
        await _keep(locked, state, data_shared, actor=actor, now=now, on_behalf=on_behalf)
        word = Word(on_behalf=on_behalf)
        await close(locked.match.id, CONSENT_TASK, now=now, state=state)
        await _forward(locked, actor=actor, now=now, word=word)
        await record(locked, "consent", actor=actor, now=now, word=word)


def standing(locked: Locked) -> frozenset[str]:
    """States whose consent counts: not withdrawn, newer than the last change of scope."""
    changed = scope_changed(locked)
    return frozenset(
        consent.state_id
        for consent in locked.match.consents
        if consent.withdrawn_at is None and consent.given_at >= changed
    )


def scope_changed(locked: Locked) -> datetime:
    """The last change of scope of request, offer or match."""
    return max(
        locked.request.scope_changed_at,
        locked.offer.scope_changed_at,
        locked.match.scope_changed_at,
    )


async def _keep(
    locked: Locked,
    state: str,
    data_shared: Sequence[str],
    *,
    actor: Actor,
    now: datetime,
    on_behalf: OnBehalf | None,
) -> None:
    match = locked.match
    if not set(data_shared) <= set(match.data_shared):
        raise InvalidInput({"data_shared": Text("Only parts named in the proposal are shared.")})
    match.offer = locked.offer
    parts = distinct(data_shared)
    text = consent_text(match, lines=list(match.lines), state=state, lists=await code_lists())
    await Consent.create(
        match_id=match.id,
        state_id=state,
        text=with_parts(text, parts),
        text_language=language_tag(current_locale()),
        data_shared=list(parts),
        given_at=now,
        person_id=actor.person_id,
        on_behalf_note=on_behalf.note if on_behalf else None,
    )
    await match.fetch_related("consents")


def shared_parts(locked: Locked) -> tuple[str, ...]:
    """What every requesting State agrees to share."""
    counted = [c for c in locked.match.consents if c.withdrawn_at is None]
    agreed = set(locked.match.data_shared)
    for each in counted:
        agreed &= set(each.data_shared)
    return distinct(tuple(agreed))


async def _forward(locked: Locked, *, actor: Actor, now: datetime, word: Word) -> None:
    """To the providers once every requesting State has consented."""
    if locked.states <= standing(locked):
        await _ask_providers(locked, actor=actor, now=now, word=word)
    else:
        await move(locked.match, "consent", MatchState.PROPOSED, actor=actor, now=now, word=word)


async def _ask_providers(locked: Locked, *, actor: Actor, now: datetime, word: Word) -> None:
    """From here on the participants see the match, and the request within the consented scope."""
    match = locked.match
    await retake_hold(match)
    due = await deadline(Step.ANSWER, start=now, urgent=locked.request.urgent)
    await move(
        match,
        "consent",
        MatchState.STATE_CONSENTED,
        actor=actor,
        now=now,
        word=word,
        due_at=due,
        hold_until=min(due, hold_limit(match.proposed_at)),
    )
    await _invite(locked, now=now)
    await ask_participants(locked, now=now)
    await telling.announce(
        locked, *telling.consented(locked), verb="consented", actor=actor, now=now
    )


async def _invite(locked: Locked, *, now: datetime) -> None:
    """Show the request to every participant within what the States agreed to share."""
    match = locked.match
    await Participant.filter(match_id=match.id, invited_at=None).update(invited_at=now)
    for participant in match.participants:
        participant.invited_at = participant.invited_at or now
        await requests.disclose(
            locked.request,
            participant.organization_id,
            level=Level.FULL,
            basis="consent",
            match_id=match.id,
            parts=shared_parts(locked) or ITEMS_ALONE,
            now=now,
        )


async def withdraw_consent(
    match: Match,
    *,
    note: str = "",
    actor: Actor,
    now: datetime,
    version: int | None = None,
    on_behalf: OnBehalf | None = None,
) -> None:
    """Before approval the match is proposed again, an approved one is cancelled.

    Once terms of reference are agreed the match goes on, and further sharing stops.
    """
    async with transaction():
        locked = await lock_match(match, version=version)
        check_may("withdraw_consent", actor, locked, on_behalf)
        if is_bound(locked):
            silent = Word(note=note, on_behalf=on_behalf)
            await sharing_stopped(locked, actor=actor, now=now, word=silent)
            return
        MACHINE.check("withdraw_consent", locked.match.state)
        word = Word("cancelled.consent_withdrawn", note, on_behalf)
        state = on_behalf.state if on_behalf else actor.state or ""
        if state not in standing(locked):
            raise Conflict("Your State has not consented to this match.")
        await Consent.filter(match_id=match.id, state_id=state, withdrawn_at=None).update(
            withdrawn_at=now
        )
        if locked.match.state in PENDING:
            await return_to_proposed(
                locked, "withdraw_consent", actor=actor, now=now, word=word, voided=state
            )
            said = telling.consent_withdrawn(locked, now=now)
            await telling.announce(locked, *said, verb="consent_withdrawn", actor=actor, now=now)
            await record(locked, "withdraw_consent", actor=actor, now=now, word=word)
        else:
            await end(locked, "withdraw_consent", actor=actor, now=now, word=word)
            await settle([locked], "withdraw_consent", actor=actor, now=now, word=word)


async def return_to_proposed(
    locked: Locked,
    verb: str,
    *,
    actor: Actor,
    now: datetime,
    word: Word,
    voided: str | None = None,
) -> None:
    """The hold stays, sharing stops, acceptances fall; `voided` is the one State asked anew.

    Without it, the consents of every State are overtaken and all are asked.
    """
    match = locked.match
    if voided is None:
        await Consent.filter(match_id=match.id, withdrawn_at=None).update(withdrawn_at=now)
    due = await _consent_due(locked, now=now)
    changes = {"due_at": due, "hold_until": min(due, hold_limit(match.proposed_at))}
    if voided is None:
        changes["scope_changed_at"] = now
    await move(match, verb, MatchState.PROPOSED, actor=actor, now=now, word=word, **changes)
    await Participant.filter(match_id=match.id).update(accepted_at=None, accepted_by_id=None)
    await requests.end_disclosures(match.id, now=now)
    await close(match.id, ACCEPT_TASK, APPROVE_TASK, now=now)
    await ask_states(locked, frozenset({voided}) if voided else locked.states, now=now)


async def _consent_due(locked: Locked, *, now: datetime) -> datetime:
    request = locked.request
    return await deadline(
        Step.CONSENT, start=now, state=request.lead_state_id, urgent=request.urgent
    )
