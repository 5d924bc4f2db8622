"""Who sees pairings: the people of UNODC who work on the request."""

from concord.actor import Actor, Role
from concord.requests.models import Request
from concord.requests.policy import handles, states_of

READERS = frozenset({Role.COORDINATOR, Role.APPROVER})
MODEL_READERS = frozenset({Role.COORDINATOR, Role.APPROVER, Role.AUDITOR, Role.ADMIN})


def may_see_pairings(actor: Actor, request: Request) -> bool:
    return actor.role in READERS and handles(actor, request)


def may_see_outlook(actor: Actor, request: Request) -> bool:
    """Who requests, and who works on the request: the rest learn of unmet demand in totals."""
    if actor.is_state:
        return actor.state in states_of(request)
    return may_see_pairings(actor, request)


def may_use_workbench(actor: Actor) -> bool:
    return actor.role is Role.COORDINATOR


def may_see_models(actor: Actor) -> bool:
    return actor.role in MODEL_READERS


def may_train(actor: Actor) -> bool:
    return actor.role in {Role.COORDINATOR, Role.ADMIN}


def may_choose_model(actor: Actor) -> bool:
    """Back to a former order; a new one is adopted by its evaluation alone."""
    return actor.role in {Role.COORDINATOR, Role.ADMIN}


def may_rank_everything(actor: Actor) -> bool:
    return actor.role in {Role.COORDINATOR, Role.ADMIN}


def may_set_equity(actor: Actor) -> bool:
    """A setting for all requests: no decision of a case."""
    return actor.role is Role.ADMIN
