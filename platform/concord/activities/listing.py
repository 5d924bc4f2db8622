"""The list of external activities: narrowed, in order, and its options."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

from tortoise.expressions import Q, RawSQL
from tortoise.queryset import QuerySet

from concord.activities.models import ExternalActivity, ImportedName
from concord.activities.queries import visible_to
from concord.actor import Actor
from concord.reference.code_lists import CodeLists

ORDERS: Mapping[str, str] = MappingProxyType(
    {
        "title": "title",
        "provider": "provider",
        "state": "state_id",
        "starts": "starts_on",
        "ends": "ends_on",
        "stated": "stated_at",
    }
)
DEFAULT_ORDER = "-starts"
MOST_PUBLISHERS = 300
NAMED_BY = (
    "(SELECT count(*) FROM external_activity a WHERE a.names @> ARRAY[imported_name.key::text])"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """What the list is narrowed to; empty means any."""

    words: str = ""
    state: str = ""
    topic: str = ""
    publisher: str = ""
    since: date | None = None
    until: date | None = None

    @property
    def is_set(self) -> bool:
        return self != Filter()


def listed(actor: Actor, asked: Filter, lists: CodeLists) -> QuerySet[ExternalActivity]:
    """What the actor may see of it, not yet ordered; a group of topics stands for all in it."""
    found = visible_to(actor).filter(_words(asked.words), _period(asked))
    if asked.state:
        found = found.filter(states__contains=[asked.state])
    if asked.topic:
        group = lists.topic_group(asked.topic).code
        leaves = lists.leaf_topics([asked.topic])
        found = found.filter(topics__overlap=sorted({asked.topic, group, *leaves}))
    return found.filter(publisher=asked.publisher) if asked.publisher else found


def _words(words: str) -> Q:
    if not words:
        return Q()
    return (
        Q(title__icontains=words)
        | Q(description__icontains=words)
        | Q(provider__icontains=words)
        | Q(identifier__icontains=words)
    )


def _period(asked: Filter) -> Q:
    """Open ends reach as far as they may."""
    found = Q()
    if asked.since:
        found &= Q(ends_on__gte=asked.since) | Q(ends_on=None)
    if asked.until:
        found &= Q(starts_on__lte=asked.until) | Q(starts_on=None)
    return found


async def publisher_options(actor: Actor) -> list[tuple[str, str]]:
    """Publishers of what the actor may see, by reference and one of their names."""
    rows = (
        await visible_to(actor)
        .exclude(publisher="")
        .annotate(called=RawSQL("min(provider)"))
        .group_by("publisher")
        .order_by("publisher")
        .limit(MOST_PUBLISHERS)
        .values_list("publisher", "called")
    )
    return [(str(ref), f"{called} ({ref})" if called else str(ref)) for ref, called in rows]


def imported_names(*, answered: bool) -> QuerySet[ImportedName]:
    """Names that wait, or those that were answered, with how many activities have each."""
    found = ImportedName.exclude(answer=None) if answered else ImportedName.filter(answer=None)
    return found.annotate(activities=RawSQL(NAMED_BY)).order_by("name", "id")
