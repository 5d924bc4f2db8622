"""How near two topics are in the tree."""

from collections.abc import Iterable

from matching.types import TopicTree

SAME = 1.0
PARENT = 0.8
RELATED = 0.6
SIBLING = 0.5
RELATED_GROUP = 0.3
# A topic that the offer names beside those of its slots.
TAGGED = 0.8


def closeness(first: str, second: str, tree: TopicTree) -> float:
    """1 for the same topic, 0 for strangers; the same whichever comes first."""
    if first == second:
        return SAME
    parents = tree.parents
    if parents.get(first) == second or parents.get(second) == first:
        return PARENT
    if second in tree.related.get(first, ()) or first in tree.related.get(second, ()):
        return RELATED
    if parents.get(first) is not None and parents.get(first) == parents.get(second):
        return SIBLING
    if _related_groups(first, second, tree) or _related_groups(second, first, tree):
        return RELATED_GROUP
    return 0.0


def nearest(topic: str, offered: Iterable[str], tree: TopicTree) -> tuple[float, str]:
    """The closest of the offered topics, ties by code; (0, "") when there is none."""
    best, name = 0.0, ""
    for other in sorted(offered):
        if (found := closeness(topic, other, tree)) > best or not name:
            best, name = found, other
    return best, name


def _related_groups(first: str, second: str, tree: TopicTree) -> bool:
    group = tree.parents.get(second, second)
    return any(tree.parents.get(other, other) == group for other in tree.related.get(first, ()))
