"""Lists of offers: which part of what one sees, narrowed and in order."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from tortoise.expressions import Q, Subquery
from tortoise.queryset import QuerySet

from concord.actor import Actor
from concord.offers.models import Offer, OfferSlot
from concord.offers.policy import READERS
from concord.offers.queries import visible_to
from concord.offers.states import OfferState
from concord.reference.code_lists import CodeLists


class Part(StrEnum):
    """What a list holds of everything that one may see."""

    MINE = "mine"
    REVIEW = "review"
    PUBLISHED = "published"
    ALL = "all"


ORDERS: Mapping[str, str] = MappingProxyType(
    {
        "title": "title",
        "provider": "organization__name",
        "published": "published_at",
        "expires": "expires_at",
        "due": "due_at",
        "since": "state_since",
    }
)
DEFAULT_ORDER: Mapping[Part, str] = MappingProxyType(
    {
        Part.MINE: "-since",
        Part.REVIEW: "due",
        Part.PUBLISHED: "-published",
        Part.ALL: "-since",
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """What a list is narrowed to; empty means any."""

    part: Part = Part.PUBLISHED
    words: str = ""
    topic: str = ""
    modality: str = ""
    language: str = ""
    region: str = ""
    kind: str = ""
    funding: str = ""
    state: str = ""


def parts_of(actor: Actor) -> tuple[Part, ...]:
    """The lists of this actor, the one for every day first."""
    if actor.is_provider:
        return Part.MINE, Part.PUBLISHED
    if actor.is_coordinator:
        return Part.REVIEW, Part.PUBLISHED, Part.ALL
    return (Part.PUBLISHED, Part.ALL) if actor.role in READERS else (Part.PUBLISHED,)


def listed(actor: Actor, asked: Filter, lists: CodeLists) -> QuerySet[Offer]:
    """The offers of one list, not yet ordered; exclusions play no part in it."""
    return visible_to(actor).filter(
        _part(actor, asked.part), _plain(asked), _slots(asked, lists), _regions(asked, lists)
    )


def _part(actor: Actor, part: Part) -> Q:
    if part is Part.MINE:
        return Q(organization_id=actor.organization_id)
    if part is Part.REVIEW:
        return Q(state=OfferState.SUBMITTED)
    return Q(state=OfferState.PUBLISHED) if part is Part.PUBLISHED else Q()


def _plain(asked: Filter) -> Q:
    found = Q()
    if asked.words:
        found &= (
            Q(title__icontains=asked.words)
            | Q(description__icontains=asked.words)
            | Q(organization__name__icontains=asked.words)
            | Q(public_id__icontains=asked.words)
        )
    if asked.language:
        found &= Q(delivery_languages__contains=[asked.language])
    if asked.kind:
        found &= Q(organization__kind=asked.kind)
    if asked.state:
        found &= Q(state=asked.state)
    return found


def _slots(asked: Filter, lists: CodeLists) -> Q:
    """One slot that fits in every way asked for; a group of topics stands for all in it."""
    fits: dict[str, object] = {}
    if asked.topic:
        fits["topic_id__in"] = lists.leaf_topics([asked.topic])
    if asked.modality:
        fits["modality_id"] = asked.modality
    if asked.funding:
        fits["funding"] = asked.funding
    if not fits:
        return Q()
    return Q(id__in=Subquery(OfferSlot.filter(retired_at=None, **fits).values("offer_id")))


def _regions(asked: Filter, lists: CodeLists) -> Q:
    """Offers for the region, for what it lies in or what lies in it, and for anywhere."""
    if not asked.region:
        return Q()
    named = {asked.region}
    for region, parts in lists.regions().items():
        if asked.region == region:
            named.update(parts)
        elif asked.region in parts:
            named.add(region)
    return Q(regions__overlap=sorted(named)) | Q(regions=[])
