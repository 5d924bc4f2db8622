"""Which stated fields of two records say the same, and which contradict."""

from dataclasses import dataclass

from matching.topics import SIBLING, closeness
from matching.types import TopicTree, Window
from matching.windows import overlap


@dataclass(frozen=True, slots=True)
class Facts:
    owner: str | None
    topics: tuple[str, ...]
    period: Window


@dataclass(frozen=True, slots=True)
class Agreement:
    """Field names; `strong` when one owner and a near topic are stated and nothing differs."""

    agreeing: tuple[str, ...]
    differing: tuple[str, ...]

    @property
    def strong(self) -> bool:
        return not self.differing and {"owner", "topic"} <= set(self.agreeing)


def compare(first: Facts, second: Facts, *, topics: TopicTree) -> Agreement:
    """Fields that either leaves open neither agree nor differ."""
    checks = {
        "owner": _owner(first, second),
        "topic": _topic(first, second, topics),
        "period": _period(first, second),
    }
    return Agreement(
        tuple(name for name, same in checks.items() if same is True),
        tuple(name for name, same in checks.items() if same is False),
    )


def topic_closeness(
    first: tuple[str, ...], second: tuple[str, ...], topics: TopicTree
) -> tuple[float, tuple[str, ...]]:
    """The closest pair of the two lists, and it; ties by code."""
    pairs = [(-closeness(one, other, topics), one, other) for one in first for other in second]
    score, *codes = min(pairs, default=(0.0,))
    return -score, tuple(dict.fromkeys(codes))


def _owner(first: Facts, second: Facts) -> bool | None:
    if not first.owner or not second.owner:
        return None
    return first.owner == second.owner


def _topic(first: Facts, second: Facts, topics: TopicTree) -> bool | None:
    if not first.topics or not second.topics:
        return None
    return topic_closeness(first.topics, second.topics, topics)[0] >= SIBLING


def _period(first: Facts, second: Facts) -> bool | None:
    if first.period == (None, None) or second.period == (None, None):
        return None
    return overlap(first.period, second.period) is not None
