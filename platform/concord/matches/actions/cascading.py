"""What happens to matches when their request, offer or provider changes or goes away."""

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from tortoise.expressions import Q

from concord.actor import Actor
from concord.database import transaction
from concord.errors import Conflict, NotAllowed, StaleVersion
from concord.matches.actions import telling
from concord.matches.actions.closing import closed
from concord.matches.actions.consenting import return_to_proposed
from concord.matches.actions.covering import lock_cover
from concord.matches.actions.ending import UNDECIDED, end, settle
from concord.matches.actions.locking import (
    LIVE_MATCH,
    Locked,
    lock_matches,
    lock_offers,
    lock_requests,
)
from concord.matches.actions.moving import SILENCE, Word, record
from concord.matches.actions.suspending import may_go_on, resumed, suspended
from concord.matches.models import Match
from concord.matches.states import PENDING, SUSPENDABLE, MatchState
from concord.matches.values import Decisions, OnBehalf, SuspendedFor
from concord.offers import actions as offers
from concord.offers import policy as offer_policy
from concord.offers.models import Offer
from concord.offers.states import MACHINE as OFFER_MACHINE
from concord.offers.values import OfferValues
from concord.requests import actions as requests
from concord.requests import policy as request_policy
from concord.requests import queries as request_queries
from concord.requests.models import Request
from concord.requests.states import MACHINE as REQUEST_MACHINE
from concord.requests.values import DraftValues

_S = MatchState
CHANGED = "This has changed since the page was opened. Look at it again before you decide."
DENIED = "Your role does not allow this step."
DELIVERED = frozenset({_S.DELIVERED, _S.EVALUATED})
UP_TO_APPROVED = Q(state__in=sorted(PENDING | {_S.APPROVED})) | Q(
    state=_S.SUSPENDED, state_before=_S.APPROVED
)
AGAIN = "A match of this was changed at the same moment. Try again."
WITHDRAWN = "cancelled.need_changed"
UNABLE = "cancelled.provider_unable"


async def withdraw_request(
    request: Request,
    *,
    note: str = "",
    actor: Actor,
    now: datetime,
    version: int | None = None,
    on_behalf: OnBehalf | None = None,
    decided: Decisions = UNDECIDED,
) -> int:
    """Withdraw a request and end each of its live matches in the same act; how many.

    `decided` confirms or refuses what was reported and waits; what is delivered in full closes.
    """
    async with transaction():
        fresh = await _locked_request(request, "withdraw", actor, version, on_behalf)
        found = await lock_matches({fresh.id: fresh}, LIVE_MATCH)
        word = Word(WITHDRAWN, on_behalf=on_behalf)
        over = [one for one in found if one.match.state in DELIVERED]
        gone = [one for one in found if one not in over]
        for one in gone:
            await end(one, _ending(one), actor=actor, now=now, word=word, decided=decided)
        for one in over:
            await closed(one, actor=actor, now=now, word=Word(on_behalf=on_behalf))
        await requests.mark_withdrawn(
            fresh, actor=actor, now=now, note=note, on_behalf_of=_state_of(on_behalf)
        )
        await settle(gone, "cancel", actor=actor, now=now, word=word)
        await record_all(over, "close", actor=actor, now=now, word=Word(on_behalf=on_behalf))
    return len(found)


async def suspend_request(
    request: Request,
    *,
    note: str = "",
    keep: Collection[UUID] = (),
    actor: Actor,
    now: datetime,
    version: int | None = None,
    on_behalf: OnBehalf | None = None,
) -> int:
    """Matches being decided lapse, later ones are suspended with their reservations.

    `keep` are ids of matches that the State lets go on. Returns how many it touched.
    """
    async with transaction():
        fresh = await _locked_request(request, "suspend", actor, version, on_behalf)
        found = await lock_matches({fresh.id: fresh}, LIVE_MATCH)
        word = Word(on_behalf=on_behalf)
        lapsed = [one for one in found if one.match.state in PENDING]
        for one in lapsed:
            await end(one, "lapse", actor=actor, now=now, word=word)
        halted = [
            one for one in found if one.match.state in SUSPENDABLE and one.match.id not in keep
        ]
        for one in halted:
            await suspended(one, SuspendedFor.REQUEST, actor=actor, now=now, word=word)
        await requests.mark_suspended(
            fresh, actor=actor, now=now, note=note, on_behalf_of=_state_of(on_behalf)
        )
        await settle(lapsed, "lapse", actor=actor, now=now, word=word)
        await record_all(halted, "suspend", actor=actor, now=now, word=word)
    return len(lapsed) + len(halted)


async def resume_request(
    request: Request,
    *,
    actor: Actor,
    now: datetime,
    version: int | None = None,
    on_behalf: OnBehalf | None = None,
) -> int:
    """The request and the matches that were suspended with it go on; how many matches.

    One whose participants are not all verified at present waits on, for an approver.
    """
    async with transaction():
        fresh = await _locked_request(request, "resume", actor, version, on_behalf)
        found = await lock_matches(
            {fresh.id: fresh},
            Q(state=_S.SUSPENDED, suspended_for=SuspendedFor.REQUEST.value),
        )
        word = Word(on_behalf=on_behalf)
        able = [one for one in found if may_go_on(one, now=now)]
        for one in able:
            await resumed(one, actor=actor, now=now, word=word)
        waiting = [one.match.id for one in found if one not in able]
        await Match.filter(id__in=waiting).update(suspended_for=SuspendedFor.VERIFICATION.value)
        await requests.mark_resumed(fresh, actor=actor, now=now, on_behalf_of=_state_of(on_behalf))
        await requests.derive(fresh, now=now)  # deliveries were confirmed meanwhile
    return len(able)


async def withdraw_offer(
    offer: Offer, *, note: str = "", actor: Actor, now: datetime, version: int | None = None
) -> int:
    """Withdraw an offer: its matches up to approved are cancelled, later ones go on; how many."""
    async with transaction():
        touched = UP_TO_APPROVED
        locked = await _requests_of(offer.id, touched)
        fresh = (await lock_offers([offer.id]))[offer.id]
        if version is not None and fresh.version != version:
            raise StaleVersion(CHANGED)
        if not offer_policy.may_withdraw(actor, fresh):
            raise NotAllowed(DENIED)
        OFFER_MACHINE.check("withdraw", fresh.state)
        found = await lock_matches(locked, touched & Q(offer_id=offer.id))
        if await Match.filter(touched, offer_id=offer.id).count() != len(found):
            raise Conflict(AGAIN)
        await lock_cover(found)
        word = Word(UNABLE)
        for one in found:
            await end(one, _ending(one), actor=actor, now=now, word=word)
        await offers.mark_withdrawn(fresh, actor=actor, now=now, note=note)
        await settle(found, "cancel", actor=actor, now=now, word=word)
    return len(found)


async def scope_changed(
    *,
    request: Request | None = None,
    offer: Offer | None = None,
    actor: Actor,
    now: datetime,
) -> int:
    """Matches that were consented to or accepted are proposed again; hold kept, both sides told.

    Also those of which a State had consented while another had not answered.
    """
    which = Q(state__in=sorted(PENDING))
    which &= Q(request_id=request.id) if request else Q(offer_id=offer.id if offer else None)
    async with transaction():
        ids = await Match.filter(which).values_list("request_id", flat=True)
        locked = await lock_requests({UUID(str(each)) for each in ids})
        found = [one for one in await lock_matches(locked, which) if _has_moved(one)]
        for one in found:
            await _back(one, actor=actor, now=now)
        await record_all(found, "change_scope", actor=actor, now=now)
    return len(found)


def _has_moved(locked: Locked) -> bool:
    consented = any(consent.withdrawn_at is None for consent in locked.match.consents)
    return locked.match.state is not _S.PROPOSED or consented


async def _back(locked: Locked, *, actor: Actor, now: datetime) -> None:
    await return_to_proposed(locked, "change_scope", actor=actor, now=now, word=Word())
    await telling.announce(
        locked, *telling.back_to_proposed(locked), verb="back", actor=actor, now=now
    )


async def change_request(
    request: Request, values: DraftValues, *, version: int, actor: Actor, now: datetime
) -> bool:
    """Change an open request; whether its scope changed, and with it what was consented to."""
    async with transaction():
        fresh = await _locked_request(request, "change_scope", actor, version)
        changed = await requests.change_scope(fresh, values, version=version, actor=actor, now=now)
        if changed:
            await scope_changed(request=fresh, actor=actor, now=now)
            await requests.derive(fresh, now=now)
    return changed


async def change_offer(
    offer: Offer, values: OfferValues, *, version: int, actor: Actor, now: datetime
) -> bool:
    """Change a published offer; whether its scope changed, and with it what was consented to."""
    async with transaction():
        locked = await _requests_of(offer.id, LIVE_MATCH)
        changed = await offers.change_scope(offer, values, version=version, actor=actor, now=now)
        if changed:
            if not (await _ids_of_requests(offer.id, LIVE_MATCH)) <= locked.keys():
                raise Conflict(AGAIN)  # proposed meanwhile: its request comes before the offer
            await scope_changed(offer=offer, actor=actor, now=now)
    return changed


async def _locked_request(
    request: Request,
    verb: str,
    actor: Actor,
    version: int | None,
    on_behalf: OnBehalf | None = None,
) -> Request:
    fresh = await request_queries.lock(request.id)
    if version is not None and fresh.version != version:
        raise StaleVersion(CHANGED)
    REQUEST_MACHINE.check(verb, fresh.state)
    may = {
        "withdraw": request_policy.may_withdraw,
        "suspend": request_policy.may_suspend,
        "resume": request_policy.may_resume,
        "change_scope": request_policy.may_change_scope,
    }[verb]
    if on_behalf is None:
        allowed = may(actor, fresh)
    else:  # the lead State's word on paper
        allowed = actor.is_secretariat and on_behalf.state == fresh.lead_state_id
    if not allowed:
        raise NotAllowed(DENIED)
    return fresh


def _state_of(on_behalf: OnBehalf | None) -> str | None:
    return on_behalf.state if on_behalf else None


async def _requests_of(offer_id: UUID, which: Q) -> dict[UUID, Request]:
    return await lock_requests(await _ids_of_requests(offer_id, which))


async def _ids_of_requests(offer_id: UUID, which: Q) -> set[UUID]:
    rows = await Match.filter(which, offer_id=offer_id).values_list("request_id", flat=True)
    return {UUID(str(row)) for row in rows}


async def record_all(
    found: Sequence[Locked], verb: str, *, actor: Actor, now: datetime, word: Word = SILENCE
) -> None:
    for one in found:
        await record(one, verb, actor=actor, now=now, word=word)


def _ending(locked: Locked) -> str:
    return "end_suspension" if locked.match.state is _S.SUSPENDED else "cancel"
