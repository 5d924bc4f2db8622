"""Every decision on a match: load, check, call one action, answer."""

from collections.abc import Awaitable, Callable
from typing import Any

from starlette.requests import Request as WebRequest
from starlette.responses import Response

from concord.actor import Actor
from concord.errors import Conflict, DomainError, InvalidInput, NotAllowed
from concord.inputs import Reader
from concord.matches import actions, forms, stopping
from concord.matches.actions.ending import REASONS
from concord.matches.actions.locking import DENIED
from concord.matches.browsing import found, match_page, page_context
from concord.matches.models import Match
from concord.matches.pages import STEPS, sides
from concord.matches.policy import may_ever
from concord.matches.queries import dossier_of, lines_of
from concord.matches.states import PENDING
from concord.matches.step_pages import STEP_PAGES
from concord.reference.code_lists import CodeLists
from concord.reference.queries import code_lists
from concord.reference.values import ReasonEntry
from concord.web.elements import Text
from concord.web.flash import see_other
from concord.web.forms import reader
from concord.web.i18n import LazyMessage
from concord.web.i18n import lazy as N_
from concord.web.problems import status_of
from concord.web.rendering import render

Decide = Callable[[WebRequest, Match], Awaitable[None]]


NO_STEP = "This step is not possible on this match now."
VERB_OF = {address: verb for verb, address in STEPS.items()}


async def step_page(request: WebRequest) -> Response:
    """The page that asks before a step is taken."""
    return await _step(request, await found(request))


async def take_step(request: WebRequest) -> Response:
    """Decline, cancel, suspend and the like."""
    match, verb = await found(request), _verb(request)
    await _check_side(request, match, verb)
    try:
        await _take(request, match, verb)
    except (InvalidInput, Conflict) as error:
        return await _step(request, await found(request), error)
    return see_other(f"/matches/{match.public_id}", str(STEP_PAGES[verb].flash))


async def _check_side(request: WebRequest, match: Match, verb: str) -> None:
    """Refuse whose step it never is, before anything typed is read or compared."""
    if not may_ever(verb, request.state.actor, sides(await dossier_of(match))):
        raise NotAllowed(DENIED)


def _verb(request: WebRequest) -> str:
    return VERB_OF[request.url.path.rsplit("/", 1)[1]]


async def _step(request: WebRequest, match: Match, error: DomainError | None = None) -> Response:
    """Without an error only for whom may take the step now; with one, what was typed stays."""
    verb = _verb(request)
    shown = await page_context(request, match, error=error)
    if error is None and verb not in shown["verbs"]:
        raise NotAllowed(NO_STEP)
    return render(
        request,
        "matches/step.html",
        status=status_of(error) if error else 200,
        step=STEP_PAGES[verb],
        verb=verb,
        action=request.url.path,
        reasons=_reason_options(verb, await code_lists()),
        **await _consequences(request, match, verb),
        **shown,
    )


async def _consequences(request: WebRequest, match: Match, verb: str) -> dict[str, Any]:
    """What stays delivered, what goes back, and what has to be said of the rest first."""
    if verb not in stopping.STOPS | {"suspend"} or match.state in PENDING:
        return {"fates": [], "questions": []}
    lists, of_provider = await code_lists(), request.state.actor.is_provider
    waiting = await stopping.undecided([match]) if verb in stopping.STOPS else []
    return {
        "fates": stopping.fates_of(await lines_of(match), lists, of_provider=of_provider),
        "questions": stopping.questions(waiting, lists, of_provider=of_provider),
    }


def _reasons(verb: str, lists: CodeLists) -> list[ReasonEntry]:
    return lists.reasons_for(REASONS[verb]) if verb in REASONS else []


def _reason_options(verb: str, lists: CodeLists) -> list[tuple[str, Text]]:
    return [(entry.code, LazyMessage(entry.label)) for entry in _reasons(verb, lists)]


async def _take(request: WebRequest, match: Match, verb: str) -> None:
    actor: Actor = request.state.actor
    now = request.state.now
    typed = await reader(request)
    version = forms.version(typed)
    if verb in REASONS:
        await _take_with_reason(request, match, verb, typed)
        return
    others = {
        "withdraw_consent": actions.withdraw_consent,
        "stop_sharing": actions.stop_sharing,
        "suspend": actions.suspend,
        "resume": actions.resume,
    }
    await others[verb](match, note=forms.note(typed), actor=actor, now=now, version=version)


async def _take_with_reason(request: WebRequest, match: Match, verb: str, typed: Reader) -> None:
    said = forms.said(typed, _reasons(verb, await code_lists()))
    ways: dict[str, Callable[..., Awaitable[None]]] = {
        "decline_by_state": actions.decline_by_state,
        "decline_by_partner": actions.decline_by_partner,
        "reject": actions.reject,
        "cancel": actions.cancel,
        "end_suspension": actions.end_suspension,
    }
    more: dict[str, Any] = {}
    if verb in stopping.STOPS:
        more["decided"] = stopping.decisions(typed, await stopping.undecided([match]))
    await ways[verb](
        match,
        reason=said.reason,
        note=said.note,
        actor=request.state.actor,
        now=request.state.now,
        version=forms.version(typed),
        **more,
    )


async def undo(request: WebRequest) -> Response:
    match = await found(request)
    await actions.undo(match, actor=request.state.actor, now=request.state.now)
    return see_other(
        f"/requests/{match.request.public_id}/pairings",
        str(N_("The proposal was undone. Nobody was told.")),
    )


async def consent(request: WebRequest) -> Response:
    async def decide(asked: WebRequest, match: Match) -> None:
        typed = await reader(asked)
        await actions.consent(
            match,
            data_shared=forms.data_shared(typed, match.data_shared),
            actor=asked.state.actor,
            now=asked.state.now,
            version=forms.version(typed),
        )

    return await _decided(request, "consent", decide, N_("Your State has consented."))


async def accept(request: WebRequest) -> Response:
    async def decide(asked: WebRequest, match: Match) -> None:
        typed = await reader(asked)
        given = forms.acceptance(typed)
        await actions.accept(
            match,
            no_conflict=given.no_conflict,
            note=given.note,
            actor=asked.state.actor,
            now=asked.state.now,
            version=forms.version(typed),
        )

    return await _decided(request, "accept", decide, N_("Your organization has accepted."))


async def approve(request: WebRequest) -> Response:
    async def decide(asked: WebRequest, match: Match) -> None:
        typed = await reader(asked)
        written = forms.approval(typed)
        await actions.approve(
            match,
            risk_note=written.risk_note,
            risk_mitigation=written.risk_mitigation,
            funding_note=written.funding_note,
            join_reason=written.join_reason,
            actor=asked.state.actor,
            now=asked.state.now,
            version=forms.version(typed),
        )

    return await _decided(
        request,
        "approve",
        decide,
        N_("The match is approved. Capacity is reserved and repetition is ruled out."),
    )


async def _decided(request: WebRequest, verb: str, decide: Decide, flash: LazyMessage) -> Response:
    """303 with a flash; otherwise the page with the errors and everything that was typed."""
    match = await found(request)
    await _check_side(request, match, verb)
    try:
        await decide(request, match)
    except (InvalidInput, Conflict) as error:
        actor, now = request.state.actor, request.state.now
        await actions.flag_repetition(match, error, actor=actor, now=now)
        return await match_page(request, await found(request), error=error)
    return see_other(f"/matches/{match.public_id}", str(flash))
