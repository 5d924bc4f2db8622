"""Pages on which a request or an offer stops, with every match that this touches."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from starlette.requests import Request as WebRequest
from starlette.responses import Response

from concord.actor import Actor
from concord.errors import Conflict, DomainError, InvalidInput, NotAllowed
from concord.matches import actions, forms, stopping
from concord.matches.models import Match
from concord.matches.queries import lines_of, matches_of_offer, matches_of_request
from concord.matches.states import LIVE, PENDING, SUSPENDABLE, MatchState
from concord.matches.stopping import Fate, Question
from concord.matches.views import Audience, audience_of, row_of
from concord.offers import policy as offer_policy
from concord.offers.models import Offer
from concord.offers.queries import offer_for
from concord.reference.queries import code_lists
from concord.requests import policy as request_policy
from concord.requests.models import Request
from concord.requests.queries import request_for
from concord.web.flash import see_other
from concord.web.forms import fields, first, reader
from concord.web.i18n import LazyMessage
from concord.web.i18n import lazy as N_
from concord.web.problems import status_of
from concord.web.rendering import render

DENIED = "Your role does not allow this step, or it is not possible now."
May = Callable[[Actor, Request], bool]
Act = Callable[..., Awaitable[int]]


@dataclass(frozen=True, slots=True)
class Stop:
    """One way in which a request or offer stops or goes on."""

    title: LazyMessage
    lead: LazyMessage
    button: LazyMessage
    kind: str
    flash: LazyMessage


WITHDRAWAL = Stop(
    N_("Withdraw this request"),
    N_("It cannot be taken back. Every match that has not been delivered is cancelled with it."),
    N_("Withdraw the request"),
    "danger",
    N_("The request was withdrawn, and its matches were cancelled."),
)
SUSPENSION = Stop(
    N_("Suspend this request"),
    N_("Matches that are being decided lapse. Approved ones wait and keep their reservations."),
    N_("Suspend the request"),
    "primary",
    N_("The request was suspended."),
)
RESUMPTION = Stop(
    N_("Resume this request"),
    N_("It is ranked again, and the matches that were suspended with it go on."),
    N_("Resume the request"),
    "primary",
    N_("The request goes on."),
)
OFFER_WITHDRAWAL = Stop(
    N_("Withdraw this offer"),
    N_("It cannot be taken back. Matches up to approval are cancelled; agreed ones go on."),
    N_("Withdraw the offer"),
    "danger",
    N_("The offer was withdrawn."),
)
REQUEST_STOPS: dict[str, tuple[Stop, May]] = {
    "withdrawal": (WITHDRAWAL, request_policy.may_withdraw),
    "suspension": (SUSPENSION, request_policy.may_suspend),
    "resumption": (RESUMPTION, request_policy.may_resume),
}


async def request_stop(request: WebRequest) -> Response:
    """Ask, with every match that would be touched listed one by one."""
    found, _stop = await _needed(request)
    return await _request_page(request, found)


async def stop_request(request: WebRequest) -> Response:
    found, stop = await _needed(request)
    try:
        await _stop_request(request, found)
    except (InvalidInput, Conflict) as error:
        fresh = await request_for(request.state.actor, found.public_id)
        return await _request_page(request, fresh, error)
    return see_other(f"/requests/{found.public_id}", str(stop.flash))


async def _needed(request: WebRequest) -> tuple[Request, Stop]:
    actor: Actor = request.state.actor
    found = await request_for(actor, request.path_params["id"])
    stop, may = REQUEST_STOPS[_way(request)]
    if not may(actor, found):
        raise NotAllowed(DENIED)
    return found, stop


def _way(request: WebRequest) -> str:
    return request.url.path.rsplit("/", 1)[1]


async def _stop_request(request: WebRequest, found: Request) -> None:
    typed = await reader(request)
    actor, now, version = request.state.actor, request.state.now, forms.version(typed)
    way = _way(request)
    note = forms.note(typed)
    if way == "resumption":
        await actions.resume_request(found, actor=actor, now=now, version=version)
    elif way == "suspension":
        kept = await _kept(request, found)
        await actions.suspend_request(
            found, note=note, keep=kept, actor=actor, now=now, version=version
        )
    else:
        live = _live(await matches_of_request(actor, found.id))
        decided = stopping.decisions(typed, await stopping.undecided(live))
        await actions.withdraw_request(
            found, note=note, actor=actor, now=now, version=version, decided=decided
        )


async def _kept(request: WebRequest, found: Request) -> list[UUID]:
    """Approved matches that the State lets go on, chosen by their public ids."""
    approved = {
        match.public_id: match.id
        for match in await matches_of_request(request.state.actor, found.id)
        if match.state in SUSPENDABLE
    }
    typed = await reader(request)
    chosen = typed.choices("keep", approved)
    typed.check()
    return [approved[public_id] for public_id in chosen]


async def _request_page(
    request: WebRequest, found: Request, error: DomainError | None = None
) -> Response:
    way = _way(request)
    stop, _may = REQUEST_STOPS[way]
    live = _live(await matches_of_request(request.state.actor, found.id))
    keepable = [match for match in live if match.state in SUSPENDABLE]
    return await _page(
        request,
        stop,
        live,
        error,
        back=f"/requests/{found.public_id}",
        title=found.title,
        language=found.language,
        public_id=found.public_id,
        collection=("Requests", "/requests"),
        version=found.version,
        keepable=[(match.public_id, match.public_id) for match in keepable]
        if way == "suspension"
        else [],
        asks_note=way != "resumption",
        agreed=await _agreed(live) if way == "withdrawal" else [],
    )


async def _agreed(live: list[Match]) -> list[tuple[Match, list[Fate], list[Question]]]:
    """Matches from the agreement on, one by one: what stays, what goes back, what to decide."""
    lists = await code_lists()
    waiting = stopping.questions(await stopping.undecided(live), lists, of_provider=False)
    return [
        (
            match,
            stopping.fates_of(await lines_of(match), lists, of_provider=False),
            [each for each in waiting if each.match == match.public_id],
        )
        for match in live
        if match.agreed_at is not None
    ]


def _live(matches: list[Match]) -> list[Match]:
    return [match for match in matches if match.state in LIVE]


async def offer_stop(request: WebRequest) -> Response:
    return await _offer_page(request, await _offer(request))


async def stop_offer(request: WebRequest) -> Response:
    found = await _offer(request)
    try:
        typed = await reader(request)
        await actions.withdraw_offer(
            found,
            note=forms.note(typed),
            actor=request.state.actor,
            now=request.state.now,
            version=forms.version(typed),
        )
    except (InvalidInput, Conflict) as error:
        fresh = await offer_for(request.state.actor, found.public_id)
        return await _offer_page(request, fresh, error)
    return see_other("/offers", str(OFFER_WITHDRAWAL.flash))


async def _offer(request: WebRequest) -> Offer:
    found = await offer_for(request.state.actor, request.path_params["id"])
    if not offer_policy.may_withdraw(request.state.actor, found):
        raise NotAllowed(DENIED)
    return found


async def _offer_page(
    request: WebRequest, found: Offer, error: DomainError | None = None
) -> Response:
    touched = PENDING | {MatchState.APPROVED, MatchState.SUSPENDED}
    matches = await matches_of_offer(request.state.actor, found.id)
    return await _page(
        request,
        OFFER_WITHDRAWAL,
        [match for match in matches if match.state in touched],
        error,
        back=f"/offers/{found.public_id}",
        title=found.title,
        language=found.language,
        public_id=found.public_id,
        collection=("Offers", "/offers"),
        version=found.version,
        keepable=[],
        asks_note=True,
        agreed=[],
    )


async def _page(
    request: WebRequest,
    stop: Stop,
    matches: list[Match],
    error: DomainError | None,
    **more: Any,
) -> Response:
    raw = await fields(request) if error else {}
    audience: Audience = audience_of(request.state.actor)
    return render(
        request,
        "matches/stop.html",
        status=status_of(error) if error else 200,
        errors=error.fields if isinstance(error, InvalidInput) else {},
        problem=error.message if error and not isinstance(error, InvalidInput) else "",
        note=first(raw, "note"),
        kept=raw.get("keep", []),
        typed={name: first(raw, name) for name in raw},
        stop=stop,
        action=request.url.path,
        rows=[row_of(match, audience) for match in matches],
        **more,
    )
