"""The columns of each export we can read, and how a row of it becomes an activity."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from concord.activities.country_names import StateNames, UnknownName, name_key
from concord.activities.values import ActivityValues, Place
from concord.errors import Text
from concord.inputs import SHORT, Reader
from concord.reference.code_lists import CodeLists
from concord.reference.languages import language_tag

AMOUNT = "Enter an amount as a plain number, for example 1250000.50."
LANGUAGE = "Enter a language tag, for example en or pt-BR."
TOPICS = "These are not topics of the list: %(codes)s."
MOST = Decimal(10) ** 16
_LEFT_BEHIND = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]+"
)


@dataclass(frozen=True, slots=True)
class Source:
    """One kind of file: `columns` maps our fields to its headings, `constants` fills the others.

    `tidied`: what its machine left in the texts (control characters) is taken out, not refused.
    """

    name: str
    columns: Mapping[str, str]
    constants: Mapping[str, str]
    identifier_prefix: str = ""
    publisher: str = ""
    tidied: bool = False

    @property
    def headings(self) -> frozenset[str]:
        return frozenset(self.columns.values())

    def heading(self, field: str) -> str:
        return self.columns.get(field, field)


FIELDS = (
    "identifier",
    "state",
    "title",
    "description",
    "language",
    "provider",
    "status",
    "topics",
    "starts_on",
    "ends_on",
    "amount",
    "currency",
    "url",
)
CONCORD = Source("Concord", {name: name for name in FIELDS}, {})
WORLD_BANK = Source(
    "World Bank projects",
    {
        "identifier": "id",
        "state": "countryname",
        "title": "project_name",
        "description": "pdo",
        "status": "projectstatusdisplay",
        "starts_on": "boardapprovaldate",
        "ends_on": "closingdate",
        "amount": "curr_total_commitment",
        "url": "url",
    },
    {"provider": "World Bank", "currency": "USD", "language": "en"},
    identifier_prefix="44000-",  # how its own IATI files call the same project
    publisher="44000",
    tidied=True,
)


@dataclass(frozen=True, slots=True)
class NoState:
    """A row that is not loaded: `name` is blank or a region."""

    name: str


def source_of(headings: list[str]) -> Source:
    """The kind of file that has these headings."""
    return WORLD_BANK if {"id", "countryname"} <= set(headings) else CONCORD


def read_activity(
    row: Mapping[str, str], source: Source, *, names: StateNames, lists: CodeLists
) -> ActivityValues | NoState:
    """One row as an activity; raises InvalidInput by our fields' names.

    The place comes first: what is wrong with a row that is not loaded does not matter. One whose
    place waits for a person is loaded without a State.
    """
    reader = Reader({name: [_value(row, name, source)] for name in FIELDS})
    place = reader.text("state", limit=SHORT)
    reader.check()
    found = _placed(place, names)
    return found if isinstance(found, NoState) else _activity(reader, found, source, lists)


def _activity(reader: Reader, place: Place, source: Source, lists: CodeLists) -> ActivityValues:
    language = reader.text("language") or "en"
    tag = language_tag(language)
    if tag is None:
        reader.refuse("language", Text(LANGUAGE))
    values = ActivityValues(
        identifier=source.identifier_prefix + reader.text("identifier", required=True, limit=120),
        source=source.name,
        title=reader.text("title", required=True, limit=1000),
        places=(place,),
        publisher=source.publisher,
        description=reader.prose("description"),
        language=tag or "en",
        provider=reader.text("provider", limit=SHORT),
        status=reader.text("status", limit=40),
        topics=_topics(reader, lists),
        starts_on=reader.date("starts_on"),
        ends_on=reader.date("ends_on"),
        amount=_amount(reader),
        currency=reader.text("currency", limit=3) or None,
        url=reader.text("url", limit=500),
    )
    reader.check()
    return values


def _placed(name: str, names: StateNames) -> Place | NoState:
    key = "" if names.is_listed(name) else name_key(name)
    try:
        state = names.state_named(name)
    except UnknownName:
        return Place(name=name, key=key, waits=True)
    return Place(name=name, state=state, key=key) if state else NoState(name)


def _value(row: Mapping[str, str], name: str, source: Source) -> str:
    found = row.get(source.heading(name), "") or source.constants.get(name, "")
    return tidied(found) if source.tidied else found


def tidied(text: str) -> str:
    """Without control characters and invisible marks of direction."""
    return _LEFT_BEHIND.sub(" ", text)


def _topics(reader: Reader, lists: CodeLists) -> tuple[str, ...]:
    codes = tuple(filter(None, (code.strip() for code in reader.text("topics").split(";"))))
    if unknown := [code for code in codes if code not in lists.topics]:
        reader.refuse("topics", Text(TOPICS, codes=", ".join(unknown)))
    return codes


def _amount(reader: Reader) -> Decimal | None:
    """Cents at most; nothing for a blank and for zero, which exports write for “unknown”."""
    text = reader.text("amount", limit=40)
    try:
        amount = round(Decimal(text or "0"), 2)
    except InvalidOperation:
        amount = MOST
    if not 0 <= amount < MOST:
        reader.refuse("amount", Text(AMOUNT))
        return None
    return amount or None
