"""Reads what was typed on each page of a request, and writes it back as typed."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from uuid import UUID

from concord.errors import Text
from concord.inputs import PICK, Reader
from concord.reference.code_lists import CodeLists
from concord.reference.languages import language_tag
from concord.requests.states import Confidentiality
from concord.requests.values import CirculatedTexts, DraftValues, FollowUp, ItemValues

Raw = Mapping[str, Sequence[str]]
Parser = Callable[[Reader, DraftValues, CodeLists], DraftValues]
NOTE_LENGTH = 4_000
TYPED_LANGUAGES = re.compile(r"[,;\s]+")


def parse_need(reader: Reader, values: DraftValues, lists: CodeLists) -> DraftValues:
    found = replace(
        values,
        title=reader.text("title", required=True),
        description=reader.prose("description"),
        language=parse_language(reader, "language"),
        tags=reader.choices("tags", lists.topics),
    )
    reader.check()
    return found


def parse_outcome(reader: Reader, values: DraftValues, lists: CodeLists) -> DraftValues:
    found = replace(values, outcome=reader.prose("outcome"), existing=reader.prose("existing"))
    reader.check()
    return found


def parse_timing(reader: Reader, values: DraftValues, lists: CodeLists) -> DraftValues:
    urgent = reader.boolean("urgent")
    found = replace(
        values,
        starts_on=reader.date("starts_on"),
        ends_on=reader.date("ends_on"),
        working_languages=_working_languages(reader),
        urgent=urgent,
        urgent_reason=reader.prose("urgent_reason", required=urgent, limit=NOTE_LENGTH),
        needed_by=reader.date("needed_by", required=urgent),
    )
    if found.starts_on and found.ends_on and found.ends_on < found.starts_on:
        reader.refuse("ends_on", Text("The end must not be before the start."))
    reader.check()
    return found


def parse_sharing(reader: Reader, values: DraftValues, lists: CodeLists) -> DraftValues:
    chosen = reader.choice(
        "confidentiality", [one.value for one in Confidentiality], required=True
    )
    coordinators = _uuids(reader, "coordinators")
    approver = _uuids(reader, "approver")[:1]
    excluded = _uuids(reader, "excluded")
    if chosen == Confidentiality.SEALED:
        if not coordinators:
            reader.refuse("coordinators", Text("Name at least one coordinator."))
        if not approver:
            reader.refuse("approver", Text("Name the one approver."))
    reader.check()
    return replace(
        values,
        confidentiality=Confidentiality(chosen),
        coordinators=coordinators,
        approver=approver[0] if approver else None,
        excluded=excluded,
    )


def parse_partners(reader: Reader, values: DraftValues, lists: CodeLists) -> DraftValues:
    chosen = reader.choices("co_states", lists.states)
    if values.lead_state in chosen:
        reader.refuse("co_states", Text("Your own State already makes this request."))
    reader.check()
    return replace(values, co_states=tuple(sorted(chosen)))


def parse_item(reader: Reader, lists: CodeLists) -> ItemValues:
    leaves = [topic.code for topic in lists.topics.values() if topic.parent_code]
    found = ItemValues(
        topic=reader.choice("topic", leaves, required=True),
        modality=reader.choice("modality", lists.modalities, required=True),
        beneficiary=reader.choice("beneficiary", lists.beneficiaries) or None,
        institution=reader.text("institution"),
        quantity=reader.integer("quantity"),
        unit=reader.choice("unit", lists.units) or None,
    )
    if found.quantity and not found.unit:
        reader.refuse("unit", Text("Say what the quantity counts."))
    reader.check()
    return found


def parse_texts(reader: Reader) -> CirculatedTexts:
    found = CirculatedTexts(
        reader.prose("circulation_text"),
        reader.prose("public_summary"),
        parse_language(reader, "texts_language"),
    )
    reader.check()
    return found


def parse_reasons(reader: Reader, codes: Iterable[str]) -> tuple[tuple[str, ...], str]:
    """Coded reasons of a return, and the note that the State reads with them."""
    reasons = reader.choices("reasons", list(codes), required=True)
    note = reader.prose("note", limit=NOTE_LENGTH)
    reader.check()
    return reasons, note


def parse_referral(reader: Reader, codes: Iterable[str]) -> tuple[str, str, str]:
    """Reason, proposed body, note for the approver."""
    reason = reader.choice("reason", list(codes), required=True)
    body, note = reader.text("body"), reader.prose("note", limit=NOTE_LENGTH)
    reader.check()
    return reason, body, note


def parse_decision(reader: Reader) -> tuple[bool, str, str]:
    """Agreed, competent body, note."""
    agreed = reader.choice("decision", ["refer", "refuse"], required=True) == "refer"
    body, note = reader.text("body"), reader.prose("note", limit=NOTE_LENGTH)
    reader.check()
    return agreed, body, note


def parse_no_objection(reader: Reader) -> tuple[str, bool, str]:
    """`agree` or `object`, whether the summary may be published, and a note."""
    decision = reader.choice("decision", ["agree", "object"], required=True)
    publish, note = reader.boolean("publish"), reader.prose("note", limit=NOTE_LENGTH)
    reader.check()
    return decision, publish and decision == "agree", note


def parse_question(reader: Reader) -> tuple[str, str]:
    question = reader.prose("question", required=True, limit=NOTE_LENGTH)
    language = parse_language(reader, "language")
    reader.check()
    return question, language


def parse_answer(reader: Reader) -> tuple[str, str, bool]:
    answer = reader.prose("answer", required=True)
    language = parse_language(reader, "language")
    shared = reader.boolean("shared")
    reader.check()
    return answer, language, shared


def parse_follow_up(reader: Reader) -> tuple[FollowUp, str]:
    answers = [FollowUp.YES.value, FollowUp.PARTLY.value, FollowUp.NO.value]
    answer = reader.choice("answer", answers, required=True)
    note = reader.prose("note", limit=NOTE_LENGTH)
    reader.check()
    return FollowUp(answer), note


def parse_version(reader: Reader) -> int:
    """The version that the form was made from; a form without one is never the present one."""
    version = reader.integer("version", minimum=0)
    reader.errors.pop("version", None)
    return version if version is not None else -1


def parse_id(reader: Reader, name: str) -> UUID:
    found = _uuids(reader, name)
    if not found:
        reader.refuse(name, Text(PICK))
    reader.check()
    return found[0]


def parse_language(reader: Reader, name: str) -> str:
    tag = language_tag(reader.text(name, limit=35) or "en")
    if tag is None:
        reader.refuse(name, Text(PICK))
    return tag or "en"


def known_tags(raw: Raw, name: str) -> list[str]:
    """Of the languages typed, those that are one: what a select box may keep."""
    return [tag for tag in raw.get(name, ())[:20] if language_tag(tag) == tag]


def raw_of(values: DraftValues) -> dict[str, list[str]]:
    """The fields of every page, as a form would send them."""
    return {
        "title": [values.title],
        "description": [values.description],
        "language": [values.language],
        "tags": list(values.tags),
        "outcome": [values.outcome],
        "existing": [values.existing],
        "starts_on": [_day(values.starts_on)],
        "ends_on": [_day(values.ends_on)],
        "working_languages": list(values.working_languages),
        "urgent": ["yes"] if values.urgent else [],
        "urgent_reason": [values.urgent_reason],
        "needed_by": [_day(values.needed_by)],
        "confidentiality": [values.confidentiality.value],
        "coordinators": [str(person) for person in values.coordinators],
        "approver": [str(values.approver)] if values.approver else [],
        "excluded": [str(one) for one in values.excluded],
        "co_states": list(values.co_states),
    }


def raw_of_item(item: ItemValues) -> dict[str, list[str]]:
    return {
        "topic": [item.topic],
        "modality": [item.modality],
        "beneficiary": [item.beneficiary or ""],
        "institution": [item.institution],
        "quantity": [str(item.quantity or "")],
        "unit": [item.unit or ""],
    }


def _working_languages(reader: Reader) -> tuple[str, ...]:
    """Those ticked, and any others typed as tags."""
    typed = TYPED_LANGUAGES.split(reader.text("other_languages"))
    found: list[str] = []
    for text in [*reader.raw.get("working_languages", ()), *typed]:
        tag = language_tag(text) if text else None
        if text and tag is None:
            reader.refuse("other_languages", Text("Give languages as tags, such as pt or fa-AF."))
        elif tag:
            found.append(tag)
    if len(found) > 20:
        reader.refuse("working_languages", Text("Give %(most)s or fewer.", most=20))
    return tuple(dict.fromkeys(found))


def _uuids(reader: Reader, name: str) -> tuple[UUID, ...]:
    found: list[UUID] = []
    for raw in reader.raw.get(name, ())[:200]:
        if not raw:
            continue
        try:
            found.append(UUID(raw))
        except ValueError:
            reader.refuse(name, Text(PICK))
    return tuple(dict.fromkeys(found))


def _day(value: date | None) -> str:
    return value.isoformat() if value else ""
