"""Reads what was typed about organizations into values, or refuses it field by field."""

import re
from collections.abc import Collection
from datetime import date, datetime

from concord.actor import Role
from concord.errors import Text
from concord.inputs import SHORT, Reader
from concord.organizations.code_lists import LONGEST_LABEL, CodeList
from concord.organizations.names import name_key
from concord.organizations.questions import CODES
from concord.organizations.states import (
    PROVIDER_KINDS,
    Finding,
    OrganizationKind,
    Sanctions,
)
from concord.organizations.values import (
    Answer,
    CodeListEdit,
    Decision,
    NewOrganization,
    Nomination,
    NoteVerbale,
    ProfileValues,
    Registration,
    ScreeningValues,
    Suspension,
)
from concord.reference.languages import UI_LANGUAGES

NAME_LENGTH = 200
REFERENCE_LENGTH = 120
MOST_COOLING_DAYS = 3650
WEBSITE = "Enter a web address that begins with https:// or http://."
NOT_A_NAME = "Enter the name of the organization in letters."
STATE_MISSING = "Choose the State."
IN_FUTURE = "This date is in the future."
NOTE_FOR_CONCERN = "Say in the note what the concern is and why."
NOTE_FOR_HIT = "Say who was hit and how it was adjudicated."
OWN_REGISTRATION = frozenset(PROVIDER_KINDS - {OrganizationKind.SECRETARIAT})
NEEDS_STATE = frozenset({OrganizationKind.STATE_AUTHORITY, OrganizationKind.STATE})

_WEBSITE = re.compile(r"https?://[^\s/?#@\\]+\.[^\s/?#@\\]+([/?#]\S*)?", re.IGNORECASE)


def registration(reader: Reader, *, states: Collection[str], signed_in: bool) -> Registration:
    """A provider's own registration; who is signed in gives no name and address."""
    organization = _organization(reader, kinds=OWN_REGISTRATION, states=states)
    name = "" if signed_in else reader.text("person_name", required=True, limit=NAME_LENGTH)
    email = "" if signed_in else reader.email("email")
    if not reader.boolean("truthful"):
        reader.refuse("truthful", Text("Confirm that you may speak for the organization."))
    reader.check()
    return Registration(organization=organization, person_name=name, email=email)


def new_organization(reader: Reader, *, states: Collection[str]) -> NewOrganization:
    made = _organization(reader, kinds=frozenset(OrganizationKind), states=states)
    reader.check()
    return made


def profile(reader: Reader, *, kind: OrganizationKind, states: Collection[str]) -> ProfileValues:
    values = _profile(reader, kind=kind, states=states)
    reader.check()
    return values


def screening(reader: Reader, *, today: date) -> ScreeningValues:
    answers = {code: _answer(reader, code) for code in CODES}
    checked_on = _past_date(reader, "sanctions_on", today=today)
    result = reader.choice("sanctions_result", frozenset(Sanctions))
    note = reader.prose("sanctions_note")
    if result and checked_on is None:
        reader.refuse("sanctions_on", Text("Say on which day the list was screened."))
    if result and result != Sanctions.NO_HIT and not note:
        reader.refuse("sanctions_note", Text(NOTE_FOR_HIT))
    reader.check()
    return ScreeningValues(
        answers=answers,
        sanctions_on=checked_on,
        sanctions_result=Sanctions(result) if result else None,
        sanctions_note=note,
    )


def decision(reader: Reader) -> Decision:
    outcome = reader.choice("decision", {"verified", "rejected"}, required=True)
    note = reader.prose("note", required=True)
    told = reader.prose("told", required=outcome == "rejected")
    reader.check()
    return Decision(verified=outcome == "verified", note=note, told=told)


def suspension(reader: Reader) -> Suspension:
    """Why a provider is suspended or reinstated."""
    reason = reader.prose("reason", required=True)
    reader.check()
    return Suspension(reason=reason)


def nomination(reader: Reader, *, roles: Collection[Role]) -> Nomination:
    role = reader.choice("role", frozenset(role.value for role in roles), required=True)
    values = {
        "name": reader.text("name", required=True, limit=NAME_LENGTH),
        "email": reader.email("email"),
        "locale": reader.choice("locale", UI_LANGUAGES) or "en",
    }
    reader.check()
    return Nomination(role=Role(role), **values)


def note_verbale(reader: Reader, *, today: date, has_file: bool) -> NoteVerbale:
    """The note that proves an accreditation or an act; the file is read by the route."""
    reference = reader.text("note_reference", required=True, limit=REFERENCE_LENGTH)
    day = _past_date(reader, "note_date", today=today, required=True)
    if not has_file:
        reader.refuse("file", Text("Attach the note verbale."))
    reader.check()
    return NoteVerbale(reference=reference, date=day or today)


def end_reason(reader: Reader) -> str:
    reason = reader.text("reason", required=True, limit=SHORT)
    reader.check()
    return reason


def code_list_edit(reader: Reader, listed: CodeList) -> CodeListEdit:
    days = None
    if "cooling_days" in listed.columns:
        days = reader.integer("cooling_days", minimum=0, maximum=MOST_COOLING_DAYS, required=True)
    edit = CodeListEdit(
        label=reader.text("label", required=True, limit=LONGEST_LABEL),
        active=reader.boolean("active"),
        cooling_days=days,
        security_force=reader.boolean("security_force"),
        safeguard=reader.boolean("safeguard"),
    )
    reader.check()
    return edit


def seen_at(reader: Reader) -> datetime | None:
    """When the entry had been edited as the form was made; nonsense is a moment long ago."""
    typed = reader.text("edited_at")
    if not typed:
        return None
    try:
        found = datetime.fromisoformat(typed)
    except ValueError:
        return datetime.min
    return found


def version(reader: Reader) -> int:
    return reader.integer("version", minimum=0) or 0


def _organization(
    reader: Reader, *, kinds: Collection[OrganizationKind], states: Collection[str]
) -> NewOrganization:
    chosen = reader.choice("kind", frozenset(kinds), required=True)
    kind = OrganizationKind(chosen) if chosen in kinds else OrganizationKind.CIVIL_SOCIETY
    return NewOrganization(kind=kind, profile=_profile(reader, kind=kind, states=states))


def _profile(reader: Reader, *, kind: OrganizationKind, states: Collection[str]) -> ProfileValues:
    name = reader.text("name", required=True, limit=NAME_LENGTH)
    if name and not name_key(name):
        reader.refuse("name", Text(NOT_A_NAME))
    state = reader.choice("state", states)
    if kind in NEEDS_STATE and not state:
        reader.refuse("state", Text(STATE_MISSING))
    website = reader.text("website")
    if website and not _WEBSITE.fullmatch(website):
        reader.refuse("website", Text(WEBSITE))
    return ProfileValues(
        name=name,
        state=state or None,
        website=website,
        description=reader.prose("description", limit=5000),
    )


def _answer(reader: Reader, code: str) -> Answer:
    finding = reader.choice(f"{code}_finding", frozenset(Finding))
    note = reader.prose(f"{code}_note", limit=5000)
    if finding and finding != Finding.SATISFACTORY and not note:
        reader.refuse(f"{code}_note", Text(NOTE_FOR_CONCERN))
    return Answer(finding=Finding(finding) if finding in frozenset(Finding) else None, note=note)


def _past_date(reader: Reader, name: str, *, today: date, required: bool = False) -> date | None:
    found = reader.date(name, required=required)
    if found is not None and found > today:
        reader.refuse(name, Text(IN_FUTURE))
    return found
