"""What a State decides on paper about terms of reference and deliveries, recorded by UNODC."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from concord.actor import Actor, Role
from concord.deliveries import actions
from concord.deliveries.actions.confirming import REASONS
from concord.deliveries.queries import delivery_for, dossier_of
from concord.errors import Conflict, NotFound
from concord.matches.delivery_states import MACHINE, DeliveryState
from concord.matches.models import Delivery, Match
from concord.matches.on_paper import NOTE, is_since, paper
from concord.matches.on_paper import subject as match_subject
from concord.organizations import on_behalf
from concord.organizations.on_behalf import Field, Subject
from concord.reference.queries import code_lists
from concord.web.i18n import LazyMessage
from concord.web.i18n import gettext as _
from concord.web.i18n import lazy as N_

AGREE = "deliveries.agree"
CONFIRM = "deliveries.confirm"
DISPUTE = "deliveries.dispute"
LABELS = {
    AGREE: N_("Agree to terms of reference"),
    CONFIRM: N_("Confirm a delivery"),
    DISPUTE: N_("Dispute a delivery"),
}
VERBS = {CONFIRM: "confirm", DISPUTE: "dispute"}
ANOTHER_REPORT = "The provider has reported again since this was recorded: record a new note."
HASH = Field("sha256", N_("SHA-256 of the text that the State agreed to"))


async def delivery_subject(actor: Actor, public_id: str) -> Subject:
    """The delivery, as far as this officer sees it."""
    delivery = await delivery_for(actor, public_id)
    if not actor.is_secretariat or actor.role is Role.AUDITOR:
        raise NotFound
    sides = (await dossier_of(actor, delivery)).sides
    return Subject(
        kind="delivery",
        id=delivery.id,
        public_id=delivery.public_id,
        states=sides.states,
        assigned=sides.assigned,
    )


async def agree(
    arguments: Mapping[str, object], /, *, actor: Actor, state: str, now: datetime
) -> None:
    """The hash is that of the text on the note: the present text has to be the same."""
    match = await Match.get(id=UUID(str(arguments["subject_id"])))
    sha256 = str(arguments.get("sha256", "")).strip().lower()
    await actions.agree_terms(
        match, sha256=sha256, actor=actor, now=now, on_behalf=paper(arguments, state)
    )


async def _as_recorded(arguments: Mapping[str, object]) -> Delivery:
    """The delivery, unless the provider has reported again since."""
    delivery = await Delivery.get(id=UUID(str(arguments["subject_id"])))
    if is_since(arguments, delivery.reported_at):
        raise Conflict(ANOTHER_REPORT)
    return delivery


async def confirm(
    arguments: Mapping[str, object], /, *, actor: Actor, state: str, now: datetime
) -> None:
    """All that was reported; less of it is disputed first."""
    delivery = await _as_recorded(arguments)
    await actions.confirm(delivery, actor=actor, now=now, on_behalf=paper(arguments, state))


async def dispute(
    arguments: Mapping[str, object], /, *, actor: Actor, state: str, now: datetime
) -> None:
    delivery = await _as_recorded(arguments)
    await actions.dispute(
        delivery,
        reason=str(arguments.get("reason", "")),
        note=str(arguments.get("note", "")),
        actor=actor,
        now=now,
        on_behalf=paper(arguments, state),
    )


async def reason_choices() -> Sequence[tuple[str, str]]:
    reasons = (await code_lists()).reasons_for(REASONS)
    return [(reason.code, _(reason.label)) for reason in reasons]


def register() -> None:
    """Called once, where the routes are put together."""
    reason = Field("reason", N_("Reason"), "choice", reason_choices)
    on_behalf.register(AGREE, agree, label=LABELS[AGREE], subject=match_subject, fields=(HASH,))
    on_behalf.register(CONFIRM, confirm, label=LABELS[CONFIRM], subject=delivery_subject)
    on_behalf.register(
        DISPUTE,
        dispute,
        label=LABELS[DISPUTE],
        subject=delivery_subject,
        fields=(reason, NOTE),
    )


def addresses(delivery: Delivery, actor: Actor) -> list[tuple[LazyMessage, str]]:
    """Where a coordinator records what the State sent on paper about a delivery."""
    if not actor.is_coordinator:
        return []
    state: DeliveryState = delivery.state
    return [
        (LABELS[command], on_behalf.address(command, delivery.public_id))
        for command, verb in VERBS.items()
        if state in MACHINE.rules[verb].sources
    ]


def agreement_address(match: Match) -> str:
    """Where it records that the State agreed to the terms of reference."""
    return on_behalf.address(AGREE, match.public_id)
