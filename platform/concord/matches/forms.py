"""What was typed into the forms of matches, as values or as errors by field."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from concord.errors import InvalidInput, Text
from concord.inputs import DATE, PICK, Reader
from concord.matches.values import (
    DATA_PARTS,
    PARTICIPANT_ROLES,
    LineDraft,
    Part,
    ParticipantDraft,
    distinct,
)
from concord.reference.values import ReasonEntry

MOST_LINES = 40
_LINE = re.compile(r"line-(\d{1,2})-item")
_PARTICIPANT = re.compile(r"participant-(\d{1,2})-organization")


@dataclass(frozen=True, slots=True)
class ProposalForm:
    """A typed proposal; participants are named by their public ids until they are looked up."""

    lines: tuple[LineDraft, ...]
    participants: tuple[tuple[str, Part], ...]
    starts_on: date
    ends_on: date
    data_shared: tuple[str, ...]
    rationale: str
    no_conflict: bool


@dataclass(frozen=True, slots=True)
class Said:
    """A coded reason and a note."""

    reason: str
    note: str


def proposal(reader: Reader) -> ProposalForm:
    """Raises `InvalidInput` with the field of each line that is wrong."""
    starts_on = reader.date("starts_on", required=True)
    ends_on = reader.date("ends_on", required=True)
    lines = tuple(line for number in _numbers(reader, _LINE) if (line := _line(reader, number)))
    participants = tuple(
        found
        for number in _numbers(reader, _PARTICIPANT)
        if (found := _participant(reader, number))
    )
    shared = distinct(reader.choices("data_shared", DATA_PARTS))
    rationale = reader.prose("rationale")
    if not reader.boolean("no_conflict"):
        reader.refuse("no_conflict", Text("Declare that you have no conflict of interest."))
    reader.check()
    if starts_on is None or ends_on is None:
        raise InvalidInput({"starts_on": Text(DATE)})
    return ProposalForm(lines, participants, starts_on, ends_on, shared, rationale, True)


def _numbers(reader: Reader, pattern: re.Pattern[str]) -> list[int]:
    found = (pattern.fullmatch(name) for name in reader.raw)
    return sorted({int(match[1]) for match in found if match})[:MOST_LINES]


def _line(reader: Reader, number: int) -> LineDraft | None:
    """A line without a slot is left out."""
    name = f"line-{number}-"
    if not reader.text(f"{name}slot"):
        return None
    item, slot = _uuid(reader, f"{name}item"), _uuid(reader, f"{name}slot")
    asked = reader.integer(f"{name}item_quantity", required=True)
    given = reader.integer(f"{name}slot_quantity") or asked
    reason = reader.text(f"{name}ratio_reason", limit=500)
    if item is None or slot is None or asked is None or given is None:
        return None
    return LineDraft(item, slot, asked, given, reason)


def _uuid(reader: Reader, name: str) -> UUID | None:
    try:
        return UUID(reader.text(name))
    except ValueError:
        reader.refuse(name, Text(PICK))
        return None


def _participant(reader: Reader, number: int) -> tuple[str, Part] | None:
    organization = reader.text(f"participant-{number}-organization", limit=20)
    role = reader.choice(f"participant-{number}-role", PARTICIPANT_ROLES) or Part.FUNDER.value
    if not organization or role not in PARTICIPANT_ROLES:
        return None
    return organization, Part(role)


def drafts(
    form: ProposalForm, found: Mapping[str, UUID]
) -> tuple[list[ParticipantDraft], dict[str, str]]:
    """Participants by their ids, and an error for each that is not known."""
    errors = {
        f"participant-{number}-organization": Text("There is no such organization.")
        for number, (public_id, _) in enumerate(form.participants)
        if public_id not in found
    }
    known = [
        ParticipantDraft(found[public_id], role)
        for public_id, role in form.participants
        if public_id in found
    ]
    return known, dict(errors)


def data_shared(reader: Reader, proposed: Sequence[str]) -> tuple[str, ...]:
    chosen = reader.choices("data_shared", proposed)
    reader.check()
    return distinct(chosen)


def said(reader: Reader, reasons: Sequence[ReasonEntry]) -> Said:
    reason = reader.choice("reason", [entry.code for entry in reasons], required=True)
    note = reader.prose("note", limit=4000)
    reader.check()
    return Said(reason, note)


def note(reader: Reader, *, required: bool = False) -> str:
    found = reader.prose("note", required=required, limit=4000)
    reader.check()
    return found


@dataclass(frozen=True, slots=True)
class Acceptance:
    no_conflict: bool
    note: str


def acceptance(reader: Reader) -> Acceptance:
    found = Acceptance(reader.boolean("no_conflict"), reader.prose("note", limit=4000))
    reader.check()
    return found


@dataclass(frozen=True, slots=True)
class ApprovalForm:
    risk_note: str
    risk_mitigation: str
    funding_note: str
    join_reason: str


def approval(reader: Reader) -> ApprovalForm:
    found = ApprovalForm(
        risk_note=reader.prose("risk_note"),
        risk_mitigation=reader.prose("risk_mitigation"),
        funding_note=reader.prose("funding_note"),
        join_reason=reader.prose("join_reason", limit=4000),
    )
    reader.check()
    return found


def version(reader: Reader) -> int:
    """The version of the thing that the form was made from; 0, which is none, without one."""
    found = reader.integer("version", minimum=1, maximum=10**9)
    reader.errors.pop("version", None)
    return found or 0
