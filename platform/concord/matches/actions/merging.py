"""The last State's word merges two requests: what was being decided on the merged one ends."""

from datetime import datetime

from tortoise.expressions import Q

from concord.actor import Actor
from concord.database import transaction
from concord.duplicates.actions import answer
from concord.duplicates.queries import flag_between
from concord.duplicates.values import Answer, FlagKind
from concord.errors import Conflict, StaleVersion
from concord.inbox.actions import close_tasks
from concord.matches.actions.cascading import CHANGED, WITHDRAWN, scope_changed
from concord.matches.actions.ending import end, settle
from concord.matches.actions.locking import LIVE_MATCH, Locked, lock_matches
from concord.matches.actions.moving import Word
from concord.matches.states import PENDING
from concord.matches.values import OnBehalf
from concord.requests import actions as requests
from concord.requests.actions.merging import APPROVED, check_mergeable, lock_pair
from concord.requests.models import Request
from concord.requests.queries import excluded_organizations


async def confirm_merge(
    request: Request,
    *,
    actor: Actor,
    now: datetime,
    version: int | None = None,
    on_behalf: OnBehalf | None = None,
) -> bool:
    """A requesting State confirms; True if it was the last, and the requests are one now."""
    async with transaction():
        merged, kept = await lock_pair(request)
        if version is not None and merged.version != version:
            raise StaleVersion(CHANGED)
        state = on_behalf.state if on_behalf else None
        await check_mergeable(merged, kept)
        last = await requests.confirm_merge(merged, actor=actor, now=now, on_behalf_of=state)
        if last:
            await _merge(merged, kept, actor=actor, now=now, on_behalf=on_behalf)
    return last


async def _merge(
    merged: Request, kept: Request, *, actor: Actor, now: datetime, on_behalf: OnBehalf | None
) -> None:
    """Matches of the merged one end, the survivor narrows, and its consents fall if it did."""
    ended, unwanted = await _matches(merged, kept)
    word = Word(WITHDRAWN, on_behalf=on_behalf)
    for one in (*ended, *unwanted):
        await end(one, "cancel", actor=actor, now=now, word=word)
    state = on_behalf.state if on_behalf else None
    narrowed = await requests.mark_merged(merged, kept, actor=actor, now=now, on_behalf_of=state)
    if narrowed:
        await scope_changed(request=kept, actor=actor, now=now)
    await _answer(merged, kept, actor=actor, now=now)
    await settle((*ended, *unwanted), "cancel", actor=actor, now=now, word=word)


async def _matches(merged: Request, kept: Request) -> tuple[list[Locked], list[Locked]]:
    """What ends: all of the merged one's, and the survivor's with providers now excluded."""
    pending = Q(request_id=kept.id, state__in=sorted(PENDING))
    both = {merged.id: merged, kept.id: kept}
    found = await lock_matches(both, (Q(request_id=merged.id) & LIVE_MATCH) | pending)
    ended = [one for one in found if one.request is merged]
    if any(one.match.state not in PENDING for one in ended):
        raise Conflict(APPROVED)
    excluded = await excluded_organizations(merged.id)
    unwanted = [
        one
        for one in found
        if one.request is kept
        and any(each.organization_id in excluded for each in one.match.participants)
    ]
    return ended, unwanted


async def _answer(merged: Request, kept: Request, *, actor: Actor, now: datetime) -> None:
    """The warning that they repeat each other, where nobody has answered it."""
    flag = await flag_between(FlagKind.REQUESTS, merged.id, kept.id)
    if flag is not None and flag.answer is None:
        await answer(flag, Answer.SAME, note="", actor=actor, now=now)
        await close_tasks(flag.id, now=now)
