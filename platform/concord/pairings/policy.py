"""Who sees pairings: the people of UNODC who work on the request."""

from concord.actor import Actor, Role
from concord.requests.models import Request
from concord.requests.policy import handles

READERS = frozenset({Role.COORDINATOR, Role.APPROVER})


def may_see_pairings(actor: Actor, request: Request) -> bool:
    return actor.role in READERS and handles(actor, request)


def may_use_workbench(actor: Actor) -> bool:
    return actor.role is Role.COORDINATOR
