"""Which undertaking a match line serves, and what cover it needs."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from uuid import UUID

from concord.activities.cover import Part
from concord.matches.models import MatchLine
from concord.reference.code_lists import CodeLists
from concord.requests.models import RequestItem


def undertakings(items: Iterable[RequestItem], lists: CodeLists) -> dict[UUID, UUID]:
    """The undertaking of each item: its own id, or that of the first item it overlaps with.

    A request that asks twice for the same, say for two cohorts, asks for one undertaking.
    """
    found: dict[UUID, UUID] = {}
    earlier: list[RequestItem] = []
    for item in sorted(items, key=lambda item: item.position):
        twin = next((other for other in earlier if overlap(item, other, lists)), None)
        found[item.id] = found[twin.id] if twin else item.id
        earlier.append(item)
    return found


def overlap(one: RequestItem, other: RequestItem, lists: CodeLists) -> bool:
    """Whether two items of one request would cover a common cell."""
    institutions = {one.beneficiary_id, other.beneficiary_id}
    return (
        one.modality_id == other.modality_id
        and (None in institutions or len(institutions) == 1)
        and bool(_leaves(one, lists) & _leaves(other, lists))
    )


def cover_parts(
    lines: Sequence[MatchLine],
    *,
    states: Iterable[str],
    starts_on: date,
    ends_on: date,
    lists: CodeLists,
) -> list[Part]:
    """State × institution × leaf topics × modality of every line, cooling time included."""
    numbers = sorted(lists.states[state].number for state in states)
    return sorted(
        {
            Part(
                line.undertaking_id,
                number,
                _institution(line.item, lists),
                lists.topics[topic].number,
                lists.modalities[line.item.modality_id].number,
                starts_on,
                ends_on + timedelta(days=lists.modalities[line.item.modality_id].cooling_days),
            )
            for line in lines
            for number in numbers
            for topic in _leaves(line.item, lists)
        },
        key=lambda part: (part.state, part.topic, part.modality, part.institution or 0),
    )


def _institution(item: RequestItem, lists: CodeLists) -> int | None:
    return lists.beneficiaries[item.beneficiary_id].number if item.beneficiary_id else None


def _leaves(item: RequestItem, lists: CodeLists) -> set[str]:
    return set(lists.leaf_topics([item.topic_id]))
