"""What each side may know of a match: frozen projections, made before a page is laid out."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from concord.actor import Actor
from concord.matches.models import Consent, Match, MatchLine, MatchStep, Participant
from concord.matches.states import EXITS, LIVE, MatchState
from concord.matches.values import PART_NAMES, PARTICIPANT_ROLES, SuspendedFor, distinct
from concord.reference.code_lists import CodeLists
from concord.web.elements import Text
from concord.web.formats import state_name
from concord.web.i18n import gettext as _
from concord.web.i18n import lazy as N_

ENDED = "ended"
"""What both sides are shown of every exit."""
_S = MatchState


class Audience(StrEnum):
    STATE = "state"
    PROVIDER = "provider"
    SECRETARIAT = "secretariat"
    TRAIL = "trail"


def audience_of(actor: Actor) -> Audience:
    """From which side somebody looks who sees a match at all."""
    if actor.is_provider:
        return Audience.PROVIDER
    if actor.is_state:
        return Audience.STATE
    return Audience.TRAIL if actor.role == "auditor" else Audience.SECRETARIAT


@dataclass(frozen=True, slots=True)
class Dossier:
    """A match with everything that its page needs, fetched; steps know who made them."""

    match: Match
    lines: Sequence[MatchLine]
    participants: Sequence[Participant]
    consents: Sequence[Consent]
    steps: Sequence["StepRow"]
    assigned: frozenset[UUID] | None
    withheld: bool = False  # from a provider that is not verified at present
    waits_on: str = ""  # who acts next after approval, by name

    @property
    def states(self) -> frozenset[str]:
        request = self.match.request
        return frozenset({request.lead_state_id, *request.co_states})

    @property
    def standing(self) -> frozenset[str]:
        """States whose consent counts."""
        match = self.match
        changed = max(
            match.scope_changed_at, match.request.scope_changed_at, match.offer.scope_changed_at
        )
        return frozenset(
            consent.state_id
            for consent in self.consents
            if consent.withdrawn_at is None and consent.given_at >= changed
        )

    @property
    def is_shared(self) -> bool:
        """Whether the providers see the request: consented to, and not over."""
        going = self.match.state in LIVE - {_S.PROPOSED} and not self.withheld
        return going and self.states <= {c.state_id for c in self.consents if not c.withdrawn_at}

    @property
    def shared_parts(self) -> tuple[str, ...]:
        parts = set(self.match.data_shared)
        for consent in self.consents:
            if consent.withdrawn_at is None:
                parts &= set(consent.data_shared)
        return distinct(tuple(parts)) if self.is_shared else ()


@dataclass(frozen=True, slots=True)
class StepRow:
    """A step with the names of who made it."""

    step: MatchStep
    person: str
    organization: str
    organization_kind: str


@dataclass(frozen=True, slots=True)
class MatchRow:
    """A line of the list."""

    href: str
    public_id: str
    title: str
    lang: str
    state_name: str
    provider: str
    state: str
    waiting_for: Text
    since: datetime
    until: datetime | None


def row_of(match: Match, audience: Audience) -> MatchRow:
    """`match` has its request, offer and organization; a provider sees its own offer's title."""
    shown = shown_state(match.state, audience)
    of_offer = audience is Audience.PROVIDER
    shared = not of_offer or match.state in LIVE - {_S.PROPOSED}
    title, lang = (
        (match.offer.title, match.offer.language)
        if of_offer
        else (match.request.title, match.request.language)
    )
    known = audience is not Audience.TRAIL
    return MatchRow(
        href=f"/matches/{match.public_id}",
        public_id=match.public_id,
        title=title if known else match.public_id,
        lang=lang if known else "",
        state_name=state_name(match.request.lead_state_id) if known and shared else "",
        provider=match.offer.organization.name if known else "",
        state=shown,
        waiting_for=waiting_for(match.state),
        since=match.state_since,
        until=match.due_at,
    )


def shown_state(state: MatchState, audience: Audience) -> str:
    """The two sides are told that a match ended, in the same words for every exit."""
    neutral = audience in {Audience.STATE, Audience.PROVIDER} and state in EXITS
    return ENDED if neutral else state.value


WAITS = {
    _S.PROPOSED: N_("the requesting State"),
    _S.STATE_CONSENTED: N_("the provider"),
    _S.PARTNER_ACCEPTED: N_("an approver at UNODC"),
    _S.APPROVED: N_("State and provider: terms of reference"),
    _S.AGREED: N_("the provider, who starts"),
    _S.IN_DELIVERY: N_("the provider, who delivers"),
    _S.DELIVERED: N_("State and provider: how it went"),
    _S.EVALUATED: N_("UNODC, which closes it"),
    _S.SUSPENDED: N_("whoever suspended it"),
}


HOLDERS = {
    SuspendedFor.REQUEST: N_("the State, which suspended its request"),
    SuspendedFor.STATE: N_("the State, which suspended it"),
    SuspendedFor.PROVIDER: N_("the provider, which suspended it"),
    SuspendedFor.APPROVER: N_("an approver at UNODC, who suspended it"),
    SuspendedFor.VERIFICATION: N_("an approver at UNODC"),
}
"""A State is told of a suspended provider without the reason."""


def waiting_for(state: MatchState) -> Text:
    return WAITS.get(state, "")


def waiting_names(dossier: Dossier) -> str:
    """For whom a match waits, by name where there are names."""
    state = dossier.match.state
    if state is _S.SUSPENDED and dossier.match.suspended_for:
        return str(HOLDERS[SuspendedFor(dossier.match.suspended_for)])
    if dossier.waits_on:
        return dossier.waits_on
    if state is _S.PROPOSED:
        names = sorted(state_name(code) for code in dossier.states - dossier.standing)
    elif state is _S.STATE_CONSENTED:
        names = sorted(
            {p.organization.name for p in dossier.participants if p.accepted_at is None}
        )
    else:
        names = []
    return ", ".join(names) or str(waiting_for(state))


@dataclass(frozen=True, slots=True)
class LineView:
    """One line as a side sees it: words, and how much of slot and item is taken."""

    topic: str
    offered_topic: str
    modality: str
    beneficiary: str
    institution: str
    quantity: str
    ratio_reason: str
    item_total: int | None
    item_reserved: int
    item_delivered: int
    slot_total: int | None
    slot_held: int
    own_hold: int  # what this match holds of it: a provider hears of no other match
    slot_reserved: int
    slot_delivered: int
    slot_unit: str
    item_unit: str


def line_view(line: MatchLine, lists: CodeLists) -> LineView:
    item, slot = line.item, line.slot
    item_unit = unit_name(item.unit_id, lists)
    slot_unit = unit_name(slot.unit_id, lists)
    same = item.unit_id == slot.unit_id and line.item_quantity == line.slot_quantity
    asked, given = f"{line.item_quantity} {item_unit}", f"{line.slot_quantity} {slot_unit}"
    beneficiary = lists.beneficiaries.get(item.beneficiary_id or "")
    return LineView(
        topic=_(lists.topics[item.topic_id].label),
        offered_topic=_(lists.topics[slot.topic_id].label),
        modality=_(lists.modalities[item.modality_id].label),
        beneficiary=_(beneficiary.label) if beneficiary else "",
        institution=item.institution,
        quantity=asked if same or slot.capacity is None else f"{asked} = {given}",
        ratio_reason=line.ratio_reason,
        item_total=item.quantity,
        item_reserved=item.reserved,
        item_delivered=item.delivered,
        slot_total=slot.capacity,
        slot_held=slot.held,
        own_hold=min(slot.held, line.slot_quantity) if line.live and line.status == "held" else 0,
        slot_reserved=slot.reserved,
        slot_delivered=slot.delivered,
        slot_unit=slot_unit,
        item_unit=item_unit,
    )


def unit_name(code: str | None, lists: CodeLists) -> str:
    return _(lists.units[code].label) if code else ""


@dataclass(frozen=True, slots=True)
class ParticipantView:
    name: str
    role: Text
    accepted_at: datetime | None
    note: str


def participant_views(dossier: Dossier, audience: Audience, actor: Actor) -> list[ParticipantView]:
    """A participant's note is read by UNODC and by itself."""
    return [
        ParticipantView(
            name=participant.organization.name,
            role=PARTICIPANT_ROLES[participant.role],
            accepted_at=participant.accepted_at,
            note=participant.note
            if audience is Audience.SECRETARIAT
            or participant.organization_id == actor.organization_id
            else "",
        )
        for participant in dossier.participants
    ]


@dataclass(frozen=True, slots=True)
class ConsentView:
    state_name: str
    text: str
    language: str
    given_at: datetime
    counts: bool
    note: str


def consent_views(dossier: Dossier, audience: Audience) -> list[ConsentView]:
    """Who consented to which exact text: for the requesting States and UNODC."""
    if audience not in {Audience.STATE, Audience.SECRETARIAT}:
        return []
    return [
        ConsentView(
            state_name=state_name(consent.state_id),
            text=consent.text,
            language=consent.text_language,
            given_at=consent.given_at,
            counts=consent.withdrawn_at is None and consent.state_id in dossier.standing,
            note=consent.on_behalf_note or "",
        )
        for consent in dossier.consents
    ]


def part_options(parts: Sequence[str]) -> list[tuple[str, str]]:
    """The names stand inside sentences too; in a list each begins like one."""
    names = [(part, str(PART_NAMES[part])) for part in parts if part in PART_NAMES]
    return [(part, name[:1].upper() + name[1:]) for part, name in names]
