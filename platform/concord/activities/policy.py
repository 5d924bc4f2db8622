"""Who may do what to external activities: the whole table."""

from concord.actor import Actor, Role


def may_import(actor: Actor) -> bool:
    return actor.role in {Role.COORDINATOR, Role.ADMIN}


def may_list(actor: Actor) -> bool:
    return actor.is_secretariat
