"""State machines as tables: which verb leads from where to where, and who may say it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, TypeVar

from concord.actor import Role
from concord.errors import Conflict

S = TypeVar("S", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class Rule(Generic[S]):
    """One verb: its sources, its targets, the roles that may say it, and whether time may."""

    sources: frozenset[S]
    targets: frozenset[S]
    roles: frozenset[Role] = frozenset()
    clock: bool = False


def rule(
    sources: set[S],
    targets: set[S],
    roles: set[Role] | frozenset[Role] = frozenset(),
    *,
    clock: bool = False,
) -> Rule[S]:
    return Rule(frozenset(sources), frozenset(targets), frozenset(roles), clock)


@dataclass(frozen=True, slots=True)
class Machine(Generic[S]):
    """The whole table of one machine; `rules` maps a verb to its rule."""

    name: str
    states: type[S]
    initial: S
    terminal: frozenset[S]
    rules: Mapping[str, Rule[S]]

    def check(self, verb: str, source: S, target: S | None = None) -> None:
        """Raise `Conflict` unless `verb` leads from `source` (to `target`, where given)."""
        found = self.rules[verb]
        if source not in found.sources or (target is not None and target not in found.targets):
            raise Conflict(
                "This has moved on: it is now “%(state)s”, so this step is no longer possible.",
                state=source.value.replace("_", " "),
            )

    def may(self, verb: str, source: S, role: Role | None) -> bool:
        """Whether `role` may say `verb` in `source`, by the table alone."""
        found = self.rules[verb]
        return role in found.roles and source in found.sources

    def moves(self) -> Iterator[tuple[str, S, S]]:
        """Every legal (verb, source, target)."""
        for verb, found in self.rules.items():
            for source in sorted(found.sources):
                for target in sorted(found.targets):
                    if source != target:
                        yield verb, source, target
