"""State machines as tables: which verb leads from where to where, and who may say it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from itertools import product
from typing import Generic, TypeVar

from concord.actor import Role
from concord.errors import Conflict

S = TypeVar("S", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class Rule(Generic[S]):
    """One verb: from where to where, the roles that may say it, and whether time may."""

    routes: frozenset[tuple[S, S]]
    roles: frozenset[Role] = frozenset()
    clock: bool = False

    @property
    def sources(self) -> frozenset[S]:
        return frozenset(source for source, _target in self.routes)

    @property
    def targets(self) -> frozenset[S]:
        return frozenset(target for _source, target in self.routes)


def rule(
    sources: set[S],
    targets: set[S],
    roles: set[Role] | frozenset[Role] = frozenset(),
    *,
    clock: bool = False,
) -> Rule[S]:
    """From each of `sources` to each of `targets`."""
    return Rule(frozenset(product(sources, targets)), frozenset(roles), clock)


def stay(states: set[S], roles: set[Role] | frozenset[Role]) -> Rule[S]:
    """A verb that leaves the state as it is."""
    return Rule(frozenset((state, state) for state in states), frozenset(roles))


def either(first: Rule[S], second: Rule[S]) -> Rule[S]:
    """A verb that leads elsewhere from some states than from others."""
    return Rule(
        first.routes | second.routes, first.roles | second.roles, first.clock or second.clock
    )


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
        if not any(source == begin and target in (None, end) for begin, end in found.routes):
            raise Conflict(
                "This has moved on: it is now “%(state)s”, so this step is no longer possible.",
                state=source.value.replace("_", " "),
            )

    def may(self, verb: str, source: S, role: Role | None) -> bool:
        """Whether `role` may say `verb` in `source`, by the table alone."""
        found = self.rules[verb]
        return role in found.roles and any(source == begin for begin, _end in found.routes)

    def moves(self) -> Iterator[tuple[str, S, S]]:
        """Every legal (verb, source, target)."""
        for verb, found in self.rules.items():
            for source, target in sorted(found.routes):
                if source != target:
                    yield verb, source, target
