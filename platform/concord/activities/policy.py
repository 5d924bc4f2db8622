"""Who may do what to external activities: the whole table."""

from concord.actor import Actor, Role

NAMERS = frozenset({Role.COORDINATOR, Role.ADMIN})


def may_import(actor: Actor) -> bool:
    return actor.role in NAMERS


def may_name_states(actor: Actor) -> bool:
    """Say which State an imported name means."""
    return actor.role in NAMERS


def may_list(actor: Actor) -> bool:
    """UNODC and providers see every activity, a State those in its own territory."""
    return actor.is_secretariat or actor.is_provider or (actor.is_state and bool(actor.state))


def may_see_provenance(actor: Actor) -> bool:
    """Which file it came from, and who imported it."""
    return actor.is_secretariat
