"""Due diligence: a review is opened, filled in and decided; some are recognized without one."""

from datetime import UTC, datetime, time

from concord.actor import Actor, Role
from concord.database import transaction
from concord.deadlines import clocks
from concord.errors import Conflict, StaleVersion
from concord.inbox.actions import close_tasks, open_task
from concord.organizations.actions.steps import move, record, refuse, tell_about
from concord.organizations.models import Organization, Screening
from concord.organizations.policy import may_decide, may_open_screening, may_recognize
from concord.organizations.queries import lock, present_screening
from concord.organizations.questions import CODES
from concord.organizations.states import Finding, Sanctions, Verification
from concord.organizations.values import Decision, ScreeningValues
from notifications.messages import Message
from notifications.messages.organizations import (
    ProviderRegistered,
    ProviderRejected,
    ProviderVerified,
)

NOT_RECOGNIZED = "Only States and intergovernmental organizations are recognized, by UNODC."
UNDER_WAY = "A review is under way already."
NO_REVIEW = "No review is open. Start one first."
UNANSWERED = "Answer all five questions first."
UNSATISFACTORY = "A question is answered “unsatisfactory”: this provider cannot be verified."
UNSCREENED = "Record the screening against the sanctions list first."
HIT = "A hit on the sanctions list is open: adjudicate it before you verify."


async def open_screening(organization: Organization, *, actor: Actor, now: datetime) -> None:
    """Start a review; a provider that is still verified stays so while it is reviewed again."""
    async with transaction():
        organization = await lock(organization.id)
        if not may_open_screening(actor, organization):
            refuse("screen", organization)
        if await open_review(organization) is not None:
            raise Conflict(UNDER_WAY)
        await Screening.create(
            organization_id=organization.id, opened_by_id=actor.person_id, created_at=now
        )
        if organization.verification is not Verification.VERIFIED:
            await move(organization, "screen", Verification.SCREENING, actor=actor, now=now)
        await close_tasks(organization.id, "renew_verification", now=now)
        await wait_for_officer(organization, now=now)
        if not actor.is_secretariat:
            message = ProviderRegistered(organization=organization.public_id)
            await tell_about(organization, message, actor=actor, now=now)
        await record("screening", organization, actor=actor, now=now)


async def save_screening(
    organization: Organization,
    values: ScreeningValues,
    *,
    version: int,
    actor: Actor,
    now: datetime,
) -> None:
    """Keep what the officer has found so far; nothing is decided by it."""
    async with transaction():
        organization = await lock(organization.id)
        if not may_decide(actor, organization):
            refuse("verify", organization)
        screening = await _review(organization)
        if screening.version != version:
            raise StaleVersion("Another officer has changed this review since you opened it.")
        screening.answers = {
            code: {"finding": answer.finding or "", "note": answer.note}
            for code, answer in values.answers.items()
        }
        day = values.sanctions_on
        screening.sanctions_checked_at = datetime.combine(day, time(), UTC) if day else None
        screening.sanctions_result = values.sanctions_result
        screening.sanctions_note = values.sanctions_note
        screening.version += 1
        await screening.save()
        await record("screening_saved", organization, actor=actor, now=now)


async def decide(
    organization: Organization, decision: Decision, *, actor: Actor, now: datetime
) -> None:
    """Verify for three years, or reject; `Conflict` while the answers do not allow the first.

    A renewal that is refused changes nothing before the present verification ends.
    """
    async with transaction():
        organization = await lock(organization.id)
        if not may_decide(actor, organization):
            refuse("verify", organization)
        screening = await _review(organization)
        if decision.verified:
            _check_verifiable(screening)
        screening.decision = "verified" if decision.verified else "rejected"
        screening.decision_note, screening.decision_told = decision.note, decision.told
        screening.decided_by_id, screening.decided_at = actor.person_id, now
        screening.version += 1
        await screening.save()
        message = await _carry_out(organization, decision, actor=actor, now=now)
        await close_tasks(organization.id, "screen_provider", "renew_verification", now=now)
        await tell_about(organization, message, actor=actor, now=now)
        await record(screening.decision, organization, actor=actor, now=now)


async def recognize(organization: Organization, *, actor: Actor, now: datetime) -> None:
    """A State or an intergovernmental organization offers without screening and without end."""
    async with transaction():
        organization = await lock(organization.id)
        if not may_recognize(actor, organization):
            refuse("recognize", organization, NOT_RECOGNIZED)
        await move(organization, "recognize", Verification.VERIFIED, actor=actor, now=now)
        await close_tasks(organization.id, "recognize_provider", now=now)
        await record("recognized", organization, actor=actor, now=now)


async def open_review(organization: Organization) -> Screening | None:
    """The review of a locked organization that is not decided yet."""
    found = await present_screening(organization)
    return found if found is not None and found.decided_at is None else None


async def wait_for_officer(organization: Organization, *, now: datetime) -> None:
    await open_task(
        "screen_provider",
        subject_kind="organization",
        subject_id=organization.id,
        subject_public_id=organization.public_id,
        roles={Role.DUE_DILIGENCE},
        now=now,
    )


async def _review(organization: Organization) -> Screening:
    found = await open_review(organization)
    if found is None:
        raise Conflict(NO_REVIEW)
    return found


def _check_verifiable(screening: Screening) -> None:
    findings = {screening.answers.get(code, {}).get("finding", "") for code in CODES}
    if "" in findings:
        raise Conflict(UNANSWERED)
    if Finding.UNSATISFACTORY in findings:
        raise Conflict(UNSATISFACTORY)
    if screening.sanctions_checked_at is None or screening.sanctions_result is None:
        raise Conflict(UNSCREENED)
    if screening.sanctions_result == Sanctions.HIT:
        raise Conflict(HIT)


async def _carry_out(
    organization: Organization, decision: Decision, *, actor: Actor, now: datetime
) -> Message:
    renewed = organization.verification is Verification.VERIFIED
    if decision.verified:
        until = _years_later(now, clocks().verification_years)
        organization.verified_until, organization.expiry_told_at = until, None
        verb, target = ("renew" if renewed else "verify"), Verification.VERIFIED
    elif not renewed:
        verb, target = "reject", Verification.REJECTED
    else:
        return ProviderRejected(organization=organization.public_id)
    await move(
        organization, verb, target, actor=actor, now=now, note=decision.note, told=decision.told
    )
    if target is Verification.REJECTED:
        return ProviderRejected(organization=organization.public_id)
    assert organization.verified_until is not None  # noqa: S101 - set above
    return ProviderVerified(
        organization=organization.public_id, until=organization.verified_until.date()
    )


def _years_later(moment: datetime, years: int) -> datetime:
    """The same day years later; 29 February becomes 1 March."""
    try:
        return moment.replace(year=moment.year + years)
    except ValueError:
        return moment.replace(year=moment.year + years, month=3, day=1)
