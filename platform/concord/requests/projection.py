"""Projects a request onto what one reader may know of it, level by level."""

from collections.abc import Callable, Collection
from dataclasses import replace

import msgspec

from concord.actor import Actor
from concord.reference.code_lists import CodeLists
from concord.requests.completeness import completeness
from concord.requests.dossier import Dossier, Item, Question, Stage
from concord.requests.models import Request
from concord.requests.policy import handles, may_read_log
from concord.requests.states import Confidentiality
from concord.requests.values import DraftValues, ItemValues, Level, SharedPart
from concord.requests.views import ItemView, RequestView

HEADING_LENGTH = 120
EVERY_PART = frozenset(part.value for part in SharedPart)


def project(
    request: Request, dossier: Dossier, *, level: Level, actor: Actor, lists: CodeLists
) -> RequestView:
    """The view of `request` at `level`, with the parts of its dossier that this reader may see."""
    if level is Level.FULL and actor.is_provider:
        return _shared(request, dossier, actor, lists)
    return _PROJECTIONS[level](request, dossier, actor, lists)


def _full(request: Request, dossier: Dossier, actor: Actor, lists: CodeLists) -> RequestView:
    """For the requesting States and for those at UNODC who handle it."""
    secretariat = handles(actor, request)
    measured = completeness(values_from(request, dossier))
    return replace(
        _with_texts(_common(request, Level.FULL, lists), request),
        shares_files=True,
        completeness=measured.score,
        missing=measured.missing,
        override_reason=request.override_reason or None,
        items=tuple(_item(item, parts=EVERY_PART) for item in dossier.items),
        authority=dossier.authority,
        parties=dossier.parties,
        exclusions=dossier.exclusions,
        assignments=dossier.assignments,
        disclosures=dossier.disclosures,
        clarifications=dossier.clarifications,
        steps=tuple(_stage(step, secretariat=secretariat) for step in dossier.steps),
        readings=dossier.readings if may_read_log(actor, request) else (),
        tasks=dossier.tasks,
        follow_up_answer=request.follow_up_answer,
        referral_reason=request.referral_reason,
        referral_body=request.referral_body,
        import_source=request.import_source,
    )


def _shared(request: Request, dossier: Dossier, actor: Actor, lists: CodeLists) -> RequestView:
    """For a provider to which the State disclosed the full text, as far as it consented."""
    parts = shared_parts(dossier, actor)
    view = _with_texts(_common(request, Level.FULL, lists), request)
    return replace(
        view,
        description=view.description if SharedPart.DESCRIPTION in parts else None,
        outcome=view.outcome if SharedPart.OUTCOME in parts else None,
        existing=view.existing if SharedPart.EXISTING in parts else None,
        shares_files=SharedPart.ATTACHMENTS in parts,
        urgent_reason=None,
        publish_agreed_at=None,
        lead_publish_agreed_at=None,
        public_summary=None,
        submitted_at=None,
        unmatched_since=None,
        due_at=None,
        items=tuple(_item(item, parts=parts) for item in dossier.items),
        clarifications=_answers_for(actor, dossier),
    )


def _circulated(request: Request, dossier: Dossier, actor: Actor, lists: CodeLists) -> RequestView:
    """For verified providers: the text that the State has seen, never its name."""
    return replace(
        _common(request, Level.CIRCULATION, lists),
        heading=heading_of(request.circulation_text) or request.public_id,
        heading_language=request.texts_language,
        circulation_text=request.circulation_text,
        texts_language=request.texts_language,
        due_at=None,
        items=tuple(_item(item) for item in dossier.items),
        clarifications=_answers_for(actor, dossier),
    )


def _public(request: Request, dossier: Dossier, actor: Actor, lists: CodeLists) -> RequestView:
    """For everyone: the published summary and what kind of assistance is asked for."""
    return replace(
        _common(request, Level.PUBLIC, lists),
        heading=heading_of(request.public_summary) or request.public_id,
        heading_language=request.texts_language,
        public_summary=request.public_summary,
        texts_language=request.texts_language,
        confidentiality=None,
        due_at=None,
        urgent=False,
        items=tuple(replace(_item(item), quantity=None, unit=None) for item in dossier.items),
    )


def _trail(request: Request, dossier: Dossier, actor: Actor, lists: CodeLists) -> RequestView:
    """For auditors: that steps happened, and when; no text of anyone's."""
    sealed = request.confidentiality is Confidentiality.SEALED
    return RequestView(
        id=request.id,
        public_id=request.public_id,
        version=request.version,
        level=Level.TRAIL,
        state=request.state.value,
        state_since=request.state_since,
        due_at=request.due_at,
        confidentiality=request.confidentiality,
        heading=request.public_id,
        lead_state=None if sealed else request.lead_state_id,
        steps=tuple(_stage(step, secretariat=False, notes=False) for step in dossier.steps),
    )


_PROJECTIONS: dict[Level, Callable[[Request, Dossier, Actor, CodeLists], RequestView]] = {
    Level.FULL: _full,
    Level.CIRCULATION: _circulated,
    Level.PUBLIC: _public,
    Level.TRAIL: _trail,
}


def level_for(actor: Actor, dossier: Dossier, *, common: Level) -> Level:
    """`common`, or more for a provider to which the full text is disclosed."""
    full = any(
        one.organization_id == actor.organization_id
        and one.ended_at is None
        and one.level == Level.FULL
        for one in dossier.disclosures
    )
    return Level.FULL if actor.is_provider and full else common


def shared_parts(dossier: Dossier, actor: Actor) -> frozenset[str]:
    """The parts that live disclosures share with this provider; one without parts shares all."""
    granted = [
        frozenset(one.parts) or EVERY_PART
        for one in dossier.disclosures
        if one.organization_id == actor.organization_id
        and one.ended_at is None
        and one.level == Level.FULL
    ]
    return frozenset().union(*granted)


def heading_of(text: str) -> str:
    """The first line of a text, shortened at a blank."""
    line = text.strip().split("\n", 1)[0]
    if len(line) <= HEADING_LENGTH:
        return line
    return f"{line[:HEADING_LENGTH].rsplit(' ', 1)[0]}…"


def values_from(request: Request, dossier: Dossier) -> DraftValues:
    """The present values of a request, to be edited with `dataclasses.replace`."""
    named = dossier.assignments
    return DraftValues(
        lead_state=request.lead_state_id,
        title=request.title,
        description=request.description,
        language=request.language,
        outcome=request.outcome,
        existing=request.existing,
        working_languages=tuple(request.working_languages),
        tags=tuple(request.tags),
        starts_on=request.starts_on,
        ends_on=request.ends_on,
        confidentiality=request.confidentiality,
        urgent=request.urgent,
        urgent_reason=request.urgent_reason,
        needed_by=request.needed_by,
        items=tuple(_item_values(item) for item in dossier.items),
        co_states=tuple(request.co_states),
        excluded=tuple(one.organization_id for one in dossier.exclusions),
        coordinators=tuple(one.person_id for one in named if one.role == "coordinator"),
        approver=next((one.person_id for one in named if one.role == "approver"), None),
    )


def _common(request: Request, level: Level, lists: CodeLists) -> RequestView:
    """What every reader of a circulated request sees: no name of a State, no words of its own."""
    entry = lists.states.get(request.lead_state_id)
    return RequestView(
        id=request.id,
        public_id=request.public_id,
        version=request.version,
        level=level,
        state=request.state.value,
        state_since=request.state_since,
        due_at=request.due_at,
        confidentiality=request.confidentiality,
        urgent=request.urgent,
        needed_by=request.needed_by if level is not Level.PUBLIC else None,
        heading=request.public_id,
        region=entry.subregion if entry else None,
        starts_on=request.starts_on,
        ends_on=request.ends_on,
        working_languages=tuple(request.working_languages),
        tags=tuple(request.tags),
        opened_at=request.opened_at,
    )


def _with_texts(view: RequestView, request: Request) -> RequestView:
    return replace(
        view,
        heading=request.title or request.public_id,
        heading_language=request.language if request.title else "",
        lead_state=request.lead_state_id,
        co_states=tuple(request.co_states),
        title=request.title,
        description=request.description,
        language=request.language,
        outcome=request.outcome,
        existing=request.existing,
        urgent_reason=request.urgent_reason or None,
        circulation_text=request.circulation_text or None,
        public_summary=request.public_summary or None,
        texts_language=request.texts_language,
        publish_agreed_at=request.publish_agreed_at,
        lead_publish_agreed_at=request.lead_publish_agreed_at,
        circulated_at=request.circulated_at,
        submitted_at=request.submitted_at,
        unmatched_since=request.unmatched_since,
    )


def _item(item: Item, *, parts: Collection[str] = ()) -> ItemView:
    named = SharedPart.INSTITUTIONS in parts
    return ItemView(
        id=item.id,
        topic=item.topic,
        modality=item.modality,
        quantity=item.quantity,
        unit=item.unit,
        beneficiary=item.beneficiary if named else None,
        institution=item.institution if named else None,
        reserved=item.reserved if named else None,
        delivered=item.delivered if named else None,
    )


def _item_values(item: Item) -> ItemValues:
    return ItemValues(
        item.topic, item.modality, item.beneficiary, item.institution, item.quantity, item.unit
    )


def _stage(step: Stage, *, secretariat: bool, notes: bool = True) -> Stage:
    """A step as one side reads it: a note for UNODC stays there; an auditor reads no words."""
    if notes and (secretariat or step.note_seen_by in {"state", "all"}):
        return step
    if notes:
        return msgspec.structs.replace(step, note="")
    return msgspec.structs.replace(step, note="", name=None, reasons=())


def _answers_for(actor: Actor, dossier: Dossier) -> tuple[Question, ...]:
    """A provider reads its own questions and every shared answer, not who else asked."""
    own, found = actor.organization_id, []
    for one in dossier.clarifications:
        if one.organization_id == own:
            found.append(one)
        elif one.shared and one.answer:
            found.append(_anonymous(one))
    return tuple(found)


def _anonymous(one: Question) -> Question:
    return msgspec.structs.replace(
        one, asked_by_id=None, organization_id=None, organization=None, due_at=None
    )
