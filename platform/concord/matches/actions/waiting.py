"""What each state from approval on waits for: its tasks and its deadline."""

from datetime import date, datetime, time, timedelta
from uuid import UUID

from concord.actor import FOCAL_POINTS, PROVIDER_ROLES, Role
from concord.deadlines import END_OF_DAY, Step, deadline, months_after
from concord.inbox.actions import open_task
from concord.matches.actions.locking import Locked
from concord.matches.delivery_states import LIVE as LIVE_DELIVERIES
from concord.matches.models import Delivery, Evaluation, Match, Terms, TermsAgreement
from concord.matches.states import MatchState

DRAFT_TASK = "draft_terms"
AGREE_TASK = "agree_terms"
START_TASK = "start_match"
PLAN_TASK = "plan_delivery"
EVALUATE_TASK = "evaluate_match"
START_WITHIN = timedelta(days=30)
START_MONTHS = 6
ADMINS = frozenset({Role.PARTNER_ADMIN})
_S = MatchState


async def present_terms(match_id: UUID) -> Terms | None:
    """The version that is in force or waits to be agreed to."""
    return await Terms.filter(match_id=match_id, superseded_at=None).first()


def start_by(match: Match, starts_on: date | None, *, now: datetime) -> datetime:
    """Until when an agreed match has to start: 30 days after the day that its terms name."""
    if starts_on is None:
        return months_after(match.approved_at or now, START_MONTHS)
    return datetime.combine(starts_on + START_WITHIN, END_OF_DAY, now.tzinfo)


async def due_of(locked: Locked, state: MatchState, *, now: datetime) -> datetime | None:
    """The deadline of a state that begins now, or begins anew after a suspension."""
    if state is _S.APPROVED:
        return await deadline(Step.TERMS, start=now, urgent=locked.request.urgent)
    if state is _S.AGREED:
        terms = await present_terms(locked.match.id)
        named = start_by(locked.match, terms.starts_on if terms else None, now=now)
        return max(named, datetime.combine(now.date(), time.max, now.tzinfo) + START_WITHIN)
    if state is _S.DELIVERED:
        return await deadline(Step.EVALUATION, start=now, urgent=False)
    return None


async def ask_sides(locked: Locked, *, now: datetime) -> None:
    """Open the tasks of the state in which the match now is."""
    state = locked.match.state
    if state is _S.APPROVED:
        await _ask_for_terms(locked, now=now)
    elif state is _S.AGREED:
        await _ask_providers(locked, START_TASK, ADMINS, now=now)
    elif state is _S.IN_DELIVERY:
        live = Delivery.filter(match_id=locked.match.id, state__in=sorted(LIVE_DELIVERIES))
        if not await live.exists():
            await _ask_providers(locked, PLAN_TASK, PROVIDER_ROLES, now=now)
    elif state is _S.DELIVERED:
        given = await Evaluation.filter(match_id=locked.match.id)
        done = {each.state_id or each.organization_id for each in given}
        await _ask_all(locked, EVALUATE_TASK, done, now=now)


async def _ask_for_terms(locked: Locked, *, now: datetime) -> None:
    terms = await present_terms(locked.match.id)
    if terms is None:
        await _ask_providers(locked, DRAFT_TASK, ADMINS, now=now)
        return
    agreements = await TermsAgreement.filter(terms_id=terms.id)
    done = {each.state_id or each.organization_id for each in agreements}
    await _ask_all(locked, AGREE_TASK, done, now=now)


async def _ask_all(
    locked: Locked, kind: str, done: set[str | UUID | None], *, now: datetime
) -> None:
    """Let it wait for every side but those that have done it."""
    for state in sorted(locked.states - done):
        await _open(locked, kind, FOCAL_POINTS, now=now, state=state)
    for organization_id in sorted(locked.asked - done):
        await _open(locked, kind, ADMINS, now=now, organization_id=organization_id)


async def _ask_providers(
    locked: Locked, kind: str, roles: frozenset[Role], *, now: datetime
) -> None:
    for organization_id in sorted(locked.sides.providing):
        await _open(locked, kind, roles, now=now, organization_id=organization_id)


async def _open(
    locked: Locked,
    kind: str,
    roles: frozenset[Role],
    *,
    now: datetime,
    state: str | None = None,
    organization_id: UUID | None = None,
) -> None:
    match = locked.match
    await open_task(
        kind,
        subject_kind="match",
        subject_id=match.id,
        subject_public_id=match.public_id,
        roles=roles,
        now=now,
        due_at=match.due_at,
        state=state,
        organization_id=organization_id,
    )
