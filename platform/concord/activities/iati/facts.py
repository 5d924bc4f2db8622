"""One element of a file as the facts that are kept of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal

from concord.activities.country_names import StateNames, UnknownName, name_key
from concord.activities.iati import codes
from concord.activities.iati.elements import (
    LANG,
    Element,
    amount_in,
    by_language,
    code_of,
    date_in,
    moment_in,
    share_in,
    shortened,
    words,
)
from concord.activities.publishers import Publishers, Reporter
from concord.activities.values import ActivityValues, Mark, Place
from concord.errors import InvalidInput, Text
from concord.inputs import LONG, SHORT
from concord.reference.code_lists import CodeLists
from concord.reference.languages import language_tag

NO_IDENTIFIER = "The identifier is missing. Each activity needs its iati-identifier."
LONG_IDENTIFIER = "The identifier is longer than 200 characters."
NO_TITLE = "The title is missing."
MOST = 100


@dataclass(frozen=True, slots=True)
class Sheet:
    """What holds for the whole file."""

    version: str
    language: str
    generated_at: datetime | None
    names: StateNames
    lists: CodeLists
    publishers: Publishers


def read_activity(element: Element, line: int, sheet: Sheet) -> ActivityValues:
    """The facts of one activity; `InvalidInput` by the names of its elements."""
    reporter = _reporter(element)
    publisher = sheet.publishers.publisher_of(reporter)
    identifier, marks = _identifier(element, publisher, reporter)
    sectors = _sectors(element)
    amount, currency = _amount(element)
    bare = ActivityValues(
        publisher=publisher,
        identifier=identifier,
        source=f"IATI {sheet.version or '1.0'}",
        title="",
        provider=shortened(reporter.name or reporter.ref, SHORT),
        provider_type=reporter.type[:10],
        status=_status(element),
        places=_places(element, sheet),
        topics=_topics(sectors, sheet.lists),
        sectors=sectors,
        participants=_participants(element),
        amount=amount,
        currency=currency,
        url=words(element.find("activity-website"))[:500],
        stated_at=moment_in(element.get("last-updated-datetime")) or sheet.generated_at,
        marks=marks,
        line=line,
    )
    return _dated(_told(bare, element, sheet.language), element)


def _told(bare: ActivityValues, element: Element, usual: str) -> ActivityValues:
    """With its titles and descriptions in every language they are given in."""
    language = language_tag(element.get(LANG) or "") or usual
    titles = by_language(element.findall("title"), language, limit=1000, joint=" ")
    texts = by_language(element.findall("description"), language, limit=LONG, joint="\n\n")
    if not titles:
        raise InvalidInput({"title": Text(NO_TITLE)})
    main = next(iter(titles))
    others = [each for each in dict.fromkeys((*titles, *texts)) if each != main]
    return replace(
        bare,
        title=titles[main],
        description=texts.get(main) or next(iter(texts.values()), ""),
        language=main,
        translations={
            each: {"title": titles.get(each, ""), "description": texts.get(each, "")}
            for each in others[:20]
        },
    )


def _dated(bare: ActivityValues, element: Element) -> ActivityValues:
    """With its period: what happened, else what is planned."""
    dates = _dates(element)
    starts_on = dates.get("actual_start") or dates.get("planned_start")
    ends_on = dates.get("actual_end") or dates.get("planned_end")
    ordered = not (starts_on and ends_on and starts_on > ends_on)
    return replace(
        bare,
        starts_on=starts_on,
        ends_on=ends_on if ordered else None,
        dates={name: day.isoformat() for name, day in dates.items()},
        marks=bare.marks if ordered else (*bare.marks, Mark.DATES.value),
    )


def _reporter(element: Element) -> Reporter:
    found = element.find("reporting-org")
    if found is None:
        return Reporter("", "")
    return Reporter(
        ref=(found.get("ref") or "").strip()[:200],
        name=words(found)[:SHORT],
        type=(found.get("type") or "").strip(),
        secondary=found.get("secondary-reporter") in {"1", "true"},
    )


def _identifier(
    element: Element, publisher: str, reporter: Reporter
) -> tuple[str, tuple[str, ...]]:
    """Its identifier and what to know of it; before 1.01 it is made of its other number."""
    marks = []
    found = words(element.find("iati-identifier"))
    if not found:
        other = element.find("other-identifier")
        number = words(other) or (other.get("ref") or "" if other is not None else "")
        if not number:
            raise InvalidInput({"iati-identifier": Text(NO_IDENTIFIER)})
        owner = (reporter.ref,) if _is_secondary(reporter, publisher) and reporter.ref else ()
        found = "-".join((publisher, *owner, number))
        marks.append(Mark.MADE_IDENTIFIER.value)
    if len(found) > 200:
        raise InvalidInput({"iati-identifier": Text(LONG_IDENTIFIER)})
    if not found.startswith(publisher):
        marks.append(Mark.IDENTIFIER.value)
    if _is_secondary(reporter, publisher):
        marks.append(Mark.SECONDARY.value)
    return found, tuple(marks)


def _is_secondary(reporter: Reporter, publisher: str) -> bool:
    """Whether somebody else reports it: joint projects stand in such a file once for each."""
    return reporter.secondary or bool(reporter.ref and reporter.ref != publisher)


def _status(element: Element) -> str:
    found = element.find("activity-status")
    code = code_of(found) or words(found)
    return codes.STATUS.get(code.casefold(), code.casefold())[:40]


def _dates(element: Element) -> dict[str, date]:
    found: dict[str, date] = {}
    for each in element.findall("activity-date"):
        name = codes.DATES.get((each.get("type") or "").strip().casefold())
        text = each.get("iso-date") or each.get("iso_date") or ""
        day = date_in(text, "activity-date")
        if name and day:
            found.setdefault(name, day)
    return found


def _places(element: Element, sheet: Sheet) -> tuple[Place, ...]:
    """Recipient countries of the activity, else those of its transactions; then its regions."""
    countries = element.findall("recipient-country") or element.findall(
        "transaction/recipient-country"
    )
    found = [_place(each, sheet) for each in countries]
    found += [
        Place(name=words(each) or code_of(each), percentage=share_in(each.get("percentage")))
        for each in element.findall("recipient-region")
    ]
    return tuple(dict.fromkeys(place for place in found if place.name))[:MOST]


def _place(element: Element, sheet: Sheet) -> Place:
    """By its code; a code or name that is not in the list of States waits for a person."""
    code, name = code_of(element).upper(), words(element)[:SHORT]
    share = share_in(element.get("percentage"))
    listed = sheet.lists.state_of_iso2(code)
    if listed is not None:
        return Place(name=name or code, state=listed.code, percentage=share)
    called = name or code
    try:
        state = sheet.names.state_named(called, listed=not code)
    except UnknownName:
        return Place(name=called, key=name_key(called), percentage=share, waits=True)
    key = "" if not code and sheet.names.is_listed(called) else name_key(called)
    return Place(name=called, state=state, key=key, percentage=share)


def _sectors(element: Element) -> tuple[Mapping[str, str], ...]:
    found = []
    for each in element.findall("sector") or element.findall("transaction/sector"):
        vocabulary = (each.get("vocabulary") or "").strip()
        sector = {
            "vocabulary": codes.VOCABULARIES.get(vocabulary.casefold(), vocabulary)[:20],
            "code": code_of(each)[:40],
            "name": words(each)[:SHORT],
            "percentage": (each.get("percentage") or "").strip()[:10],
        }
        if sector not in found and (sector["code"] or sector["name"]):
            found.append(sector)
    return tuple(found[:MOST])


def _topics(sectors: Sequence[Mapping[str, str]], lists: CodeLists) -> tuple[str, ...]:
    """Our own topics where the file carries them, else groups that its DAC purposes mean."""
    own = [
        sector["code"]
        for sector in sectors
        if sector["vocabulary"] in codes.OURS and sector["code"] in lists.topics
    ]
    purposes = [
        topic
        for sector in sectors
        if sector["vocabulary"] == "1"
        for topic in codes.PURPOSES.get(sector["code"], ())
    ]
    return tuple(dict.fromkeys(own or purposes))


def _participants(element: Element) -> tuple[Mapping[str, str], ...]:
    found = []
    for each in element.findall("participating-org"):
        role = (each.get("role") or "").strip().casefold()
        one = {
            "role": codes.ROLES.get(role, role)[:40],
            "ref": (each.get("ref") or "").strip()[:120],
            "type": (each.get("type") or "").strip()[:20],
            "name": words(each)[:SHORT],
        }
        if one not in found and (one["name"] or one["ref"]):
            found.append(one)
    return tuple(found[:MOST])


def _amount(element: Element) -> tuple[Decimal | None, str | None]:
    """The budgets together where they are in one currency; before 1.01 the total cost."""
    usual = element.get("default-currency") or ""
    values = element.findall("budget/value") or element.findall("total-cost")
    sums = [(amount_in(each.text), each.get("currency") or usual) for each in values]
    given = [(amount, currency) for amount, currency in sums if amount]
    if len({currency for _, currency in given}) != 1:
        return None, None
    total, currency = sum((amount for amount, _ in given), Decimal(0)), given[0][1].strip()
    return (total, currency[:3] or None) if total < Decimal(10) ** 16 else (None, None)
