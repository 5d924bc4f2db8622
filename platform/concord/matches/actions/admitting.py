"""Whether a request and an offer may meet at all, asked of the database under lock."""

from collections.abc import Sequence
from datetime import datetime

from concord.accounts.models import Membership
from concord.actor import PROVIDER_ROLES, Actor
from concord.errors import Conflict, NotAllowed
from concord.matches import gates
from concord.matches.models import Match
from concord.offers.models import Offer, OfferExclusion
from concord.organizations.models import Organization
from concord.pairings.duplicate_views import must_answer
from concord.requests import queries as requests
from concord.requests.models import Request

OWN_PROGRAMME = "You belong to the organization that offers: another officer has to do this."

UNANSWERED = (
    "Answer the warnings on this request first: nothing is proposed while one of them is open."
)


class Unanswered(Conflict):
    """The request may repeat other work, and nobody has said yet whether it does."""


async def check_gates(
    request: Request,
    offer: Offer,
    organizations: Sequence[Organization],
    *,
    actor: Actor,
    now: datetime,
) -> None:
    """Raise what stands between them: conflict of interest, gates, duplicates, an old no."""
    await check_outside(actor, offer)
    gates.check_pair(await pair_of(request, offer, organizations), now=now)
    await check_duplicates(request, actor)
    declined = await Match.filter(request_id=request.id, offer_id=offer.id).order_by("id")
    if any(gates.rests(match, request=request, offer=offer, now=now) for match in declined):
        raise Conflict(
            "This pair was declined: it may be proposed again 180 days later, or once the request"
            " or the offer has changed."
        )


async def check_outside(actor: Actor, offer: Offer) -> None:
    """Nobody of the providing organization proposes or approves; UNODC's programme included."""
    if await Membership.filter(
        person_id=actor.person_id,
        organization_id=offer.organization_id,
        role__in=PROVIDER_ROLES,
        ended_at=None,
    ).exists():
        raise NotAllowed(OWN_PROGRAMME)


async def pair_of(
    request: Request, offer: Offer, organizations: Sequence[Organization]
) -> gates.Pair:
    excluded = await OfferExclusion.filter(offer_id=offer.id).values_list("state_id", flat=True)
    return gates.Pair(
        request=request,
        offer=offer,
        states=requests.states_of(request),
        participants=organizations,
        excluded_organizations=await requests.excluded_organizations(request.id),
        excluded_states=frozenset(str(state) for state in excluded),
    )


async def check_duplicates(request: Request, actor: Actor) -> None:
    """Every warning that the actor may see is answered first; others do not exist for it."""
    if await must_answer(actor, request.id):
        raise Unanswered(UNANSWERED)
