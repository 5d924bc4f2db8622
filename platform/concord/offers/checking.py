"""What is wrong with an offer's values: unknown codes, dates in the wrong order, capacity."""

from collections.abc import Iterator
from datetime import date

from concord.errors import InvalidInput, Text
from concord.inputs import PICK, REQUIRED, WHOLE_NUMBER_LIMIT
from concord.offers.values import UNLIMITED, UNLIMITED_MODALITIES, OfferValues, SlotValues
from concord.reference.code_lists import CodeLists
from concord.reference.languages import language_tag

MOST_SLOTS = 20
MOST_POSITION = 999
ORDER = "The end must not be before the start."
OUTSIDE = "These dates lie outside the dates of the offer."
LIMITED = "Only e-learning and guides can be unlimited. Choose a unit and say how many."
NO_COUNT = "Leave the number empty for what is unlimited."
STATES = "Choose States from the list."


def field(slot: SlotValues, name: str) -> str:
    """The name of a slot's field in the form, for errors beside it."""
    return f"slot-{slot.position}-{name}"


def check(values: OfferValues, lists: CodeLists) -> None:
    """Raise `InvalidInput` for what no draft may hold; what is still missing is no fault."""
    _refuse([*_faults(values, lists), *_slot_faults(values, lists)])


def check_for_submission(values: OfferValues, *, today: date) -> None:
    """Raise `InvalidInput` for everything that a draft lacks to be submitted."""
    _refuse([*_gaps(values, today), *_slot_gaps(values)])


def _refuse(found: list[tuple[str, Text]]) -> None:
    if found:
        raise InvalidInput(dict(reversed(found)))


def _faults(values: OfferValues, lists: CodeLists) -> Iterator[tuple[str, Text]]:
    if language_tag(values.language) is None:
        yield "language", Text(PICK)
    if any(language_tag(tag) is None for tag in values.delivery_languages):
        yield "delivery_languages", Text(PICK)
    known = {name for region, parts in lists.regions().items() for name in (region, *parts)}
    if not known.issuperset(values.regions):
        yield "regions", Text(PICK)
    if any(code not in lists.topics for code in values.tags):
        yield "tags", Text(PICK)
    if values.directed_state is not None and values.directed_state not in lists.states:
        yield "directed_state", Text(STATES)
    if any(code not in lists.states for code in values.excluded_states):
        yield "excluded_states", Text(STATES)
    elif values.directed_state in values.excluded_states:
        yield (
            "excluded_states",
            Text("The State that the offer is directed to cannot be excluded."),
        )
    if values.starts_on and values.ends_on and values.ends_on < values.starts_on:
        yield "ends_on", Text(ORDER)
    if len(values.slots) > MOST_SLOTS:
        yield "slots", Text("Give %(most)s or fewer.", most=MOST_SLOTS)


def _slot_faults(values: OfferValues, lists: CodeLists) -> Iterator[tuple[str, Text]]:
    for slot in values.slots:
        topic = lists.topics.get(slot.topic)
        if topic is None or topic.parent_code is None:
            yield field(slot, "topic"), Text(PICK)
        if slot.modality not in lists.modalities:
            yield field(slot, "modality"), Text(PICK)
        if slot.unit is not None and slot.unit not in lists.units:
            yield field(slot, "unit"), Text(PICK)
        yield from _capacity_faults(slot)
        if slot.starts_on and slot.ends_on and slot.ends_on < slot.starts_on:
            yield field(slot, "ends_on"), Text(ORDER)
        elif _begins_before(values, slot):
            yield field(slot, "starts_on"), Text(OUTSIDE)
        elif _ends_after(values, slot):
            yield field(slot, "ends_on"), Text(OUTSIDE)


def _capacity_faults(slot: SlotValues) -> Iterator[tuple[str, Text]]:
    if slot.unit == UNLIMITED and slot.modality not in UNLIMITED_MODALITIES:
        yield field(slot, "unit"), Text(LIMITED)
    if slot.unit == UNLIMITED and slot.capacity is not None:
        yield field(slot, "capacity"), Text(NO_COUNT)
    if slot.capacity is not None and not 1 <= slot.capacity <= WHOLE_NUMBER_LIMIT:
        yield field(slot, "capacity"), Text("Enter a quantity of 1 or more.")


def _begins_before(values: OfferValues, slot: SlotValues) -> bool:
    earliest = slot.starts_on or slot.ends_on
    return bool(values.starts_on and earliest and earliest < values.starts_on)


def _ends_after(values: OfferValues, slot: SlotValues) -> bool:
    latest = slot.ends_on or slot.starts_on
    return bool(values.ends_on and latest and latest > values.ends_on)


def _gaps(values: OfferValues, today: date) -> Iterator[tuple[str, Text]]:
    if not values.title:
        yield "title", Text("Give the offer a title.")
    if not values.description:
        yield "description", Text("Describe what you offer.")
    if not values.delivery_languages:
        yield "delivery_languages", Text("Choose at least one language of delivery.")
    if values.ends_on and values.ends_on < today:
        yield "ends_on", Text("These dates are over. Give an end that lies ahead.")
    if not values.slots:
        yield "slots", Text("Add at least one thing that you can give.")


def _slot_gaps(values: OfferValues) -> Iterator[tuple[str, Text]]:
    for slot in values.slots:
        if slot.unit is None:
            yield field(slot, "unit"), Text(REQUIRED)
        if slot.capacity is None and slot.unit != UNLIMITED:
            yield field(slot, "capacity"), Text("Say how many.")
