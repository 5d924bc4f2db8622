"""Who may open the evidence of a delivery."""

from uuid import UUID

from concord.actor import Actor
from concord.deliveries.queries import visible_to
from concord.organizations.visibility import attachment_policies


async def may_open_evidence(actor: Actor, delivery_id: UUID) -> bool:
    """Both sides of its match, and UNODC as far as it sees the request."""
    return await visible_to(actor).filter(id=delivery_id).exists()


def register() -> None:
    """Called once, where the routes are put together."""
    attachment_policies["delivery"] = may_open_evidence
