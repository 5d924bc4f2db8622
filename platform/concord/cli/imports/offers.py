"""`concord import offers`: rows of CSV as the values of drafts."""

from dataclasses import dataclass, replace

from concord.cli.imports import codes
from concord.cli.imports.records import Record, Rows, checked, read_records, reader_of
from concord.cli.imports.table import Problem, Row, Table, read_table
from concord.errors import Text
from concord.inputs import Reader
from concord.offers.states import Funding
from concord.offers.values import UNLIMITED, OfferValues, SlotValues
from concord.organizations.states import PROVIDER_KINDS
from concord.reference.code_lists import CodeLists

COLUMNS = (
    "external_id",
    "organization",
    "organization_kind",
    "title",
    "description",
    "language",
    "topics",
    "modality",
    "capacity",
    "unit",
    "funding",
    "starts_on",
    "ends_on",
    "delivery_languages",
    "regions",
    "excluded_states",
    "past",
)
REQUIRED = ("external_id", "organization", "title", "description")
OF_SLOT = frozenset({"topics", "modality", "capacity", "unit", "funding"})
KINDS = tuple(sorted(kind.value for kind in PROVIDER_KINDS))
NO_MODALITY = "A slot needs a form of assistance too."
NO_TOPIC = "A slot needs a topic too."
ENDS_FIRST = "The end must not be before the start."


@dataclass(frozen=True, slots=True)
class NamedOffer:
    """An offer and the name of its provider; `kind` is for one that is not registered yet."""

    organization: str
    kind: str
    values: OfferValues


def read_offers(content: bytes, lists: CodeLists) -> tuple[Table, list[Record[NamedOffer]]]:
    """Every offer that can be taken, and the table with what is wrong with the others."""
    table = read_table(content, columns=COLUMNS, required=REQUIRED)
    found = read_records(
        table, lambda rows, problems: _read(rows, problems, lists), of_item=OF_SLOT
    )
    return table, found


def _read(together: Rows, problems: list[Problem], lists: CodeLists) -> NamedOffer:
    reader = reader_of(together.first)
    offer = _shared(reader, lists)
    checked(together.first, reader, problems)
    slots, tags = list[SlotValues](), list[str]()
    for row in together.rows:
        slot, further = _slot(row, problems, lists, position=len(slots) + 1)
        slots += [slot] if slot else []
        tags += further
    values = replace(offer.values, slots=tuple(slots), tags=tuple(dict.fromkeys(tags)))
    return replace(offer, values=values)


def _shared(reader: Reader, lists: CodeLists) -> NamedOffer:
    starts_on, ends_on = reader.date("starts_on"), reader.date("ends_on")
    if starts_on and ends_on and ends_on < starts_on:
        reader.refuse("ends_on", Text(ENDS_FIRST))
    return NamedOffer(
        organization=reader.text("organization", required=True, limit=200),
        kind=codes.one_of(reader, "organization_kind", KINDS),
        values=OfferValues(
            title=reader.text("title", required=True),
            description=reader.prose("description", required=True),
            language=codes.language(reader, "language"),
            delivery_languages=codes.languages(reader, "delivery_languages"),
            regions=codes.some_of(reader, "regions", regions(lists)),
            past=codes.parts(reader, "past", most=20),
            starts_on=starts_on,
            ends_on=ends_on,
            excluded_states=codes.states(reader, "excluded_states", lists),
        ),
    )


def regions(lists: CodeLists) -> list[str]:
    """The M49 names of regions, then those of their parts."""
    found = lists.regions()
    return [*found, *(part for parts in found.values() for part in parts if part)]


def _slot(
    row: Row, problems: list[Problem], lists: CodeLists, *, position: int
) -> tuple[SlotValues | None, tuple[str, ...]]:
    """The slot of a row, if it has one, and the topics that are mere tags."""
    reader = reader_of(row)
    topics = codes.topics(reader, "topics", lists)
    modality = codes.one_of(reader, "modality", lists.modalities)
    unlimited = reader.text("capacity") == UNLIMITED
    capacity = None if unlimited else reader.integer("capacity")
    unit = codes.one_of(reader, "unit", lists.units)
    funding = codes.one_of(reader, "funding", tuple(Funding), default=Funding.NONE)
    if not modality and any((capacity, unlimited, unit)):
        reader.refuse("modality", Text(NO_MODALITY))
    if modality and not topics:
        reader.refuse("topics", Text(NO_TOPIC))
    checked(row, reader, problems)
    if not (modality and topics) or funding not in tuple(Funding):
        return None, topics
    slot = SlotValues(
        position=position,
        topic=topics[0],
        modality=modality,
        capacity=capacity,
        unit=UNLIMITED if unlimited else unit or None,
        funding=Funding(funding),
    )
    return slot, topics[1:]
