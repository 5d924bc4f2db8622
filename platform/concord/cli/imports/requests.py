"""`concord import requests`: rows of CSV as the values of drafts."""

from dataclasses import replace

from concord.cli.imports import codes
from concord.cli.imports.beneficiaries import beneficiary_of
from concord.cli.imports.records import Record, Rows, checked, noted, read_records, reader_of
from concord.cli.imports.table import Problem, Row, Table, read_table
from concord.errors import InvalidInput, Text
from concord.inputs import Reader
from concord.reference.code_lists import CodeLists
from concord.requests.checking import check
from concord.requests.states import Confidentiality
from concord.requests.values import DraftValues, ItemValues

COLUMNS = (
    "external_id",
    "state",
    "co_states",
    "title",
    "description",
    "language",
    "topics",
    "modality",
    "institution",
    "quantity",
    "unit",
    "starts_on",
    "ends_on",
    "outcome",
    "existing",
    "confidentiality",
    "urgent",
)
REQUIRED = ("external_id", "state", "title", "description")
OF_ITEM = frozenset({"topics", "modality", "institution", "quantity", "unit"})
NO_MODALITY = "An item needs a form of assistance too."
NO_TOPIC = "An item needs a topic too."
HEADINGS = {"tags": "topics", "items": "topics", "topic": "topics", "lead_state": "state"}


def read_requests(content: bytes, lists: CodeLists) -> tuple[Table, list[Record[DraftValues]]]:
    """Every request that can be taken, and the table with what is wrong with the others."""
    table = read_table(content, columns=COLUMNS, required=REQUIRED)
    found = read_records(
        table, lambda rows, problems: _read(rows, problems, lists), of_item=OF_ITEM
    )
    return table, found


def _read(together: Rows, problems: list[Problem], lists: CodeLists) -> DraftValues:
    first = together.first
    reader = reader_of(first)
    values = _shared(reader, lists)
    checked(first, reader, problems)
    items, tags = list[ItemValues](), list[str]()
    for row in together.rows:
        item, further = _item(row, problems, lists)
        items += [item] if item else []
        tags += further
    values = replace(values, items=tuple(items), tags=tuple(dict.fromkeys(tags)))
    if not problems:
        try:
            check(values, lists)
        except InvalidInput as error:
            headed = {HEADINGS.get(name, name): why for name, why in error.fields.items()}
            noted(first, InvalidInput(headed), problems)
    return values


def _shared(reader: Reader, lists: CodeLists) -> DraftValues:
    language = codes.language(reader, "language")
    return DraftValues(
        lead_state=codes.state(reader, "state", lists),
        co_states=codes.states(reader, "co_states", lists),
        title=reader.text("title", required=True),
        description=reader.prose("description", required=True),
        language=language,
        working_languages=(language,),
        starts_on=reader.date("starts_on"),
        ends_on=reader.date("ends_on"),
        outcome=reader.prose("outcome"),
        existing=reader.prose("existing"),
        confidentiality=_class(reader),
        urgent=codes.yes(reader, "urgent"),
    )


def _class(reader: Reader) -> Confidentiality:
    known = [member.value for member in Confidentiality]
    found = codes.one_of(reader, "confidentiality", known, default=Confidentiality.PARTNERS)
    return Confidentiality(found) if found in known else Confidentiality.PARTNERS


def _item(
    row: Row, problems: list[Problem], lists: CodeLists
) -> tuple[ItemValues | None, tuple[str, ...]]:
    """The item of a row, if it has one, and the topics that are mere tags."""
    reader = reader_of(row)
    topics = codes.topics(reader, "topics", lists)
    modality = codes.one_of(reader, "modality", lists.modalities)
    institution = reader.text("institution")
    quantity = reader.integer("quantity")
    unit = codes.one_of(reader, "unit", lists.units)
    if not modality and any((institution, quantity, unit)):
        reader.refuse("modality", Text(NO_MODALITY))
    if modality and not topics:
        reader.refuse("topics", Text(NO_TOPIC))
    checked(row, reader, problems)
    if not (modality and topics):
        return None, topics
    item = ItemValues(
        topic=topics[0],
        modality=modality,
        beneficiary=beneficiary_of(institution),
        institution=institution,
        quantity=quantity,
        unit=unit or None,
    )
    return item, topics[1:]
