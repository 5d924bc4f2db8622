"""Who acts when a command is given: a person by e-mail, or whoever operates the machine."""

from collections.abc import Collection

from concord.accounts.actors import actor_named
from concord.actor import Actor, Role


def operator(role: Role) -> Actor:
    """Somebody with the settings in hand: the trail has the role and no person."""
    return Actor(name="operator", role=role)


async def acting(email: str, *, roles: Collection[Role], otherwise: Role) -> Actor:
    """The person named, in one of the roles; without a name the operator."""
    return await actor_named(email, roles=roles) if email else operator(otherwise)
