"""Who may do what to a delivery: the whole table on one page."""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from concord.actor import Actor
from concord.matches.delivery_states import MACHINE, DeliveryState
from concord.matches.policy import Sides, is_approving, is_asked, is_requesting
from concord.matches.states import WORKING, MatchState

Rule = Callable[[Actor, Sides], bool]


def is_delivering(actor: Actor, sides: Sides) -> bool:
    """Administrators and members of an organization that takes part."""
    return actor.is_provider and actor.organization_id in sides.asked


def _may_cancel(actor: Actor, sides: Sides) -> bool:
    return is_asked(actor, sides) or is_approving(actor, sides)


TABLE: Mapping[str, Rule] = MappingProxyType(
    {
        "plan": is_delivering,
        "change": is_delivering,
        "begin": is_delivering,
        "report": is_delivering,
        "attach": is_delivering,
        "confirm": is_requesting,
        "dispute": is_requesting,
        "acknowledge": is_requesting,
        "decide": is_approving,
        "cancel": _may_cancel,
    }
)


def may(verb: str, actor: Actor, sides: Sides) -> bool:
    """Whether this actor may say `verb` to a delivery of a match with these sides."""
    return TABLE[verb](actor, sides)


def is_possible(verb: str, sides: Sides) -> bool:
    """Whether the match, as it stands, lets its deliveries go through this step."""
    if verb in {"plan", "change"}:
        return sides.state in WORKING
    if verb == "begin":
        return sides.state is MatchState.IN_DELIVERY
    if verb == "acknowledge":
        return True
    return sides.state in WORKING or sides.before in WORKING


def offered(verb: str, actor: Actor, sides: Sides, state: DeliveryState) -> bool:
    """Whether a page shows the form: the actor may, and match and delivery allow it now."""
    if verb == "attach":
        possible = state is not DeliveryState.CANCELLED
    else:
        possible = MACHINE.may(verb, state, actor.role)
    return possible and is_possible(verb, sides) and may(verb, actor, sides)


def may_plan(actor: Actor, sides: Sides) -> bool:
    """Whether a match page shows “plan a delivery”."""
    return is_possible("plan", sides) and may("plan", actor, sides)
