"""Who makes portfolios: coordinators, each over what they serve."""

from concord.actor import Actor, Role


def may_make_portfolios(actor: Actor) -> bool:
    return actor.role is Role.COORDINATOR
