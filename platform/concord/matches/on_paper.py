"""Acts on a match that a State took on paper: one person of UNODC records, another confirms."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from concord.actor import Actor, Role
from concord.errors import Conflict, NotFound
from concord.matches import actions
from concord.matches.actions.ending import REASONS
from concord.matches.models import Match
from concord.matches.queries import dossier_of, match_for
from concord.matches.states import MACHINE
from concord.matches.values import DATA_PARTS, OnBehalf
from concord.matches.views import part_options
from concord.organizations import on_behalf
from concord.organizations.on_behalf import Field, Subject
from concord.reference.queries import code_lists
from concord.web.i18n import LazyMessage
from concord.web.i18n import gettext as _
from concord.web.i18n import lazy as N_

CONSENT = "matches.consent"
DECLINE = "matches.decline_by_state"
WITHDRAW_CONSENT = "matches.withdraw_consent"
VERBS = {
    CONSENT: "consent",
    DECLINE: "decline_by_state",
    WITHDRAW_CONSENT: "withdraw_consent",
}
LABELS = {
    CONSENT: N_("Consent to a proposed match"),
    DECLINE: N_("Decline a proposed match"),
    WITHDRAW_CONSENT: N_("Withdraw consent to a match"),
}
CHANGED = "What is proposed has changed since this was recorded: record what the State says of it."
NOTE = Field("note", N_("Note to UNODC"), "prose", required=False)


async def subject(actor: Actor, public_id: str) -> Subject:
    """The match, as far as this officer sees it."""
    match = await match_for(actor, public_id)
    if not actor.is_secretariat or actor.role is Role.AUDITOR:
        raise NotFound
    dossier = await dossier_of(match)
    return Subject(
        kind="match",
        id=match.id,
        public_id=match.public_id,
        states=dossier.states,
        assigned=dossier.assigned,
    )


async def consent(
    arguments: Mapping[str, object], /, *, actor: Actor, state: str, now: datetime
) -> None:
    match = await Match.get(id=UUID(str(arguments["subject_id"]))).select_related(
        "request", "offer"
    )
    changed = (
        match.scope_changed_at,
        match.request.scope_changed_at,
        match.offer.scope_changed_at,
    )
    if is_since(arguments, max(changed)):
        raise Conflict(CHANGED)
    parts = [part for part in _texts(arguments.get("data_shared")) if part in match.data_shared]
    await actions.consent(
        match, data_shared=parts, actor=actor, now=now, on_behalf=paper(arguments, state)
    )


async def decline(
    arguments: Mapping[str, object], /, *, actor: Actor, state: str, now: datetime
) -> None:
    match = await Match.get(id=UUID(str(arguments["subject_id"])))
    await actions.decline_by_state(
        match,
        reason=str(arguments.get("reason", "")),
        note=str(arguments.get("note", "")),
        actor=actor,
        now=now,
        on_behalf=paper(arguments, state),
    )


async def withdraw_consent(
    arguments: Mapping[str, object], /, *, actor: Actor, state: str, now: datetime
) -> None:
    match = await Match.get(id=UUID(str(arguments["subject_id"])))
    await actions.withdraw_consent(
        match,
        note=str(arguments.get("note", "")),
        actor=actor,
        now=now,
        on_behalf=paper(arguments, state),
    )


def is_since(arguments: Mapping[str, object], moment: datetime | None) -> bool:
    """Whether something happened after the note was recorded: it cannot speak of that."""
    recorded = str(arguments.get("recorded_at", ""))
    return bool(recorded) and moment is not None and moment > datetime.fromisoformat(recorded)


def paper(arguments: Mapping[str, object], state: str) -> OnBehalf:
    return OnBehalf(state, str(arguments.get("note_reference", "")))


def _texts(value: object) -> list[str]:
    if isinstance(value, str):
        return [value]
    return [str(each) for each in value] if isinstance(value, (list, tuple)) else []


async def part_choices() -> Sequence[tuple[str, str]]:
    return part_options(DATA_PARTS)


async def reason_choices() -> Sequence[tuple[str, str]]:
    reasons = (await code_lists()).reasons_for(REASONS["decline_by_state"])
    return [(reason.code, _(reason.label)) for reason in reasons]


def _acts() -> dict[str, tuple[on_behalf.Handler, tuple[Field, ...]]]:
    parts = N_("Parts of the request that the provider sees")
    return {
        CONSENT: (
            consent,
            (Field("data_shared", parts, "choices", part_choices, required=False),),
        ),
        DECLINE: (
            decline,
            (Field("reason", N_("Reason"), "choice", reason_choices), NOTE),
        ),
        WITHDRAW_CONSENT: (withdraw_consent, (NOTE,)),
    }


def register() -> None:
    """Called once, where the routes are put together."""
    for command, (handler, fields) in _acts().items():
        label = LABELS[command]
        on_behalf.register(command, handler, label=label, subject=subject, fields=fields)


def addresses(match: Match, actor: Actor) -> list[tuple[LazyMessage, str]]:
    """Where a coordinator records what the State sent on paper."""
    if not actor.is_coordinator:
        return []
    return [
        (LABELS[command], on_behalf.address(command, match.public_id))
        for command, verb in VERBS.items()
        if match.state in MACHINE.rules[verb].sources
    ]
