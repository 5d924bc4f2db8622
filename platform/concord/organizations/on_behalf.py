"""Acts that a State took on paper: recorded by one person of UNODC, confirmed by another."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, Protocol
from urllib.parse import urlencode
from uuid import UUID

from concord import audit
from concord.actor import Actor, Role
from concord.database import transaction
from concord.errors import Conflict, NotAllowed
from concord.inbox.actions import close_tasks, open_task, tell
from concord.organizations.actions import store_attachment
from concord.organizations.models import ActOnBehalf
from concord.organizations.policy import may_confirm_act, may_record_act
from concord.organizations.values import File, NoteVerbale
from concord.reference.identifiers import new_public_id
from notifications.messages.accounts import (
    OnBehalfConfirmationAsked,
    OnBehalfConfirmed,
    OnBehalfRefused,
    OnBehalfToldToState,
)
from notifications.recipients import Case

ATTEMPTS = 5
NOT_YOURS = "A coordinator who serves this State records what it decided on paper."
FOUR_EYES = "Another coordinator or an approver confirms this, never the person who recorded it."
DECIDED = "This act is decided already. Nothing was changed."
UNKNOWN = "This kind of act cannot be recorded on behalf of a State."


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """What the act is about; `assigned` are the only persons who may see a sealed one."""

    kind: str
    id: UUID
    public_id: str
    states: frozenset[str]
    assigned: frozenset[UUID] | None = None


Label = object
"""What is shown of it: an English msgid, or a message that is translated when it is printed."""


@dataclass(frozen=True, slots=True)
class Field:
    """One argument that is asked for when the act is recorded."""

    name: str
    label: Label
    kind: Literal["text", "prose", "yes", "choice", "choices"] = "text"
    options: Callable[[], Awaitable[Sequence[tuple[str, str]]]] | None = None
    required: bool = True


class Handler(Protocol):
    """Carries the act out as `actor`, who confirms it, and notes `state` in step and audit."""

    def __call__(
        self, arguments: Mapping[str, object], /, *, actor: Actor, state: str, now: datetime
    ) -> Awaitable[None]: ...


Resolver = Callable[[Actor, str], Awaitable[Subject]]
"""The subject with a public id, as far as the actor may see it; else NotFound."""


@dataclass(frozen=True, slots=True)
class Command:
    """A registered act; without a `subject` resolver it is recorded from its area's own pages."""

    name: str
    handler: Handler
    label: Label
    subject: Resolver | None
    fields: tuple[Field, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Recording:
    """What a coordinator enters: the act, and the note verbale that proves it."""

    command: str
    subject: Subject
    state: str
    note: NoteVerbale
    file: File
    arguments: Mapping[str, object] = field(default_factory=dict)


commands: dict[str, Command] = {}


def register(
    command: str,
    handler: Handler,
    *,
    label: Label = "",
    subject: Resolver | None = None,
    fields: tuple[Field, ...] = (),
) -> None:
    """Called by each area at import; `label` says the act in a few words."""
    commands[command] = Command(command, handler, label or command, subject, fields)


def address(command: str, public_id: str) -> str:
    """The page on which a coordinator records this act on that subject."""
    return f"/acts-on-behalf/new?{urlencode({'command': command, 'subject': public_id})}"


async def record(recording: Recording, *, actor: Actor, now: datetime) -> ActOnBehalf:
    """Keep the act with its note verbale; nothing happens before a second person confirms."""
    if recording.command not in commands:
        raise Conflict(UNKNOWN)
    subject = recording.subject
    may_record = may_record_act(actor, recording.state, subject.assigned)
    if not may_record or recording.state not in subject.states:
        raise NotAllowed(NOT_YOURS)
    async with transaction():
        act = await _insert(recording, actor=actor, now=now)
        kept = await store_attachment(
            recording.file, subject_kind="act_on_behalf", subject_id=act.id, actor=actor, now=now
        )
        act.note_attachment_id = kept.id
        await act.save(update_fields=["note_attachment_id"])
        await _wait_for_second_person(act, now=now)
        asked = OnBehalfConfirmationAsked(subject=act.public_id)
        await tell(asked, case=_case(act), event=f"act:{act.id}:recorded", now=now)
        await _audit("on_behalf.recorded", act, actor=actor, now=now)
    return act


async def confirm(act: ActOnBehalf, *, actor: Actor, now: datetime) -> None:
    """The second person agrees: the act is carried out in the same transaction, or not at all."""
    async with transaction():
        act = await _locked(act, actor=actor)
        command = commands.get(act.command)
        if command is None:
            raise Conflict(UNKNOWN)
        act.confirmed_by_id, act.confirmed_at = actor.person_id, now
        act.version += 1
        await act.save()
        await close_tasks(act.id, "confirm_on_behalf", now=now)
        await command.handler(_arguments(act), actor=actor, state=act.state_id, now=now)
        await tell(
            OnBehalfConfirmed(subject=act.public_id),
            OnBehalfToldToState(subject=act.subject_public_id),
            case=_case(act, decided_by=actor.person_id),
            event=f"act:{act.id}:confirmed",
            now=now,
        )
        await _audit("on_behalf.confirmed", act, actor=actor, now=now)


async def refuse(act: ActOnBehalf, *, reason: str, actor: Actor, now: datetime) -> None:
    """The second person does not agree: nothing is carried out, the recorder reads why."""
    async with transaction():
        act = await _locked(act, actor=actor)
        act.refused_by_id, act.refused_at, act.refusal = actor.person_id, now, reason
        act.version += 1
        await act.save()
        await close_tasks(act.id, "confirm_on_behalf", now=now)
        await tell(
            OnBehalfRefused(subject=act.public_id),
            case=_case(act, decided_by=actor.person_id),
            event=f"act:{act.id}:refused",
            now=now,
        )
        await _audit("on_behalf.refused", act, actor=actor, now=now)


async def _insert(recording: Recording, *, actor: Actor, now: datetime) -> ActOnBehalf:
    """One row under a fresh public id; a taken one is tried again."""
    subject = recording.subject
    for _ in range(ATTEMPTS):
        act = ActOnBehalf(
            public_id=new_public_id("ACT"),
            state_id=recording.state,
            command=recording.command,
            subject_kind=subject.kind,
            subject_id=subject.id,
            subject_public_id=subject.public_id,
            assigned=None if subject.assigned is None else sorted(subject.assigned),
            arguments=dict(recording.arguments),
            note_reference=recording.note.reference,
            note_date=recording.note.date,
            recorded_by_id=actor.person_id,
            created_at=now,
        )
        if not await ActOnBehalf.exists(public_id=act.public_id):
            break
    await act.save(force_create=True)
    return act


async def _locked(act: ActOnBehalf, *, actor: Actor) -> ActOnBehalf:
    """The act FOR UPDATE, still undecided, and decidable by this actor."""
    act = await ActOnBehalf.select_for_update().get(id=act.id)
    check_may_decide(act, actor=actor)
    return act


def check_may_decide(act: ActOnBehalf, *, actor: Actor) -> None:
    """Raise `Conflict` when it is decided, `NotAllowed` when this actor is no second person."""
    if act.confirmed_at is not None or act.refused_at is not None:
        raise Conflict(DECIDED)
    if not may_confirm_act(actor, act):
        raise NotAllowed(FOUR_EYES)


def _arguments(act: ActOnBehalf) -> Mapping[str, object]:
    return {
        **act.arguments,
        "act": act.public_id,
        "subject_id": str(act.subject_id),
        "subject_public_id": act.subject_public_id,
        "note_reference": act.note_reference,
        "recorded_by_id": str(act.recorded_by_id),
        "recorded_at": act.created_at.isoformat(),
    }


def _case(act: ActOnBehalf, *, decided_by: UUID | None = None) -> Case[UUID]:
    return Case(
        lead_state=act.state_id,
        person=act.recorded_by_id,
        actor=decided_by or act.recorded_by_id,
        recused=frozenset({act.recorded_by_id}),
        assigned=None if act.assigned is None else frozenset(act.assigned),
    )


async def _wait_for_second_person(act: ActOnBehalf, *, now: datetime) -> None:
    """One task for whoever may confirm; for a sealed subject one for each person assigned."""
    named = [None] if act.assigned is None else sorted(set(act.assigned) - {act.recorded_by_id})
    for person_id in named:
        await open_task(
            "confirm_on_behalf",
            subject_kind="act_on_behalf",
            subject_id=act.id,
            subject_public_id=act.public_id,
            roles={Role.COORDINATOR, Role.APPROVER},
            state=act.state_id,
            person_id=person_id,
            now=now,
        )


async def _audit(action: str, act: ActOnBehalf, *, actor: Actor, now: datetime) -> None:
    await audit.record(
        action,
        actor=actor,
        subject_kind="act_on_behalf",
        subject_id=act.id,
        now=now,
        on_behalf_of=act.state_id,
        command=act.command,
        subject=str(act.subject_id),
    )
