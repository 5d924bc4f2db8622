"""Reads of the code lists, kept in memory so that pages cost no query for them."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from time import monotonic
from types import MappingProxyType
from typing import Any, TypeVar

from tortoise.models import Model

from concord.reference.code_lists import CodeLists
from concord.reference.models import Beneficiary, Modality, Reason, State, Topic, Unit
from concord.reference.values import (
    BeneficiaryEntry,
    Entry,
    ModalityEntry,
    ReasonEntry,
    StateEntry,
    TopicEntry,
    UnitEntry,
)

FRESH_SECONDS = 10.0  # how long another process may still show what an administrator changed

E = TypeVar("E", bound=Entry)


@dataclass(slots=True)
class _Kept:
    lists: CodeLists | None = None
    last: CodeLists | None = None
    until: float = 0.0


_kept = _Kept()


async def code_lists(*, clock: Callable[[], float] = monotonic) -> CodeLists:
    """The code lists, at most `FRESH_SECONDS` old; empty lists are read again each time."""
    if _kept.lists is not None and clock() < _kept.until:
        return _kept.lists
    lists = await _read()
    if lists.states:
        _kept.lists, _kept.until = lists, clock() + FRESH_SECONDS
        _kept.last = lists
    return lists


def in_memory() -> CodeLists | None:
    """The snapshot as it was last read, however old: for labels on a page that is being made."""
    return _kept.last


def forget() -> None:
    """Read anew next time: after an edit, or when the database is another one."""
    _kept.lists = None


async def _read() -> CodeLists:
    return CodeLists(
        states=_by_code(StateEntry, await State.all().order_by("code")),
        topics=_by_code(TopicEntry, await Topic.all().order_by("number")),
        modalities=_by_code(ModalityEntry, await Modality.all().order_by("number")),
        beneficiaries=_by_code(BeneficiaryEntry, await Beneficiary.all().order_by("number")),
        units=_by_code(UnitEntry, await Unit.all().order_by("code")),
        reasons=_by_code(ReasonEntry, await Reason.all().order_by("context", "code")),
    )


def _by_code(entry: type[E], rows: Iterable[Model]) -> Mapping[str, E]:
    made = (
        entry(**{name: _frozen(getattr(row, name)) for name in entry.__slots__}) for row in rows
    )
    return MappingProxyType({each.code: each for each in made})


def _frozen(value: Any) -> Any:
    """JSON columns as values that nobody can change in the shared snapshot."""
    if isinstance(value, list):
        return tuple(value)
    return MappingProxyType(value) if isinstance(value, dict) else value
