"""Moves an organization's verification from state to state and keeps the step."""

from datetime import datetime
from typing import NoReturn

from concord import audit
from concord.actor import Actor
from concord.errors import NotAllowed
from concord.inbox.actions import tell
from concord.organizations.models import Organization, OrganizationStep
from concord.organizations.states import VERIFICATION, Verification
from notifications.messages import Message
from notifications.recipients import Case

NOT_OFFICER = "Only a due diligence officer does this, and only for a provider that is screened."


def refuse(verb: str, organization: Organization, message: str = NOT_OFFICER) -> NoReturn:
    """`Conflict` when the organization has moved on, `NotAllowed` when the actor never may."""
    VERIFICATION.check(verb, organization.verification)
    raise NotAllowed(message)


async def move(
    organization: Organization,
    verb: str,
    target: Verification,
    *,
    actor: Actor,
    now: datetime,
    note: str = "",
    told: str = "",
) -> None:
    """Change the state of a locked organization; `Conflict` when the table forbids it."""
    source = organization.verification
    VERIFICATION.check(verb, source, target)
    organization.verification = target
    organization.verification_since = now
    organization.version += 1
    await organization.keep()
    await step(organization, verb, source=source, actor=actor, now=now, note=note, told=told)


async def step(
    organization: Organization,
    verb: str,
    *,
    source: Verification | None,
    actor: Actor,
    now: datetime,
    note: str = "",
    told: str = "",
) -> None:
    await OrganizationStep.create(
        organization_id=organization.id,
        verb=verb,
        source=source.value if source else "",
        target=organization.verification.value,
        at=now,
        person_id=actor.person_id,
        note=note,
        told=told,
    )


async def tell_about(
    organization: Organization, *messages: Message, actor: Actor, now: datetime
) -> None:
    """Tell whom the messages name; each version of the organization is told of once."""
    await tell(
        *messages,
        case=Case(owner=organization.id, actor=actor.person_id),
        event=f"organization:{organization.id}:{organization.version}",
        now=now,
    )


async def record(
    action: str, organization: Organization, *, actor: Actor, now: datetime, **facts: str
) -> None:
    """The audit entry, last in its transaction."""
    await audit.record(
        f"organization.{action}",
        actor=actor,
        subject_kind="organization",
        subject_id=organization.id,
        now=now,
        verification=organization.verification.value,
        **facts,
    )
