"""Organizations come into being, present themselves, and change what they say."""

from datetime import datetime

from tortoise.connection import get_connection
from tortoise.exceptions import IntegrityError

from concord import audit, jobs
from concord.accounts.actions import admit
from concord.accounts.queries import person_by_email
from concord.accounts.values import Invitation, Seating
from concord.actor import PUBLIC, Actor, Role
from concord.database import transaction
from concord.errors import NotAllowed, StaleVersion
from concord.inbox.actions import open_task, tell
from concord.organizations.actions.steps import step
from concord.organizations.models import Organization
from concord.organizations.names import name_key
from concord.organizations.policy import may_create, may_edit_profile
from concord.organizations.queries import lock
from concord.organizations.states import (
    SCREENED_KINDS,
    OrganizationKind,
    Verification,
)
from concord.organizations.values import NewOrganization, ProfileValues, Registration
from concord.reference.identifiers import new_public_id
from notifications.messages.organizations import ProviderRegistered
from notifications.recipients import Case

ATTEMPTS = 5


async def register(values: Registration, *, now: datetime, actor: Actor = PUBLIC) -> None:
    """A provider presents itself; the answer never says what was known already.

    Signed in, one becomes its administrator; otherwise the person is invited. An address that
    belongs to somebody changes nothing: a stranger gives nobody a role.
    """
    async with transaction():
        await _one_at_a_time(values.email)
        if not actor.is_signed_in and await person_by_email(values.email) is not None:
            return
        made = await _insert(values.organization, verification=Verification.REGISTERED, now=now)
        seat = Seating(organization_id=made.id, role=Role.PARTNER_ADMIN)
        await admit(
            Invitation(
                email=values.email, name=values.person_name, seat=seat, locale=values.locale
            ),
            actor=actor,
            now=now,
        )
        await _announce(made, now=now)
        await audit.record(
            "organization.registered",
            actor=actor,
            subject_kind="organization",
            subject_id=made.id,
            now=now,
            kind=made.kind.value,
        )


async def _one_at_a_time(email: str) -> None:
    """A form sent twice at once, by somebody without a session, registers once."""
    await get_connection("default").execute_query(
        "SELECT pg_advisory_xact_lock(4716, hashtext($1))", [email]
    )


async def create(values: NewOrganization, *, actor: Actor, now: datetime) -> Organization:
    """An administrator enters an organization; State authorities need no verification."""
    if not may_create(actor):
        raise NotAllowed("Only an administrator enters organizations.")
    inside = {OrganizationKind.STATE_AUTHORITY, OrganizationKind.SECRETARIAT}
    verification = Verification.VERIFIED if values.kind in inside else Verification.REGISTERED
    async with transaction():
        made = await _insert(values, verification=verification, now=now)
        if verification is Verification.REGISTERED:
            await _announce(made, now=now)
        await audit.record(
            "organization.created",
            actor=actor,
            subject_kind="organization",
            subject_id=made.id,
            now=now,
            kind=made.kind.value,
        )
    return made


async def edit_profile(
    organization: Organization,
    values: ProfileValues,
    *,
    version: int,
    actor: Actor,
    now: datetime,
) -> None:
    """Change what an organization says about itself; `StaleVersion` if somebody was faster."""
    async with transaction():
        organization = await lock(organization.id)
        if not may_edit_profile(actor, organization):
            raise NotAllowed("Only the organization's administrator changes its profile.")
        if organization.version != version:
            raise StaleVersion("Somebody has changed this profile since you opened it.")
        changed = _apply(organization, values)
        organization.version += 1
        await organization.keep()
        if "name" in changed or "state_id" in changed:
            await _look_for_duplicates(organization, now=now)
        await audit.record(
            "organization.profile_changed",
            actor=actor,
            subject_kind="organization",
            subject_id=organization.id,
            now=now,
            fields=sorted(changed),
        )


def _apply(organization: Organization, values: ProfileValues) -> set[str]:
    """Set what differs; a State authority never moves to another State."""
    wanted: dict[str, str | None] = {
        "name": values.name,
        "website": values.website,
        "description": values.description,
    }
    if organization.kind is not OrganizationKind.STATE_AUTHORITY:
        wanted["state_id"] = values.state
    changed = {name for name, value in wanted.items() if getattr(organization, name) != value}
    organization.update_from_dict(wanted | {"name_key": name_key(values.name)})
    return changed


async def _insert(
    values: NewOrganization, *, verification: Verification, now: datetime
) -> Organization:
    """One row under a fresh public id; a taken one is tried again."""
    profile = values.profile
    for attempt in range(ATTEMPTS):
        try:
            async with transaction():
                made = await Organization.create(
                    public_id=new_public_id("ORG"),
                    name=profile.name,
                    name_key=name_key(profile.name),
                    kind=values.kind,
                    state_id=profile.state,
                    website=profile.website,
                    description=profile.description,
                    verification=verification,
                    verification_since=now,
                    created_at=now,
                )
        except IntegrityError:
            if attempt == ATTEMPTS - 1:
                raise
        else:
            await _look_for_duplicates(made, now=now)
            return made
    raise AssertionError("every attempt returns or raises")


async def _announce(organization: Organization, *, now: datetime) -> None:
    """Whoever screens or recognizes it hears of it, and the task waits for them."""
    screened = organization.kind in SCREENED_KINDS
    await step(organization, "register", source=None, actor=PUBLIC, now=now)
    await open_task(
        "screen_provider" if screened else "recognize_provider",
        subject_kind="organization",
        subject_id=organization.id,
        subject_public_id=organization.public_id,
        roles={Role.DUE_DILIGENCE} if screened else {Role.DUE_DILIGENCE, Role.COORDINATOR},
        now=now,
    )
    await tell(
        ProviderRegistered(organization=organization.public_id),
        case=Case(owner=organization.id),
        event=f"organization:{organization.id}:registered:{organization.version}",
        now=now,
    )


async def _look_for_duplicates(organization: Organization, *, now: datetime) -> None:
    await jobs.enqueue(jobs.CHECK_DUPLICATES, now=now, organization_id=organization.id)
