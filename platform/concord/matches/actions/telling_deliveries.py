"""Who hears of what happened to a delivery, and of a match from its terms of reference on."""

from collections.abc import Mapping
from datetime import date, datetime
from types import MappingProxyType
from typing import Any

from concord.actor import Actor
from concord.inbox.actions import tell
from concord.matches.actions.locking import Locked
from concord.matches.actions.telling import announce, delete_by
from concord.matches.models import Delivery
from concord.requests import queries as requests
from notifications.messages import Message
from notifications.messages import deliveries as of_delivery
from notifications.messages import terms as of_match

DELIVERY: Mapping[str, tuple[type[Message], ...]] = MappingProxyType(
    {
        "planned": (
            of_delivery.DeliveryPlannedToState,
            of_delivery.DeliveryPlannedToProviders,
            of_delivery.DeliveryPlannedToCoordinators,
        ),
        "report_due": (of_delivery.DeliveryReportDue,),
        "reported": (
            of_delivery.DeliveryReportedToState,
            of_delivery.DeliveryReportedToProviders,
            of_delivery.DeliveryReportedToCoordinators,
        ),
        "confirmed": (
            of_delivery.DeliveryConfirmedToState,
            of_delivery.DeliveryConfirmedToProviders,
            of_delivery.DeliveryConfirmedToCoordinators,
        ),
        "unconfirmed": (
            of_delivery.DeliveryUnconfirmedToState,
            of_delivery.DeliveryUnconfirmedToProviders,
            of_delivery.DeliveryUnconfirmedToCoordinators,
        ),
        "disputed": (
            of_delivery.DeliveryDisputedToState,
            of_delivery.DeliveryDisputedToProviders,
            of_delivery.DeliveryDisputedToCoordinators,
        ),
        "decision_asked": (of_delivery.DeliveryDecisionAsked,),
        "cancelled": (
            of_delivery.DeliveryCancelledToState,
            of_delivery.DeliveryCancelledToProviders,
            of_delivery.DeliveryCancelledToCoordinators,
        ),
    }
)
MATCH: Mapping[str, tuple[type[Message], ...]] = MappingProxyType(
    {
        "terms_drafted": (
            of_match.TermsDraftedToState,
            of_match.TermsDraftedToProviders,
            of_match.TermsDraftedToCoordinators,
        ),
        "agreed": (
            of_match.MatchAgreedToState,
            of_match.MatchAgreedToProviders,
            of_match.MatchAgreedToCoordinators,
        ),
        "started": (
            of_match.MatchStartedToState,
            of_match.MatchStartedToProviders,
            of_match.MatchStartedToCoordinators,
        ),
        "stalled": (of_match.MatchStalled,),
        "delivered": (
            of_match.MatchDeliveredToState,
            of_match.MatchDeliveredToProviders,
            of_match.MatchDeliveredToCoordinators,
        ),
        "evaluated": (of_match.MatchEvaluated,),
        "closed": (
            of_match.MatchClosedToState,
            of_match.MatchClosedToProviders,
            of_match.MatchClosedToCoordinators,
        ),
        "sharing_stopped": (
            of_match.SharingStoppedToState,
            of_match.SharingStoppedToProviders,
            of_match.SharingStoppedToCoordinators,
        ),
    }
)


async def tell_delivery(
    locked: Locked, delivery: Delivery, what: str, *, actor: Actor, now: datetime
) -> None:
    """Owe the messages of one event to everyone whom their rules name."""
    case = await requests.case_of(locked.request, actor=actor, asked=locked.asked)
    known = {"delivery": delivery.public_id, "match": locked.match.public_id}
    said = [_filled(kind, known, _day(delivery.due_at)) for kind in DELIVERY[what]]
    event = f"delivery:{delivery.id}:{what}:{delivery.version}"
    await tell(*said, case=case, event=event, now=now)


async def tell_match(locked: Locked, what: str, *, actor: Actor, now: datetime) -> None:
    known = {
        "match": locked.match.public_id,
        "request": locked.request.public_id,
        "offer": locked.offer.public_id,
        "delete_by": delete_by(now),
    }
    said = [_filled(kind, known, _day(locked.match.due_at)) for kind in MATCH[what]]
    await announce(locked, *said, verb=what, actor=actor, now=now)


def _day(due_at: datetime | None) -> date | None:
    return due_at.date() if due_at else None


def _filled(kind: type[Message], known: Mapping[str, Any], due: date | None) -> Message:
    given = {**known, "due": due}
    return kind(**{name: given[name] for name in kind.__struct_fields__})
