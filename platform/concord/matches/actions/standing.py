"""What happens to matches when a provider's verification is suspended or taken up again."""

from datetime import datetime
from uuid import UUID

from tortoise.expressions import Q

from concord.actor import Actor
from concord.database import transaction
from concord.matches.actions.cascading import record_all
from concord.matches.actions.covering import lock_cover
from concord.matches.actions.ending import end, settle
from concord.matches.actions.locking import LIVE_MATCH, lock_matches, lock_requests
from concord.matches.actions.moving import Word
from concord.matches.actions.suspending import may_go_on, resumed, suspended
from concord.matches.models import Match
from concord.matches.states import PENDING, SUSPENDABLE, MatchState
from concord.matches.values import SuspendedFor
from concord.requests.states import OPEN_STATES, RequestState

HELD = Q(state=MatchState.SUSPENDED, suspended_for=SuspendedFor.VERIFICATION.value)
"""Suspended for a verification, and for nothing else."""


async def provider_suspended(organization_id: UUID, *, actor: Actor, now: datetime) -> int:
    """Of a suspended provider: matches being decided lapse, later ones are suspended."""
    which = Q(participants__organization_id=organization_id)
    which &= Q(state__in=sorted(PENDING | SUSPENDABLE))
    async with transaction():
        ids = set(await Match.filter(which).values_list("id", flat=True))
        rows = await Match.filter(id__in=list(ids)).values_list("request_id", flat=True)
        locked = await lock_requests({UUID(str(each)) for each in rows})
        found = await lock_matches(locked, Q(id__in=list(ids)) & LIVE_MATCH)
        lapsed = [one for one in found if one.match.state in PENDING]
        for one in lapsed:
            await end(one, "lapse", actor=actor, now=now)
        halted = [one for one in found if one.match.state in SUSPENDABLE]
        for one in halted:
            await suspended(one, SuspendedFor.VERIFICATION, actor=actor, now=now, word=Word())
        await settle(lapsed, "lapse", actor=actor, now=now)
        await record_all(halted, "suspend", actor=actor, now=now)
    return len(found)


async def provider_reinstated(organization_id: UUID, *, actor: Actor, now: datetime) -> int:
    """Matches that only its verification held go on, where nobody else's holds them; how many.

    Those of a request that is itself suspended go on with the request.
    """
    which = HELD & Q(participants__organization_id=organization_id)
    async with transaction():
        rows = await Match.filter(which).values_list("id", "request_id")
        ids = sorted({UUID(str(match_id)) for match_id, _request in rows})
        locked = await lock_requests({UUID(str(request)) for _match, request in rows})
        still = HELD & Q(id__in=ids)
        found = [one for one in await lock_matches(locked, still) if may_go_on(one, now=now)]
        able = [one for one in found if one.request.state in OPEN_STATES]
        await lock_cover(able)
        for one in able:
            await resumed(one, actor=actor, now=now, word=Word())
        paused = [one.match.id for one in found if one.request.state is RequestState.SUSPENDED]
        await Match.filter(id__in=paused).update(suspended_for=SuspendedFor.REQUEST.value)
    return len(able)
