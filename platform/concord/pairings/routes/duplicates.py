"""Warnings of repetition, side by side: lists by kind, one with its history, and the answers."""

from collections.abc import Sequence
from dataclasses import dataclass

from starlette.requests import Request as WebRequest
from starlette.responses import Response

from concord.actor import Actor, Role
from concord.duplicates.models import DuplicateFlag
from concord.duplicates.queries import (
    answered_flags,
    answers_of,
    flag_for,
    flags_about,
    open_flags,
    thresholds_of,
)
from concord.duplicates.values import Answer, FlagKind
from concord.errors import NotFound
from concord.inputs import Reader
from concord.organizations.queries import names_of
from concord.pairings.duplicate_views import FlagView, flag_views
from concord.pairings.duplicates import answer_flag, open_flag_again
from concord.requests.actions import note_readings
from concord.requests.models import Request
from concord.requests.queries import request_for
from concord.requests.states import MERGEABLE
from concord.web.elements import NavItem
from concord.web.flash import local_path, see_other
from concord.web.forms import fields, first, reader
from concord.web.i18n import LazyMessage
from concord.web.i18n import gettext as _
from concord.web.i18n import lazy as N_
from concord.web.rendering import render
from concord.web.routing import command, page

MOST = 50
TYPED = ("answer", "note", "next")


@dataclass(frozen=True, slots=True)
class KindPage:
    """A kind of warning: its tab, what is asked, and what to do where both are the same."""

    kind: FlagKind
    tab: LazyMessage
    question: LazyMessage
    next: LazyMessage


KINDS = {
    "requests": KindPage(
        FlagKind.REQUESTS,
        N_("Requests"),
        N_("Do they ask for the same?"),
        N_("Your answer is kept. Ask the State to merge them."),
    ),
    "undertakings": KindPage(
        FlagKind.MATCH_AND_UNDERTAKING,
        N_("Requests and deliveries"),
        N_("Does the delivery serve the same need?"),
        N_("Your answer is kept. Ask the State what is still needed, or join the delivery."),
    ),
    "activities": KindPage(
        FlagKind.MATCH_AND_ACTIVITY,
        N_("Requests and external activities"),
        N_("Does the activity serve the same need?"),
        N_("Your answer is kept. Ask the State what is still needed before you propose."),
    ),
    "offers": KindPage(
        FlagKind.OFFERS,
        N_("Offers"),
        N_("Do they offer the same?"),
        N_("Your answer is kept. Ask the provider to withdraw one of them."),
    ),
    "organizations": KindPage(
        FlagKind.ORGANIZATIONS,
        N_("Organizations"),
        N_("Are they the same organization?"),
        N_("Your answer is kept. Choose which one stays, then reject or suspend the other."),
    ),
}
SEEN_BY = {
    Role.COORDINATOR: tuple(KINDS),
    Role.DUE_DILIGENCE: ("organizations",),
}
BY_KIND = {each.kind: (name, each) for name, each in KINDS.items()}


def _reader(request: WebRequest) -> tuple[Actor, Sequence[str]]:
    """Who reads, and the kinds that are theirs."""
    actor: Actor = request.state.actor
    kinds = SEEN_BY.get(actor.role) if actor.role else None
    if kinds is None:
        raise NotFound
    return actor, kinds


async def show(request: WebRequest) -> Response:
    actor, kinds = _reader(request)
    asked = request.query_params.get("kind", "")
    name = asked if asked in kinds else kinds[0]
    answered = request.query_params.get("view") == "answered"
    about: Request | None = None
    if wanted := request.query_params.get("request", ""):
        about = await request_for(actor, wanted)
        flags = flags_about(about.id).filter(answer__isnull=not answered)
    else:
        flags = (answered_flags if answered else open_flags)(KINDS[name].kind)
    views = await flag_views(actor, await flags.limit(MOST))
    await _note(request, views)
    tabs = [NavItem(KINDS[each].tab, f"/duplicates?kind={each}", each == name) for each in kinds]
    return render(
        request,
        "duplicates/list.html",
        flags=views,
        kinds=tabs,
        questions={each.kind.value: each.question for each in KINDS.values()},
        about=about,
        answered=answered,
    )


async def show_flag(request: WebRequest) -> Response:
    return await _page(request, *await _opened(request))


async def _page(
    request: WebRequest, flag: DuplicateFlag, view: FlagView, refused: Reader | None = None
) -> Response:
    """With what was typed and what is wrong with it, wherever it was typed, if it was refused."""
    name, kind = BY_KIND[FlagKind(flag.kind)]
    history = await answers_of(flag)
    return render(
        request,
        "duplicates/show.html",
        status=422 if refused else 200,
        flag=view,
        typed={each: first(refused.raw, each) for each in TYPED} if refused else {},
        errors=refused.errors if refused else {},
        kind=kind,
        back=f"/duplicates?kind={name}",
        questions={flag.kind: kind.question},
        history=history,
        names=await names_of([each.answered_by_id for each in history]),
        thresholds=await thresholds_of(FlagKind(flag.kind)),
    )


async def _opened(request: WebRequest) -> tuple[DuplicateFlag, FlagView]:
    """A flag of a kind that is the reader's, whose records the reader may see."""
    actor, kinds = _reader(request)
    flag = await flag_for(request.path_params["id"])
    if BY_KIND[FlagKind(flag.kind)][0] not in kinds:
        raise NotFound
    views: list[FlagView] = await flag_views(actor, [flag])
    if not views:
        raise NotFound
    await _note(request, views)
    return flag, views[0]


async def _note(request: WebRequest, views: Sequence[FlagView]) -> None:
    """The States of these requests read that their text was shown."""
    read = [one for view in views for one in view.requests]
    await note_readings(read, actor=request.state.actor, now=request.state.now)


async def answer(request: WebRequest) -> Response:
    """Same or different; the flag must be one whose two records the actor sees."""
    flag, view = await _opened(request)
    typed = await reader(request)
    found = typed.choice("answer", [one.value for one in Answer], required=True)
    note = typed.prose("note", limit=2000)
    if typed.errors:
        return await _page(request, flag, view, typed)
    actor, now = request.state.actor, request.state.now
    await answer_flag(flag, Answer(found), note=note, actor=actor, now=now)
    if found == Answer.SAME and (merger := _merger(view)):
        return see_other(merger, _("Your answer is kept. Ask the State to merge them."))
    back = local_path(first(await fields(request), "next"), default="/duplicates")
    same = BY_KIND[FlagKind(flag.kind)][1].next
    said = str(same) if found == Answer.SAME else _("Your answer is kept.")
    return see_other(back, said)


async def open_again(request: WebRequest) -> Response:
    """Take an answer back; the question waits again."""
    flag, view = await _opened(request)
    typed = await reader(request)
    note = typed.prose("note", required=True, limit=2000)
    if typed.errors:
        return await _page(request, flag, view, typed)
    actor, now = request.state.actor, request.state.now
    await open_flag_again(flag, note=note, actor=actor, now=now)
    return see_other(f"/duplicates/{flag.id}", _("The question is open again."))


def _merger(view: FlagView) -> str:
    """Where two requests that are the same are merged, the later into the earlier one."""
    sides = sorted((view.left.row, view.right.row), key=lambda row: str(row.since or ""))
    if view.kind != FlagKind.REQUESTS or any(row.state not in MERGEABLE for row in sides):
        return ""
    earlier, later = sides
    return f"{later.href}/merge?survivor={earlier.public_id}"


routes = [
    page("/duplicates", show, name="duplicates"),
    page("/duplicates/{id}", show_flag, name="duplicate"),
    command("/duplicates/{id}/answer", answer, name="duplicate_answer"),
    command("/duplicates/{id}/opening", open_again, name="duplicate_opening"),
]
