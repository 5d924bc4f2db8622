"""Two records that may say the same, side by side, as their reader may see them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from concord.actor import Actor
from concord.duplicates.models import DuplicateFlag
from concord.duplicates.queries import unanswered
from concord.duplicates.values import FlagKind
from concord.offers.queries import visible_to as visible_offers
from concord.requests.queries import visible_to as visible_requests
from concord.web.elements import QueueRow


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two records; `text` is in its own `language`."""

    row: QueueRow
    text: str
    language: str
    state: str = ""
    topics: tuple[str, ...] = ()
    period: tuple[date | None, date | None] = (None, None)


@dataclass(frozen=True, slots=True)
class FlagView:
    id: UUID
    kind: str
    score: float
    verdict: str
    left: Side
    right: Side
    answer: str = ""
    note: str = ""
    version: int = 1

    @property
    def verdicts(self) -> dict[str, str]:
        """For each aspect: same, near or differs."""
        left, right = set(self.left.topics), set(self.right.topics)
        topics = "same" if left == right else "near" if left & right else "differs"
        return {
            "state": _same(self.left.state, self.right.state),
            "topics": topics,
            "period": _same(self.left.period, self.right.period),
        }


def _same(left: object, right: object) -> str:
    return "same" if left == right else "differs"


async def flag_views(actor: Actor, flags: Sequence[DuplicateFlag]) -> list[FlagView]:
    """Flags of which the actor may see both records: two queries whatever their number."""
    sides = await _requests(actor, flags) | await _offers(actor, flags)
    return [
        FlagView(
            id=flag.id,
            kind=flag.kind,
            score=flag.score,
            verdict=flag.verdict,
            left=sides[flag.left_id],
            right=sides[flag.right_id],
            answer=flag.answer or "",
            note=flag.answer_note,
            version=flag.version,
        )
        for flag in flags
        if flag.left_id in sides and flag.right_id in sides
    ]


async def must_answer(actor: Actor, request_id: UUID) -> bool:
    """Whether a warning on this request waits for an answer that this actor can give.

    One that names a record which the actor may not see does not exist for it.
    """
    return bool(await flag_views(actor, await unanswered(request_id)))


def _ids(flags: Sequence[DuplicateFlag], kind: FlagKind) -> list[UUID]:
    return [i for flag in flags if flag.kind == kind for i in (flag.left_id, flag.right_id)]


async def _requests(actor: Actor, flags: Sequence[DuplicateFlag]) -> dict[UUID, Side]:
    ids = _ids(flags, FlagKind.REQUESTS)
    if not ids:
        return {}
    rows = await visible_requests(actor).filter(id__in=ids).prefetch_related("items")
    return {
        one.id: Side(
            row=QueueRow(
                href=f"/requests/{one.public_id}",
                public_id=one.public_id,
                title=one.title,
                machine="request",
                state=one.state.value,
                since=one.submitted_at,
                lang=one.language,
            ),
            text=one.description,
            language=one.language,
            state=one.lead_state_id,
            topics=tuple(item.topic_id for item in one.items),
            period=(one.starts_on, one.ends_on),
        )
        for one in rows
    }


async def _offers(actor: Actor, flags: Sequence[DuplicateFlag]) -> dict[UUID, Side]:
    ids = _ids(flags, FlagKind.OFFERS)
    if not ids:
        return {}
    rows = await visible_offers(actor).filter(id__in=ids).prefetch_related("slots")
    return {
        one.id: Side(
            row=QueueRow(
                href=f"/offers/{one.public_id}",
                public_id=one.public_id,
                title=one.title,
                machine="offer",
                state=one.state.value,
                since=one.submitted_at,
                lang=one.language,
            ),
            text=one.description,
            language=one.language,
            topics=tuple(slot.topic_id for slot in one.slots),
            period=(one.starts_on, one.ends_on),
        )
        for one in rows
    }
