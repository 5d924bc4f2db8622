"""Reads what was typed about an offer, and writes it back as typed."""

import re
from collections.abc import Mapping, Sequence
from datetime import date

from concord.errors import Text
from concord.inputs import PICK, Reader
from concord.offers.checking import MOST_POSITION, MOST_SLOTS
from concord.offers.states import Funding
from concord.offers.values import (
    UNLIMITED,
    Answer,
    OfferValues,
    Question,
    Return,
    SlotValues,
)
from concord.reference.code_lists import CodeLists
from concord.reference.languages import CONTENT_LANGUAGES, language_tag

Raw = Mapping[str, Sequence[str]]
SLOT_FIELD = re.compile(r"slot-([1-9][0-9]{0,2})-(\w+)")
SLOT_FIELDS = ("topic", "modality", "capacity", "unit", "funding", "starts_on", "ends_on")
NOTE_LENGTH = 4_000
TYPED_LANGUAGES = re.compile(r"[,;\s]+")


def parse(reader: Reader, lists: CodeLists) -> OfferValues:
    """The whole offer; raises `InvalidInput` for every field at once."""
    values = OfferValues(
        title=reader.text("title"),
        description=reader.prose("description"),
        language=_language(reader, "language"),
        conditions=reader.prose("conditions"),
        delivery_languages=_languages(reader),
        regions=reader.choices("regions", _regions(lists)),
        tags=reader.choices("tags", lists.topics),
        past=reader.texts("past"),
        starts_on=reader.date("starts_on"),
        ends_on=reader.date("ends_on"),
        directed_state=reader.choice("directed_state", lists.states) or None,
        excluded_states=tuple(sorted(reader.choices("excluded_states", lists.states))),
        slots=tuple(
            _slot(reader, position, lists)
            for position in positions(reader.raw)
            if is_filled(reader.raw, position)
        ),
    )
    reader.check()
    return values


def positions(raw: Raw) -> list[int]:
    """The lines that a form shows, in order, whether anything was typed there or not."""
    found = {int(match[1]) for name in raw if (match := SLOT_FIELD.fullmatch(name))}
    return sorted(found)[: MOST_SLOTS + 1]


def is_filled(raw: Raw, position: int) -> bool:
    """Whether something was typed in a line; what is chosen from the start does not count."""
    counted = [name for name in SLOT_FIELDS if name != "funding"]
    return any(
        value.strip() for name in counted for value in raw.get(f"slot-{position}-{name}", ())
    )


def _slot(reader: Reader, position: int, lists: CodeLists) -> SlotValues:
    def name(field: str) -> str:
        return f"slot-{position}-{field}"

    topics = [topic.code for topic in lists.topics.values() if topic.parent_code]
    unit = reader.choice(name("unit"), lists.units) or None
    if unit == UNLIMITED and reader.text(name("capacity")) == "":
        capacity = None
    else:
        capacity = reader.integer(name("capacity"))
    funding = reader.choice(name("funding"), [each.value for each in Funding])
    return SlotValues(
        position=position,
        topic=reader.choice(name("topic"), topics, required=True),
        modality=reader.choice(name("modality"), lists.modalities, required=True),
        capacity=capacity,
        unit=unit,
        funding=Funding(funding) if funding in set(Funding) else Funding.NONE,
        starts_on=reader.date(name("starts_on")),
        ends_on=reader.date(name("ends_on")),
    )


def _language(reader: Reader, name: str) -> str:
    tag = language_tag(reader.text(name, required=True))
    if tag is None:
        reader.refuse(name, Text(PICK))
    return tag or ""


def _languages(reader: Reader) -> tuple[str, ...]:
    """Ticked ones, and further ones typed by their codes."""
    typed = TYPED_LANGUAGES.split(reader.text("other_languages"))
    further = [tag for tag in typed if tag]
    for tag in further:
        if language_tag(tag) is None:
            reader.refuse(
                "other_languages", Text("Enter codes of languages, for example pt, sw or uk.")
            )
    ticked = reader.raw.get("delivery_languages", ())
    tags = [language_tag(tag) for tag in (*ticked, *further)]
    if any(language_tag(tag) is None for tag in ticked):
        reader.refuse("delivery_languages", Text(PICK))
    return tuple(dict.fromkeys(tag for tag in tags if tag))


def _regions(lists: CodeLists) -> list[str]:
    return [name for region, parts in lists.regions().items() for name in (region, *parts)]


def raw_of(values: OfferValues) -> dict[str, list[str]]:
    """The form as it would be typed."""
    boxes = set(CONTENT_LANGUAGES)
    found = {
        "title": [values.title],
        "description": [values.description],
        "language": [values.language],
        "conditions": [values.conditions],
        "delivery_languages": [tag for tag in values.delivery_languages if tag in boxes],
        "other_languages": [
            ", ".join(tag for tag in values.delivery_languages if tag not in boxes)
        ],
        "regions": list(values.regions),
        "tags": list(values.tags),
        "past": ["\n".join(values.past)],
        "starts_on": [_day(values.starts_on)],
        "ends_on": [_day(values.ends_on)],
        "directed_state": [values.directed_state or ""],
        "excluded_states": list(values.excluded_states),
    }
    for slot in values.slots:
        found |= _raw_slot(slot)
    return found


def _raw_slot(slot: SlotValues) -> dict[str, list[str]]:
    typed = {
        "topic": slot.topic,
        "modality": slot.modality,
        "capacity": "" if slot.capacity is None else str(slot.capacity),
        "unit": slot.unit or "",
        "funding": slot.funding.value,
        "starts_on": _day(slot.starts_on),
        "ends_on": _day(slot.ends_on),
    }
    return {f"slot-{slot.position}-{name}": [value] for name, value in typed.items()}


def with_line(raw: Raw) -> dict[str, list[str]]:
    """The form with one more empty line."""
    last = max(positions(raw), default=0)
    found = {name: list(values) for name, values in raw.items()}
    if len(positions(raw)) < MOST_SLOTS and last < MOST_POSITION:
        found[f"slot-{last + 1}-topic"] = [""]
    return found


def without_line(raw: Raw, position: int) -> dict[str, list[str]]:
    """The form with one line less."""
    return {
        name: list(values)
        for name, values in raw.items()
        if not ((match := SLOT_FIELD.fullmatch(name)) and int(match[1]) == position)
    }


def parse_return(reader: Reader, lists: CodeLists) -> Return:
    codes = [entry.code for entry in lists.reasons_for("offer_returned")]
    found = Return(
        reasons=reader.choices("reasons", codes, required=True),
        note=reader.prose("note", limit=NOTE_LENGTH),
    )
    reader.check()
    return found


def parse_question(reader: Reader) -> Question:
    found = Question(
        text=reader.prose("question", required=True, limit=NOTE_LENGTH),
        language=_language(reader, "question_language"),
    )
    reader.check()
    return found


def parse_answer(reader: Reader) -> Answer:
    found = Answer(
        text=reader.prose("answer", required=True, limit=NOTE_LENGTH),
        language=_language(reader, "answer_language"),
        shared=reader.boolean("shared"),
    )
    reader.check()
    return found


def parse_version(reader: Reader) -> int:
    """The version that a form was made from; a form without one is older than any offer."""
    typed = reader.text("version")
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 9 else 0


def _day(value: date | None) -> str:
    return value.isoformat() if value else ""
