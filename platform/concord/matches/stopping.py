"""What a match keeps and gives back when it stops, and what has to be decided before."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from concord.errors import Text as Sentence
from concord.inputs import Reader
from concord.matches.models import Delivery, Match, MatchLine
from concord.matches.queries import undecided_of
from concord.matches.states import SUSPENDABLE, MatchState
from concord.matches.values import Decisions
from concord.matches.views import unit_name
from concord.reference.code_lists import CodeLists
from concord.requests.models import RequestItem
from concord.web.formats import number
from concord.web.i18n import gettext as _

STOPS = frozenset({"cancel", "end_suspension"})
"""Steps that end a match of which a part may have been delivered."""
DECIDE = "Say what was delivered of this, or that it did not take place."


@dataclass(frozen=True, slots=True)
class Fate:
    """What becomes of one line: agreed, kept because it was delivered, and given back."""

    topic: str
    agreed: str
    kept: str
    returned: str


def fates_of(lines: Sequence[MatchLine], lists: CodeLists, *, of_provider: bool) -> list[Fate]:
    """`lines` have item and slot; a provider reads the topic of its own slot."""
    found = []
    for line in lines:
        unit = unit_name(line.item.unit_id, lists)
        topic = line.slot.topic_id if of_provider else line.item.topic_id
        rest = line.item_quantity - line.delivered_item
        amounts = (line.item_quantity, line.delivered_item, rest)
        agreed, kept, returned = (f"{number(amount)} {unit}".strip() for amount in amounts)
        modality = _(lists.modalities[line.item.modality_id].label)
        what = f"{_(lists.topics[topic].label)} · {modality}"
        found.append(Fate(what, agreed, kept, returned))
    return found


@dataclass(frozen=True, slots=True)
class Amount:
    """A number to be typed: how much of one line was delivered."""

    name: str
    label: str
    unit: str
    reported: int


@dataclass(frozen=True, slots=True)
class Question:
    """A delivery that was reported and that nobody has confirmed yet."""

    name: str
    public_id: str
    title: str
    lang: str
    match: str
    amounts: tuple[Amount, ...]


async def undecided(matches: Sequence[Match]) -> list[Delivery]:
    """Deliveries of these matches on which a stop needs a word; no query before agreement."""
    agreed = [match.id for match in matches if _may_have_deliveries(match)]
    return await undecided_of(agreed) if agreed else []


def _may_have_deliveries(match: Match) -> bool:
    return match.state in SUSPENDABLE | {MatchState.SUSPENDED}


def questions(
    deliveries: Sequence[Delivery], lists: CodeLists, *, of_provider: bool
) -> list[Question]:
    return [_question(delivery, lists, of_provider=of_provider) for delivery in deliveries]


def _question(delivery: Delivery, lists: CodeLists, *, of_provider: bool) -> Question:
    amounts = tuple(
        Amount(
            name=_name(delivery, line.line_id),
            label=_what(line.line.item, lists),
            unit=unit_name(line.line.item.unit_id, lists),
            reported=line.effective,
        )
        for line in sorted(delivery.lines, key=lambda line: line.line.item.position)
    )
    return Question(
        name=f"delivery-{delivery.public_id}",
        public_id=delivery.public_id,
        title=delivery.title,
        lang=delivery.language,
        match=delivery.match.public_id,
        amounts=() if of_provider else amounts,
    )


def _what(item: RequestItem, lists: CodeLists) -> str:
    return (
        f"{_(lists.topics[item.topic_id].label)} · {_(lists.modalities[item.modality_id].label)}"
    )


def _name(delivery: Delivery, line_id: UUID) -> str:
    return f"quantity-{delivery.public_id}-{line_id}"


def decisions(reader: Reader, deliveries: Sequence[Delivery]) -> Decisions:
    """What was said of each delivery; the action refuses what this side may not say."""
    found: dict[UUID, dict[UUID, int] | None] = {}
    for delivery in deliveries:
        name = f"delivery-{delivery.public_id}"
        said = reader.choice(name, ("yes", "no"))
        if not said:
            reader.refuse(name, Sentence(DECIDE))
        found[delivery.id] = _quantities(reader, delivery) if said == "yes" else None
    reader.check()
    return found


def _quantities(reader: Reader, delivery: Delivery) -> dict[UUID, int]:
    return {
        line.line_id: reader.integer(_name(delivery, line.line_id), minimum=0, required=True) or 0
        for line in delivery.lines
    }
