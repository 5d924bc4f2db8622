"""What an action has left behind, as plain values."""

from uuid import UUID

from concord.audit import AuditEntry
from concord.inbox.models import Task
from concord.jobs import TELL, Outbox
from concord.offers.models import Offer, OfferStep


async def told() -> set[tuple[str, UUID]]:
    """Which message is owed to whom."""
    rows = await Outbox.filter(name=TELL)
    return {(str(row.payload["message"]), UUID(str(row.payload["person"]))) for row in rows}


async def asked_of_workers() -> list[tuple[str, str]]:
    """Jobs and the offers that they are about."""
    rows = await Outbox.exclude(name=TELL).order_by("id")
    return [(row.name, str(row.payload["offer_id"])) for row in rows]


async def waiting(offer: Offer) -> set[tuple[str, str, UUID | None]]:
    """Open tasks: kind, roles, organization."""
    rows = await Task.filter(subject_id=offer.id, closed_at=None)
    return {(row.kind, ",".join(row.roles), row.organization_id) for row in rows}


async def audited() -> list[str]:
    return [entry.action for entry in await AuditEntry.all().order_by("seq")]


async def steps_of(offer: Offer) -> list[tuple[str, str, str]]:
    rows = await OfferStep.filter(offer_id=offer.id).order_by("at", "created_at")
    return [(row.verb, row.source, row.target) for row in rows]
