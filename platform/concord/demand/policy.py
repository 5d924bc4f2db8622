"""Who reads the table of unmet demand: providers, and UNODC's officers who answer for it."""

from concord.actor import PROVIDER_ROLES, Actor, Role

READERS = PROVIDER_ROLES | {Role.COORDINATOR, Role.APPROVER}


def may_see_demand(actor: Actor) -> bool:
    return actor.role in READERS
