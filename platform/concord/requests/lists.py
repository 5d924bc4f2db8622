"""The list pages of requests and of public summaries, and their CSV."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from starlette.requests import Request as HttpRequest
from starlette.responses import Response
from tortoise.queryset import QuerySet

from concord.actor import Actor
from concord.reference.queries import code_lists
from concord.requests.actions import note_readings
from concord.requests.listing import Filter, listed_for, orders_of, sees_texts
from concord.requests.models import Request
from concord.requests.policy import may_draft
from concord.requests.queries import listed, public_listed, summaries
from concord.requests.states import Confidentiality, RequestState
from concord.requests.views import RequestView
from concord.web.choices import group_options, state_options
from concord.web.code_names import topic_name
from concord.web.elements import Column
from concord.web.formats import state_name
from concord.web.i18n import gettext as _
from concord.web.labels import CONFIDENTIALITY, state_label
from concord.web.pagination import Page, Window, csv_response, window
from concord.web.rendering import render

MOST_IN_CSV = 10_000
DEFAULT_ORDER = "-since"
SUMMARY_ORDERS = {"published": "publish_agreed_at"}
LONGEST_WORDS = 200


async def list_requests(http: HttpRequest) -> Response:
    actor: Actor = http.state.actor
    asked = _asked(http)
    orders = orders_of(actor)
    part = window(http.query_params, sorts=list(orders), default=DEFAULT_ORDER)
    found = listed_for(actor, asked, await code_lists()).order_by(*part.order(orders))
    if http.query_params.get("format") == "csv":
        return await _csv(actor, found, now=http.state.now)
    views, total = await listed(actor, found, offset=part.offset, limit=part.size)
    return render(
        http,
        "requests/list.html",
        page=Page(views, total, part),
        asked=asked,
        columns=_columns(actor),
        options=await _options(actor),
        sees_texts=sees_texts(actor),
        may_draft=may_draft(actor),
        errors={},
    )


def _asked(http: HttpRequest) -> Filter:
    """What makes no sense narrows nothing."""
    query = http.query_params
    state, kind = query.get("state", ""), query.get("confidentiality", "")
    return Filter(
        words=query.get("q", "").strip()[:LONGEST_WORDS].replace("\x00", ""),
        state=state if state in set(RequestState) else "",
        topic=query.get("topic", "")[:10],
        lead=query.get("lead", "")[:3],
        confidentiality=kind if kind in set(Confidentiality) else "",
        urgent=query.get("urgent") == "yes",
        waiting=query.get("waiting") == "me",
    )


def _columns(actor: Actor) -> list[Column]:
    full = sees_texts(actor)
    found = [Column(_("Request"), sort="title" if full else "")]
    if actor.is_secretariat:
        found.append(Column(_("State"), sort="lead" if full else ""))
    elif actor.is_provider:
        found.append(Column(_("Region")))
    return [
        *found,
        Column(_("Topics")),
        Column(_("Status"), sort="state"),
        Column(_("Since"), sort="since"),
        *([] if actor.is_provider else [Column(_("Due"), sort="due")]),
    ]


async def _options(actor: Actor) -> dict[str, Any]:
    lists = await code_lists()
    before = {RequestState.DRAFT} if not actor.is_state else set()
    return {
        "states": [
            (state.value, state_label("request", state.value))
            for state in RequestState
            if state not in before
        ],
        "topics": group_options(lists),
        "leads": state_options(lists) if actor.is_secretariat else [],
        "confidentiality": [(code, words[0]) for code, words in CONFIDENTIALITY.items()],
    }


async def _csv(actor: Actor, found: QuerySet[Request], *, now: datetime) -> Response:
    views, _total = await listed(actor, found, offset=0, limit=MOST_IN_CSV)
    await note_readings([view.id for view in views], actor=actor, now=now)
    return csv_response("requests.csv", _header(), (_row(view) for view in views))


def _header() -> Sequence[str]:
    return (
        _("Request"),
        _("Title"),
        _("State"),
        _("Region"),
        _("Topics"),
        _("Status"),
        _("Since"),
        _("Due"),
        _("Urgent"),
        _("Confidentiality"),
    )


def _row(view: RequestView) -> Sequence[object]:
    return (
        view.public_id,
        view.heading,
        state_name(view.lead_state) if view.lead_state else "",
        view.region,
        "; ".join(topic_name(code) for code in view.topics),
        state_label("request", view.state),
        view.state_since.date().isoformat(),
        view.due_at.date().isoformat() if view.due_at else "",
        _("yes") if view.urgent else "",
        CONFIDENTIALITY[view.confidentiality][0] if view.confidentiality else "",
    )


async def list_summaries(http: HttpRequest) -> Response:
    """What States agreed to publish, for everyone."""
    part: Window = window(http.query_params, sorts=list(SUMMARY_ORDERS), default="-published")
    topic = http.query_params.get("topic", "")[:10]
    lists = await code_lists()
    found = summaries(lists.leaf_topics([topic]) if topic else None)
    views, total = await public_listed(
        found.order_by(*part.order(SUMMARY_ORDERS)), offset=part.offset, limit=part.size
    )
    return render(
        http,
        "requests/summaries.html",
        page=Page(views, total, part),
        topics=group_options(lists),
        errors={},
    )
