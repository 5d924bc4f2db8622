"""Every read of requests; each one that answers a person starts at `visible_to`."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from tortoise.expressions import RawSQL, Subquery
from tortoise.queryset import QuerySet

from concord.accounts.models import Membership
from concord.accounts.states import PersonState
from concord.actor import Actor, Role
from concord.errors import NotFound
from concord.inbox.queries import waiting_for
from concord.organizations.models import Organization
from concord.organizations.states import PROVIDER_KINDS, Verification
from concord.reference.identifiers import normalized_public_id
from concord.reference.queries import code_lists
from concord.requests.dossier import Dossier, dossier_of
from concord.requests.models import (
    Clarification,
    Disclosure,
    Request,
    RequestAssignment,
    RequestExclusion,
    RequestItem,
)
from concord.requests.policy import states_of
from concord.requests.projection import level_for, project, values_from
from concord.requests.states import Confidentiality
from concord.requests.values import DraftValues, Level
from concord.requests.views import RequestView
from concord.requests.visibility import common_level, published_q, visible_q
from notifications.recipients import Case

__all__ = ["states_of", "visible_q"]

TOPICS = (
    "ARRAY(SELECT i.topic_id FROM request_item i WHERE i.request_id = request.id"
    " ORDER BY i.position)"
)
TOTAL = "count(*) OVER ()"


def visible_to(actor: Actor) -> QuerySet[Request]:
    return Request.filter(visible_q(actor))


async def request_for(actor: Actor, public_id: str) -> Request:
    """The request, or `NotFound` alike for one that is not there and one not to be seen."""
    found = await visible_to(actor).get_or_none(public_id=normalized_public_id(public_id) or "")
    if found is None:
        raise NotFound
    return found


async def lock(request_id: UUID) -> Request:
    """The row, locked until the transaction ends: always before offers and slots."""
    found = await Request.filter(id=request_id).select_for_update().get_or_none()
    if found is None:
        raise NotFound
    return found


async def lock_items(request_id: UUID) -> list[RequestItem]:
    """The items in the order of their ids, locked after their request."""
    return await RequestItem.filter(request_id=request_id).order_by("id").select_for_update()


async def level_of(actor: Actor, request: Request) -> Level:
    """How much of a request that it sees this actor may see."""
    common = common_level(actor)
    if not actor.is_provider:
        return common
    full = await Disclosure.filter(
        request_id=request.id,
        organization_id=actor.organization_id,
        ended_at=None,
        level=Level.FULL,
    ).exists()
    return Level.FULL if full else common


async def view_of(actor: Actor, request: Request) -> RequestView:
    """What this actor may know of a request that it may see; one query."""
    dossier = await dossier_of(request)
    level = level_for(actor, dossier, common=common_level(actor))
    return project(request, dossier, level=level, actor=actor, lists=await code_lists())


async def values_of(request: Request) -> DraftValues:
    return values_from(request, await dossier_of(request))


def waiting_requests(actor: Actor) -> Subquery:
    """Ids of requests on which something waits for this actor."""
    tasks = waiting_for(actor).filter(subject_kind="request").order_by()
    return Subquery(tasks.values("subject_id"))


def _page(requests: QuerySet[Request], *, offset: int, limit: int) -> QuerySet[Request]:
    annotated = requests.annotate(total=RawSQL(TOTAL), topics=RawSQL(TOPICS))
    return annotated.offset(offset).limit(limit)


async def listed(
    actor: Actor, requests: QuerySet[Request], *, offset: int, limit: int
) -> tuple[list[RequestView], int]:
    """A page of an ordered list as this actor may see it, and the number of all rows."""
    rows = await _page(requests, offset=offset, limit=limit)
    full = await _disclosed_in_full(actor, [row.id for row in rows])
    lists = await code_lists()
    views = []
    for row in rows:
        level = Level.FULL if row.id in full else common_level(actor)
        view = project(row, Dossier(authority=None), level=level, actor=actor, lists=lists)
        views.append(
            replace(view, topics=_topics(row, level), completeness=_score(row, view), missing=())
        )
    return views, int(_annotation(rows[0], "total")) if rows else 0


def _topics(row: Request, level: Level) -> tuple[str, ...]:
    return () if level is Level.TRAIL else tuple(_annotation(row, "topics"))


def _score(row: Request, view: RequestView) -> int | None:
    return row.completeness if view.completeness is not None else None


def summaries(topics: Collection[str] | None = None) -> QuerySet[Request]:
    """Requests whose summary the public may read, on any of these topics where given."""
    found = Request.filter(published_q())
    if topics is None:
        return found
    items = RequestItem.filter(topic_id__in=list(topics))
    return found.filter(id__in=Subquery(items.values("request_id")))


async def public_listed(
    requests: QuerySet[Request], *, offset: int, limit: int
) -> tuple[list[RequestView], int]:
    """A page of an ordered list of summaries as the public sees it."""
    rows = await _page(requests, offset=offset, limit=limit)
    lists, nobody, nothing = await code_lists(), Actor(), Dossier(authority=None)
    views = [
        replace(
            project(row, nothing, level=Level.PUBLIC, actor=nobody, lists=lists),
            topics=tuple(_annotation(row, "topics")),
        )
        for row in rows
    ]
    return views, int(_annotation(rows[0], "total")) if rows else 0


async def summary_for(public_id: str) -> Request:
    found = await summaries().get_or_none(public_id=normalized_public_id(public_id) or "")
    if found is None:
        raise NotFound
    return found


async def public_view_of(request: Request) -> RequestView:
    return project(
        request,
        await dossier_of(request),
        level=Level.PUBLIC,
        actor=Actor(),
        lists=await code_lists(),
    )


async def assigned(request_id: UUID) -> list[RequestAssignment]:
    """Who at UNODC is named for a sealed request."""
    return await RequestAssignment.filter(request_id=request_id).order_by("id")


async def check_assigned(actor: Actor, request: Request) -> None:
    """Raise `NotFound` for a sealed request on which this person of UNODC is not named."""
    if request.confidentiality is not Confidentiality.SEALED:
        return
    if not await RequestAssignment.filter(
        request_id=request.id, person_id=actor.person_id, role=actor.role
    ).exists():
        raise NotFound


async def excluded_organizations(request_id: UUID) -> frozenset[UUID]:
    rows = await RequestExclusion.filter(request_id=request_id).values_list(
        "organization_id", flat=True
    )
    return frozenset(UUID(str(row)) for row in rows)


def verified_providers() -> QuerySet[Organization]:
    return Organization.filter(kind__in=PROVIDER_KINDS, verification=Verification.VERIFIED)


async def circulated_to(request: Request) -> frozenset[UUID]:
    """The verified providers that see what is circulated: all that the State did not exclude."""
    excluded = await excluded_organizations(request.id)
    rows = await verified_providers().values_list("id", flat=True)
    return frozenset(UUID(str(row)) for row in rows) - excluded


async def case_of(
    request: Request,
    *,
    actor: Actor | None = None,
    asked: Collection[UUID] = (),
    circulated: bool = False,
    recused: Collection[UUID] = (),
) -> Case[UUID]:
    """What decides who hears of this request; `circulated` adds the providers that may see it."""
    named = None
    if request.confidentiality is Confidentiality.SEALED:
        named = frozenset(row.person_id for row in await assigned(request.id))
    return Case(
        lead_state=request.lead_state_id,
        co_states=frozenset(request.co_states),
        asked=frozenset(asked),
        circulated_to=await circulated_to(request) if circulated else frozenset(),
        actor=actor.person_id if actor else None,
        authors=frozenset([request.created_by_id] if request.created_by_id else []),
        recused=frozenset(recused),
        assigned=named,
    )


async def live_disclosures(request_id: UUID) -> frozenset[UUID]:
    """Organizations to which a State disclosed the request, as of now."""
    rows = await Disclosure.filter(request_id=request_id, ended_at=None).values_list(
        "organization_id", flat=True
    )
    return frozenset(UUID(str(row)) for row in rows)


async def clarification_for(request: Request, clarification_id: str) -> Clarification:
    try:
        wanted = UUID(clarification_id)
    except ValueError:
        raise NotFound from None
    found = await Clarification.get_or_none(id=wanted, request_id=request.id)
    if found is None:
        raise NotFound
    return found


async def secretariat_people(role: Role, state: str) -> Mapping[UUID, str]:
    """Active people of UNODC in this role whom a State may name on a sealed request."""
    rows = await (
        Membership.filter(role=role, ended_at=None, person__state=PersonState.ACTIVE)
        .select_related("person")
        .order_by("person__name", "id")
    )
    return {
        row.person_id: row.person.name for row in rows if not row.states or state in row.states
    }


async def provider_names() -> Mapping[UUID, str]:
    """Verified providers by name: whom a State may exclude or name."""
    rows = await verified_providers().order_by("name", "id")
    return {row.id: row.name for row in rows}


async def has_live_match(request: Request, ended: Collection[str]) -> bool:
    """Whether a match of this request has not come to an end."""
    return await Request.filter(
        id=request.id, matches__id__isnull=False, matches__state__not_in=list(ended)
    ).exists()


async def _disclosed_in_full(actor: Actor, ids: Sequence[UUID]) -> frozenset[UUID]:
    if not actor.is_provider or not ids:
        return frozenset()
    rows = await Disclosure.filter(
        request_id__in=ids,
        organization_id=actor.organization_id,
        ended_at=None,
        level=Level.FULL,
    ).values_list("request_id", flat=True)
    return frozenset(UUID(str(row)) for row in rows)


def _annotation(row: Request, name: str) -> Any:
    return getattr(row, name)
