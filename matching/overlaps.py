"""Work that may repeat other work in the same State: a warning for a person, never a block."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from matching.agreement import topic_closeness
from matching.topics import PARENT, SAME, SIBLING
from matching.types import ALWAYS, TopicTree, Window
from matching.windows import length, overlap

NO_TOPICS = TopicTree()


class Nearness(StrEnum):
    SAME_TOPIC = "same_topic"
    SAME_GROUP = "same_group"
    RELATED = "related"


@dataclass(frozen=True, slots=True)
class Engagement:
    """A match, an undertaking or an external activity, whoever provides it."""

    id: str
    states: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    period: Window = ALWAYS


@dataclass(frozen=True, slots=True)
class Overlap:
    """`days` in common; None when the common period is open-ended."""

    other: str
    nearness: Nearness
    states: tuple[str, ...]
    topics: tuple[str, ...]
    days: int | None


def overlaps(
    engagement: Engagement, others: Iterable[Engagement], *, topics: TopicTree = NO_TOPICS
) -> list[Overlap]:
    """Others in a common State, on the same or a near topic, at the same time; nearest first.

    An engagement without topics is near nothing; one without dates is always.
    """
    found = [_overlap(engagement, other, topics) for other in others if other.id != engagement.id]
    rank = list(Nearness)
    return sorted(
        (overlap for overlap in found if overlap is not None),
        key=lambda overlap: (
            rank.index(overlap.nearness),
            -(overlap.days or 10**6),
            overlap.other,
        ),
    )


def _overlap(first: Engagement, second: Engagement, topics: TopicTree) -> Overlap | None:
    states = tuple(sorted(set(first.states) & set(second.states)))
    period = overlap(first.period, second.period)
    close, codes = topic_closeness(first.topics, second.topics, topics)
    if not states or period is None or close < SIBLING:
        return None
    return Overlap(second.id, _nearness(codes, close, topics), states, codes, length(period))


def _nearness(codes: tuple[str, ...], close: float, topics: TopicTree) -> Nearness:
    if close == SAME:
        return Nearness.SAME_TOPIC
    groups = {topics.parents.get(code, code) for code in codes}
    return Nearness.SAME_GROUP if close == PARENT or len(groups) == 1 else Nearness.RELATED
