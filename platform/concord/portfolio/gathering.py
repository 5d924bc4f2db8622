"""What a coordinator's portfolio is made of: open items, free slots, and ranked pairings."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from tortoise.connection import get_connection

from concord.actor import Actor
from concord.matches.states import PENDING, TERMINAL
from concord.portfolio.rules import REASONS, Rules, resting_pairs
from concord.portfolio.values import Draft, Pair, Terms
from concord.reference.code_lists import CodeLists
from concord.reference.queries import code_lists
from concord.requests.queries import visible_to
from concord.requests.states import MATCHABLE
from matching.plans import Choice, Question

ITEMS = """
SELECT i.id, i.request_id, r.public_id, r.urgent, r.lead_state_id,
  i.quantity - i.reserved - i.delivered - coalesce(h.held, 0) AS open,
  EXISTS (SELECT FROM pairing p WHERE p.request_id = r.id) AS ranked
FROM request_item i JOIN request r ON r.id = i.request_id
LEFT JOIN LATERAL (SELECT sum(l.item_quantity) AS held FROM match_line l
  JOIN match m ON m.id = l.match_id
  WHERE l.item_id = i.id AND l.live AND m.state = ANY($2)) h ON true
WHERE i.request_id = ANY($1) AND i.quantity IS NOT NULL
ORDER BY r.submitted_at NULLS LAST, r.id, i.position
"""

CHOICES = """
SELECT p.request_id, o.id AS offer_id, o.public_id AS offer, p.score, p.rank, p.model_version,
  i.id AS item, i.topic_id AS asked, s.id AS slot, s.topic_id AS given,
  s.capacity - s.held - s.reserved - s.delivered AS left_over
FROM pairing p
JOIN offer o ON o.id = p.offer_id AND o.state = 'published'
  AND (o.expires_at IS NULL OR o.expires_at > $2)
JOIN organization g ON g.id = o.organization_id AND g.verification = 'verified'
CROSS JOIN LATERAL jsonb_to_recordset(p.lines) AS l (item uuid, slot uuid)
JOIN request_item i ON i.id = l.item AND i.request_id = p.request_id
JOIN offer_slot s ON s.id = l.slot AND s.offer_id = o.id AND s.retired_at IS NULL
  AND s.modality_id = i.modality_id
  AND (s.capacity IS NULL OR s.unit_id = 'unlimited' OR s.unit_id = i.unit_id)
WHERE p.request_id = ANY($1) AND p.score > 0
  AND NOT EXISTS (SELECT FROM match m WHERE m.request_id = p.request_id
    AND m.offer_id = p.offer_id AND m.state <> ALL($3))
ORDER BY p.request_id, p.rank, i.position, s.position
"""

FINGERPRINT = """
SELECT md5(concat_ws('|',
  (SELECT string_agg(concat_ws(',', r.id, r.version, k.computed_at,
       (SELECT sum(i.reserved + i.delivered) FROM request_item i WHERE i.request_id = r.id)),
     ';' ORDER BY r.id)
   FROM request r LEFT JOIN ranking k ON k.request_id = r.id WHERE r.id = ANY($1)),
  (SELECT concat_ws(',', count(*), sum(s.capacity), sum(s.held), sum(s.reserved), sum(s.delivered))
   FROM offer_slot s WHERE s.retired_at IS NULL
     AND s.offer_id IN (SELECT p.offer_id FROM pairing p WHERE p.request_id = ANY($1))))) AS seen
"""


@dataclass(frozen=True, slots=True)
class Item:
    """An item of which something is still open."""

    id: UUID
    request_id: UUID
    request: str
    open: int
    priority: float
    ranked: bool


@dataclass(frozen=True, slots=True)
class Option:
    """A slot that could serve an item; one for each choice of the question."""

    item: Item
    offer_id: UUID
    offer: str
    slot: UUID
    quantity: int
    score: float
    rank: int
    against: str
    """Why it is not to be chosen; empty where it is."""

    @property
    def pair(self) -> Pair:
        return Pair(self.item.request, self.offer)


@dataclass(frozen=True, slots=True)
class Gathered:
    """The question with what its numbers stand for; `lost` says of an item why options are out."""

    question: Question
    items: tuple[Item, ...]
    options: tuple[Option, ...]
    lost: Mapping[UUID, str]
    model_version: str
    fingerprint: str


async def gather(actor: Actor, draft: Draft, *, now: datetime) -> Gathered:
    """Everything that the actor may propose for, as it stands now; five queries."""
    requests = await proposable(actor)
    seen = await _fingerprint(requests)
    connection = get_connection("default")
    asked = await connection.execute_query_dict(ITEMS, [requests, sorted(PENDING)])
    rows = await connection.execute_query_dict(CHOICES, [requests, now, sorted(TERMINAL)])
    lists = await code_lists()
    items = tuple(_item(row, draft.terms, lists) for row in asked if row["open"] > 0)
    rules = Rules(lists, await resting_pairs(requests, now=now), draft.excluded)
    return _gathered(items, rows, rules, draft, seen)


async def fingerprint_for(actor: Actor) -> str:
    """Another one means that the question has changed; what was typed is not in it."""
    return await _fingerprint(await proposable(actor))


async def _fingerprint(requests: Sequence[UUID]) -> str:
    rows = await get_connection("default").execute_query_dict(FINGERPRINT, [requests])
    return str(rows[0]["seen"])


async def proposable(actor: Actor) -> list[UUID]:
    """Requests being matched for which the actor may propose: of States that it serves."""
    found = visible_to(actor).filter(state__in=sorted(MATCHABLE))
    if actor.states:
        found = found.filter(lead_state_id__in=sorted(actor.states))
    return [UUID(str(row)) for row in await found.values_list("id", flat=True)]


def _item(row: Mapping[str, Any], terms: Terms, lists: CodeLists) -> Item:
    state = lists.states[row["lead_state_id"]]
    priority = terms.urgent if row["urgent"] else 1.0
    if state.ldc or state.lldc or state.sids:
        priority *= terms.least_served
    return Item(
        id=row["id"],
        request_id=row["request_id"],
        request=row["public_id"],
        open=row["open"],
        priority=priority,
        ranked=row["ranked"],
    )


def _gathered(
    items: tuple[Item, ...],
    rows: Sequence[Mapping[str, Any]],
    rules: Rules,
    draft: Draft,
    fingerprint: str,
) -> Gathered:
    open_items = {item.id: item for item in items}
    all_options = [
        _option(row, open_items[row["item"]], rules) for row in rows if row["item"] in open_items
    ]
    possible = [option for option in all_options if option.quantity > 0]
    free = {(one.item.id, one.slot): one for one in reversed(possible) if not one.against}
    found = tuple(free.values())[::-1]
    versions = sorted({row["model_version"] for row in rows})
    return Gathered(
        question=_question(items, found, {row["slot"]: row["left_over"] for row in rows}, draft),
        items=items,
        options=found,
        lost=_lost(possible),
        model_version=", ".join(versions)[:200],
        fingerprint=fingerprint,
    )


def _lost(options: Sequence[Option]) -> dict[UUID, str]:
    """Of each item that an option is out for the reason that says most of what can be done."""
    return {
        option.item.id: why
        for why in reversed(REASONS)
        for option in options
        if option.against == why
    }


def _question(
    items: Sequence[Item],
    options: Sequence[Option],
    left: Mapping[UUID, int | None],
    draft: Draft,
) -> Question:
    needs = {item.id: place for place, item in enumerate(items)}
    slots = {slot: place for place, slot in enumerate(dict.fromkeys(one.slot for one in options))}
    free = [left[slot] for slot in slots]
    choices = tuple(
        Choice(needs[one.item.id], slots[one.slot], one.score, one.quantity) for one in options
    )
    return Question(
        priorities=tuple(item.priority for item in items),
        left=tuple(free),
        choices=choices,
        price=draft.terms.price,
        floor=draft.terms.floor,
        kept=_kept(options, choices, free, draft),
    )


def _option(row: Mapping[str, Any], item: Item, rules: Rules) -> Option:
    left = row["left_over"]
    return Option(
        item=item,
        offer_id=row["offer_id"],
        offer=row["offer"],
        slot=row["slot"],
        quantity=item.open if left is None else min(item.open, left),
        score=row["score"],
        rank=row["rank"],
        against=rules.against(row, Pair(item.request, row["offer"])),
    )


def _kept(
    options: Sequence[Option],
    choices: Sequence[Choice],
    left: Sequence[int | None],
    draft: Draft,
) -> tuple[int, ...]:
    """Choices of the pairs that stay, as far as they still fit together."""
    free = list(left)
    served: set[int] = set()
    kept = []
    for place, (option, choice) in enumerate(zip(options, choices, strict=True)):
        over = free[choice.supply]
        if option.pair not in draft.kept or choice.need in served:
            continue
        if over is None or choice.quantity <= over:
            free[choice.supply] = None if over is None else over - choice.quantity
            served.add(choice.need)
            kept.append(place)
    return tuple(kept)
