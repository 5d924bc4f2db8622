"""Two records that may say the same, side by side, as their reader may see them."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from concord.actor import Actor
from concord.duplicates.models import DuplicateFlag
from concord.duplicates.queries import unanswered
from concord.duplicates.values import FlagKind
from concord.pairings import duplicate_sides as sides
from concord.pairings.duplicate_sides import Side

Load = Callable[[Actor, Sequence[UUID]], Awaitable[dict[UUID, Side]]]
LOADS: Mapping[FlagKind, tuple[Load, Load]] = {
    FlagKind.REQUESTS: (sides.request_sides, sides.request_sides),
    FlagKind.OFFERS: (sides.offer_sides, sides.offer_sides),
    FlagKind.ORGANIZATIONS: (sides.organization_sides, sides.organization_sides),
    FlagKind.MATCH_AND_UNDERTAKING: (sides.request_sides, sides.undertaking_sides),
    FlagKind.MATCH_AND_ACTIVITY: (sides.request_sides, sides.activity_sides),
}
"""How the left and the right records of a kind are read."""


@dataclass(frozen=True, slots=True)
class FlagView:
    id: UUID
    kind: str
    score: float
    verdict: str
    left: Side
    right: Side
    requests: tuple[UUID, ...] = ()  # of the two, those whose text is shown
    answer: str = ""
    note: str = ""
    version: int = 1

    @property
    def verdicts(self) -> dict[str, str]:
        """For each aspect: same, near or differs."""
        return {
            "state": _shared(self.left.states, self.right.states),
            "topics": _shared(self.left.topics, self.right.topics),
            "period": _periods(self.left.period, self.right.period),
            "name": _same(self.left.row.title, self.right.row.title),
            "provider": _same(self.left.provider, self.right.provider),
        }


def _shared(left: Sequence[str], right: Sequence[str]) -> str:
    one, other = set(left), set(right)
    return "same" if one == other else "near" if one & other else "differs"


def _same(left: object, right: object) -> str:
    return "same" if left == right else "differs"


def _periods(left: tuple[date | None, date | None], right: tuple[date | None, date | None]) -> str:
    """Near where they have days in common; an open end reaches as far as it may."""
    if left == right:
        return "same"
    start = max(left[0] or date.min, right[0] or date.min)
    end = min(left[1] or date.max, right[1] or date.max)
    return "near" if start <= end else "differs"


async def flag_views(actor: Actor, flags: Sequence[DuplicateFlag]) -> list[FlagView]:
    """Flags of which the actor may see both records: a few queries whatever their number.

    A delivery that the actor may not see stands there without a word about it.
    """
    wanted: dict[Load, list[UUID]] = {}
    for flag in flags:
        for load, identifier in zip(LOADS[FlagKind(flag.kind)], _ids(flag), strict=True):
            wanted.setdefault(load, []).append(identifier)
    found = {load: await load(actor, list(dict.fromkeys(ids))) for load, ids in wanted.items()}
    views = []
    for flag in flags:
        left, right = (
            found[load].get(identifier)
            for load, identifier in zip(LOADS[FlagKind(flag.kind)], _ids(flag), strict=True)
        )
        if left is not None and right is not None:
            views.append(_view(flag, left, right))
    return views


def _ids(flag: DuplicateFlag) -> tuple[UUID, UUID]:
    return flag.left_id, flag.right_id


def _requests_of(flag: DuplicateFlag) -> tuple[UUID, ...]:
    both = zip(LOADS[FlagKind(flag.kind)], _ids(flag), strict=True)
    return tuple(one for load, one in both if load is sides.request_sides)


def _view(flag: DuplicateFlag, left: Side, right: Side) -> FlagView:
    return FlagView(
        id=flag.id,
        kind=flag.kind,
        score=flag.score,
        verdict=flag.verdict,
        left=left,
        right=right,
        requests=_requests_of(flag),
        answer=flag.answer or "",
        note=flag.answer_note,
        version=flag.version,
    )


async def must_answer(actor: Actor, request_id: UUID) -> bool:
    """Whether a warning on this request waits for an answer that this actor can give.

    One that names a record which the actor may not see does not exist for it.
    """
    return bool(await flag_views(actor, await unanswered(request_id)))
