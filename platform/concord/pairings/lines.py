"""The lines and dates with which a pairing can be proposed as it stands."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from concord.offers.models import OfferSlot
from concord.pairings import wording
from concord.pairings.models import Pairing
from concord.reference.code_lists import CodeLists
from concord.requests.views import ItemView

UNLIMITED = "unlimited"


@dataclass(frozen=True, slots=True)
class LineView:
    """A suggested line, as the hidden fields of a proposal: item × slot × quantities."""

    item: str
    slot: str
    item_quantity: int
    slot_quantity: int
    words: str


@dataclass(frozen=True, slots=True)
class Period:
    """Both days included; None leaves that side open."""

    starts_on: date | None
    ends_on: date | None

    @property
    def is_bounded(self) -> bool:
        return self.starts_on is not None and self.ends_on is not None

    def common(self, *others: "Period") -> "Period | None":
        """The days in all of them; None when there is none."""
        starts = [one.starts_on for one in (self, *others) if one.starts_on]
        ends = [one.ends_on for one in (self, *others) if one.ends_on]
        found = Period(max(starts, default=None), min(ends, default=None))
        over = found.starts_on and found.ends_on and found.starts_on > found.ends_on
        return None if over else found


def suggested_lines(
    pairing: Pairing, slots: Iterable[OfferSlot], items: Iterable[ItemView], lists: CodeLists
) -> list[LineView]:
    """What the matcher suggests, as far as it is still open and left, nothing taken twice."""
    asked = {str(item.id): item for item in items}
    given = {str(slot.id): slot for slot in slots}
    wanted = {key: _open_quantity(item) for key, item in asked.items()}
    left = {key: slot_left(slot) for key, slot in given.items()}
    found = []
    for line in pairing.lines:
        item, slot = str(line["item"]), str(line["slot"])
        if item not in asked or slot not in given or not _fit(asked[item], given[slot], lists):
            continue
        quantity = min(_number(line["quantity"]), wanted[item], left[slot])
        if quantity > 0:
            wanted[item] -= quantity
            left[slot] -= quantity
            found.append(_line(asked[item], given[slot], quantity, lists))
    return found


def proposal_period(
    asked: Period,
    offered: Period,
    slots: Iterable[OfferSlot],
    lines: Sequence[LineView],
    *,
    today: date,
) -> Period | None:
    """The days that both sides, and every slot of the lines, leave possible from today on."""
    used = {one.slot for one in lines}
    windows = [Period(slot.starts_on, slot.ends_on) for slot in slots if str(slot.id) in used]
    found = asked.common(offered, Period(today, None), *windows)
    return found if found and found.is_bounded else None


def slot_left(slot: OfferSlot) -> int:
    """Free units; an unlimited slot never runs out."""
    if slot.capacity is None:
        return 1_000_000
    return slot.capacity - slot.held - slot.reserved - slot.delivered


def related(asked: str, given: str, lists: CodeLists) -> bool:
    """Of one group, or named as touching the same matter."""
    one, other = lists.topics[asked], lists.topics[given]
    same_group = lists.topic_group(asked) is lists.topic_group(given)
    return same_group or given in one.related or asked in other.related


def _fit(item: ItemView, slot: OfferSlot, lists: CodeLists) -> bool:
    """Whether a line needs neither a ratio nor a second thought."""
    counted = slot.capacity is not None and slot.unit_id != UNLIMITED
    same_unit = not counted or item.unit == slot.unit_id
    return (
        item.modality == slot.modality_id
        and same_unit
        and related(item.topic, slot.topic_id, lists)
    )


def _open_quantity(item: ItemView) -> int:
    return (item.quantity or 0) - (item.reserved or 0) - (item.delivered or 0)


def _number(value: object) -> int:
    return value if isinstance(value, int) else 0


def _line(item: ItemView, slot: OfferSlot, quantity: int, lists: CodeLists) -> LineView:
    unit = lists.units.get(item.unit or "")
    topic = wording.topic_name(item.topic, lists)
    return LineView(
        item=str(item.id),
        slot=str(slot.id),
        item_quantity=quantity,
        slot_quantity=quantity,
        words=wording.line(topic, quantity, unit.label if unit else ""),
    )
