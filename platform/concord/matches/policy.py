"""Who may do what to a match: the whole table on one page."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from uuid import UUID

from concord.actor import FOCAL_POINTS, Actor, Role
from concord.matches.models import Match
from concord.matches.states import LIVE, MACHINE, PENDING, WORKING, MatchState
from concord.matches.values import Part, SuspendedFor


@dataclass(frozen=True, slots=True)
class Sides:
    """Who stands where in a match, as far as permissions depend on it.

    `asked` are the organizations invited to accept, `providing` those of them that provide;
    `assigned` the persons of UNODC named on a sealed request, None for any other class; `before`
    is where a suspended match was.
    """

    state: MatchState
    states: frozenset[str]
    lead_state: str
    asked: frozenset[UUID]
    proposed_by: UUID
    assigned: frozenset[UUID] | None = None
    suspended_for: str | None = None
    providing: frozenset[UUID] = frozenset()
    before: MatchState | None = None


def sides_of(
    match: Match, *, lead_state: str, states: frozenset[str], assigned: frozenset[UUID] | None
) -> Sides:
    """From a match whose participants are fetched."""
    return Sides(
        state=match.state,
        states=states,
        lead_state=lead_state,
        asked=frozenset(p.organization_id for p in match.participants if p.invited_at),
        proposed_by=match.proposed_by_id,
        assigned=assigned,
        suspended_for=match.suspended_for,
        providing=frozenset(
            p.organization_id
            for p in match.participants
            if p.invited_at and p.role == Part.PROVIDER
        ),
        before=match.state_before,
    )


def is_requesting(actor: Actor, sides: Sides) -> bool:
    return actor.is_focal_point and actor.state in sides.states


def is_asked(actor: Actor, sides: Sides) -> bool:
    return actor.role is Role.PARTNER_ADMIN and actor.organization_id in sides.asked


def is_providing(actor: Actor, sides: Sides) -> bool:
    return actor.role is Role.PARTNER_ADMIN and actor.organization_id in sides.providing


def is_coordinating(actor: Actor, sides: Sides) -> bool:
    return actor.serves(sides.lead_state) and _is_admitted(actor, sides)


def is_approving(actor: Actor, sides: Sides) -> bool:
    return actor.role is Role.APPROVER and _is_admitted(actor, sides)


def _is_admitted(actor: Actor, sides: Sides) -> bool:
    return sides.assigned is None or actor.person_id in sides.assigned


def _is_another(actor: Actor, sides: Sides) -> bool:
    return is_approving(actor, sides) and actor.person_id != sides.proposed_by


def _may_cancel(actor: Actor, sides: Sides) -> bool:
    """The coordinator while it is decided; either side from then on, an approver once agreed."""
    if actor.role is Role.APPROVER:
        return sides.state not in PENDING | {MatchState.APPROVED} and is_approving(actor, sides)
    if actor.role is Role.COORDINATOR:
        return sides.state not in LIVE - PENDING and is_coordinating(actor, sides)
    return sides.state not in PENDING and _is_side(actor, sides)


def _is_side(actor: Actor, sides: Sides) -> bool:
    return is_requesting(actor, sides) or is_asked(actor, sides)


def _may_suspend(actor: Actor, sides: Sides) -> bool:
    return _is_side(actor, sides) or is_approving(actor, sides)


def _may_resume(actor: Actor, sides: Sides) -> bool:
    """Who suspended it, or an approver; a State may let one match of a suspended request go on."""
    if is_approving(actor, sides):
        return True
    if sides.suspended_for in {SuspendedFor.STATE, SuspendedFor.REQUEST}:
        return is_requesting(actor, sides)
    return sides.suspended_for == SuspendedFor.PROVIDER and is_asked(actor, sides)


def _may_draft(actor: Actor, sides: Sides) -> bool:
    return _is_side(actor, sides) or is_coordinating(actor, sides)


Rule = Callable[[Actor, Sides], bool]
TABLE: Mapping[str, Rule] = MappingProxyType(
    {
        "undo": lambda actor, sides: actor.person_id == sides.proposed_by,
        "consent": is_requesting,
        "decline_by_state": is_requesting,
        "withdraw_consent": is_requesting,
        "accept": is_asked,
        "decline_by_partner": is_asked,
        "approve": _is_another,
        "reject": is_approving,
        "stop_sharing": is_requesting,
        "cancel": _may_cancel,
        "draft_terms": _may_draft,
        "agree": _is_side,
        "start": is_providing,
        "evaluate": _is_side,
        "close": is_coordinating,
        "suspend": _may_suspend,
        "resume": _may_resume,
        "end_suspension": is_approving,
    }
)

EVER: Mapping[str, Rule] = MappingProxyType(
    {
        **TABLE,
        "cancel": lambda actor, sides: is_coordinating(actor, sides) or _may_suspend(actor, sides),
        "resume": _may_suspend,
    }
)
"""The table for roles and sides alone: where it stands now is for the action to judge."""


def may(verb: str, actor: Actor, sides: Sides) -> bool:
    """Whether this actor may say `verb` to a match of these sides, whatever its state."""
    return TABLE[verb](actor, sides)


def may_ever(verb: str, actor: Actor, sides: Sides) -> bool:
    """Whether this actor's role and side say `verb` to this match in some state or other."""
    return EVER[verb](actor, sides)


def offered(verb: str, actor: Actor, sides: Sides) -> bool:
    """Whether a page shows the form: the actor may, and the state allows it now."""
    if verb == "undo":
        return sides.state is MatchState.PROPOSED and may(verb, actor, sides)
    if verb == "close":  # a person closes what every side has evaluated, the clock the rest
        return sides.state is MatchState.EVALUATED and may(verb, actor, sides)
    if verb in {"withdraw_consent", "stop_sharing"} and sides.before is not None:
        allowed = (sides.before in WORKING) == (verb == "stop_sharing")
        return allowed and may(verb, actor, sides)
    return may(verb, actor, sides) and MACHINE.may(verb, sides.state, actor.role)


def may_answer_lesson(actor: Actor, sides: Sides) -> bool:
    """Whether this actor may say for a requesting State what becomes of the drafted lesson."""
    return is_requesting(actor, sides)


def may_propose(actor: Actor, lead_state: str, assigned: frozenset[UUID] | None) -> bool:
    """A coordinator who serves the lead State; for a sealed request, one assigned by name."""
    return actor.serves(lead_state) and (assigned is None or actor.person_id in assigned)


def may_list(actor: Actor) -> bool:
    """Whether the list of matches has anything for this role at all."""
    return actor.is_state or actor.is_provider or actor.role in _READERS


_READERS = FOCAL_POINTS | {Role.COORDINATOR, Role.APPROVER, Role.AUDITOR}
