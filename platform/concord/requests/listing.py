"""Lists of requests: which part of what one sees, narrowed and in order."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from tortoise.expressions import Q, Subquery
from tortoise.queryset import QuerySet

from concord.actor import Actor
from concord.reference.code_lists import CodeLists
from concord.requests.models import Request, RequestItem
from concord.requests.policy import CASE_OFFICERS
from concord.requests.queries import visible_to, waiting_requests

ORDERS: Mapping[str, str] = MappingProxyType(
    {"since": "state_since", "due": "due_at", "opened": "opened_at", "state": "state"}
)
"""Orders that tell nobody anything which they may not see."""
ORDERS_OF_FULL: Mapping[str, str] = MappingProxyType(
    {**ORDERS, "title": "title", "lead": "lead_state_id", "completeness": "completeness"}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """What a list is narrowed to; empty means any."""

    words: str = ""
    state: str = ""
    topic: str = ""
    lead: str = ""
    confidentiality: str = ""
    urgent: bool = False
    waiting: bool = False


def sees_texts(actor: Actor) -> bool:
    """Whether everything this actor lists is seen in full, so that words may be looked for."""
    return actor.is_state or actor.role in CASE_OFFICERS


def orders_of(actor: Actor) -> Mapping[str, str]:
    return ORDERS_OF_FULL if sees_texts(actor) else ORDERS


def listed_for(actor: Actor, asked: Filter, lists: CodeLists) -> QuerySet[Request]:
    """The requests of one list, not yet ordered; what one may not see narrows nothing."""
    found = visible_to(actor)
    if asked.state:
        found = found.filter(state=asked.state)
    if asked.topic and not _sees_trail_only(actor):
        items = RequestItem.filter(topic_id__in=lists.leaf_topics([asked.topic]))
        found = found.filter(id__in=Subquery(items.values("request_id")))
    if asked.urgent:
        found = found.filter(urgent=True)
    if asked.waiting:
        found = found.filter(id__in=waiting_requests(actor))
    if sees_texts(actor):
        found = found.filter(_full(actor, asked))
    return found


def _full(actor: Actor, asked: Filter) -> Q:
    """Filters over what only those see who read the whole request."""
    found = Q()
    if asked.words:
        found &= Q(title__icontains=asked.words) | Q(public_id__icontains=asked.words)
    if asked.lead and actor.is_secretariat:
        found &= Q(lead_state_id=asked.lead) | Q(co_states__contains=[asked.lead])
    if asked.confidentiality and actor.is_secretariat:
        found &= Q(confidentiality=asked.confidentiality)
    return found


def _sees_trail_only(actor: Actor) -> bool:
    return not (sees_texts(actor) or actor.is_provider)
