"""A provider's verification is suspended, taken up again, or runs out."""

from datetime import datetime

from concord.actor import CLOCK, Actor, Role
from concord.database import transaction
from concord.inbox.actions import close_tasks, open_task
from concord.organizations.actions.screening import open_review
from concord.organizations.actions.steps import move, record, refuse, tell_about
from concord.organizations.models import Organization
from concord.organizations.policy import may_reinstate, may_suspend
from concord.organizations.queries import lock
from concord.organizations.states import Verification
from notifications.messages.organizations import (
    ProviderReinstated,
    ProviderSuspendedToCoordinators,
    ProviderSuspendedToOwner,
    VerificationExpired,
    VerificationExpiresSoon,
)


async def mark_suspended(
    organization: Organization, *, reason: str, actor: Actor, now: datetime
) -> None:
    """Suspend a locked, verified provider; the caller ends or suspends its matches.

    The reason stays inside UNODC.
    """
    if not may_suspend(actor, organization):
        refuse("suspend", organization)
    async with transaction():
        await move(
            organization, "suspend", Verification.SUSPENDED, actor=actor, now=now, note=reason
        )
        await close_tasks(organization.id, "renew_verification", now=now)
        await tell_about(
            organization,
            ProviderSuspendedToOwner(organization=organization.public_id),
            ProviderSuspendedToCoordinators(organization=organization.public_id),
            actor=actor,
            now=now,
        )
        await record("suspended", organization, actor=actor, now=now)


async def reinstate(
    organization: Organization, *, reason: str, actor: Actor, now: datetime
) -> None:
    """A suspended provider is verified again, until the date it had before."""
    async with transaction():
        organization = await lock(organization.id)
        if not may_reinstate(actor, organization):
            refuse("reinstate", organization)
        await move(
            organization, "reinstate", Verification.VERIFIED, actor=actor, now=now, note=reason
        )
        message = ProviderReinstated(organization=organization.public_id)
        await tell_about(organization, message, actor=actor, now=now)
        await record("reinstated", organization, actor=actor, now=now)


async def mark_expired(organization: Organization, *, now: datetime) -> None:
    """The verification of a locked provider has run out; a renewal under way goes on."""
    async with transaction():
        await move(organization, "expire", Verification.EXPIRED, actor=CLOCK, now=now)
        message = VerificationExpired(organization=organization.public_id)
        await tell_about(organization, message, actor=CLOCK, now=now)
        if await open_review(organization) is None:
            await _wait_for_renewal(organization, now=now)
        else:
            await move(organization, "screen", Verification.SCREENING, actor=CLOCK, now=now)
        await record("expired", organization, actor=CLOCK, now=now)


async def mark_expiry_told(organization: Organization, *, now: datetime) -> None:
    """Remind a locked provider, once, that its verification runs out soon."""
    until = organization.verified_until
    if until is None:
        return
    async with transaction():
        organization.expiry_told_at = now
        await organization.save(update_fields=["expiry_told_at"])
        message = VerificationExpiresSoon(organization=organization.public_id, due=until.date())
        await tell_about(organization, message, actor=CLOCK, now=now)
        if await open_review(organization) is None:
            await _wait_for_renewal(organization, now=now)
        await record("expiry_told", organization, actor=CLOCK, now=now)


async def _wait_for_renewal(organization: Organization, *, now: datetime) -> None:
    await open_task(
        "renew_verification",
        subject_kind="organization",
        subject_id=organization.id,
        subject_public_id=organization.public_id,
        roles={Role.PARTNER_ADMIN},
        organization_id=organization.id,
        now=now,
        due_at=organization.verified_until,
    )
