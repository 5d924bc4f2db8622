"""The State confirms or disputes what was reported; UNODC decides what stays disputed."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from concord.actor import PROVIDER_ROLES, Actor
from concord.deadlines import Step, deadline
from concord.deliveries.actions.locking import locked_delivery, wait_for
from concord.errors import Conflict, InvalidInput, Text
from concord.inbox.actions import close_tasks
from concord.inputs import PICK
from concord.matches.actions.capacity import acknowledge as acknowledge_items
from concord.matches.actions.delivering import (
    cancelled,
    confirmed,
    derive_delivered,
    move_delivery,
    record_delivery,
)
from concord.matches.actions.locking import Locked
from concord.matches.actions.moving import SILENCE, Word, record
from concord.matches.actions.telling_deliveries import tell_delivery
from concord.matches.delivery_states import DeliveryState
from concord.matches.models import Delivery, DeliveryLine
from concord.matches.values import OnBehalf
from concord.reference.queries import code_lists
from concord.requests import actions as requests
from concord.requests.states import OPEN_STATES, RequestState

REASONS = "delivery_disputed"
REVISE_TASK = "revise_delivery"
EARLY = "The provider may still report again; UNODC decides once that time is over."
KNOWN = "A State has confirmed this delivery already."
OVER = "The request is no longer open."
_D = DeliveryState


async def confirm(
    delivery: Delivery,
    *,
    quantities: Mapping[UUID, int] | None = None,
    actor: Actor,
    now: datetime,
    version: int | None = None,
    on_behalf: OnBehalf | None = None,
) -> None:
    """All that was reported, or less of it, by match line; the first requesting State's word."""
    async with locked_delivery(
        delivery, "confirm", actor=actor, version=version, on_behalf=on_behalf
    ) as (locked, found):
        word = Word(on_behalf=on_behalf)
        await confirmed(
            locked, found, quantities, by="state", verb="confirm", actor=actor, now=now, word=word
        )
        await tell_delivery(locked, found, "confirmed", actor=actor, now=now)
        await follow(locked, found, "confirm", actor=actor, now=now, word=word)


async def follow(
    locked: Locked,
    delivery: Delivery,
    verb: str,
    *,
    actor: Actor,
    now: datetime,
    word: Word = SILENCE,
) -> None:
    """What a delivery's end means for its match and its request; then the audit entries."""
    delivered = await derive_delivered(locked, actor=actor, now=now)
    if locked.request.state in OPEN_STATES:
        await requests.derive(locked.request, now=now)
    await record_delivery(delivery, verb, actor=actor, now=now, word=word)
    if delivered:
        await record(locked, "deliver", actor=actor, now=now)


async def dispute(
    delivery: Delivery,
    *,
    reason: str,
    note: str = "",
    actor: Actor,
    now: datetime,
    version: int | None = None,
    on_behalf: OnBehalf | None = None,
) -> None:
    """It was not delivered like that: the provider reports again, or UNODC decides in the end."""
    async with locked_delivery(
        delivery, "dispute", actor=actor, version=version, on_behalf=on_behalf
    ) as (locked, found):
        if reason not in {entry.code for entry in (await code_lists()).reasons_for(REASONS)}:
            raise InvalidInput({"reason": Text(PICK)})
        word = Word(reason, note, on_behalf)
        await move_delivery(
            found,
            "dispute",
            _D.DISPUTED,
            actor=actor,
            now=now,
            word=word,
            dispute_reason=reason,
            dispute_note=note,
            due_at=await deadline(Step.CONFIRMATION, start=now, urgent=locked.request.urgent),
            reminded_at=None,
        )
        await close_tasks(found.id, now=now)
        await wait_for(found, REVISE_TASK, PROVIDER_ROLES, organizations=locked.asked, now=now)
        await tell_delivery(locked, found, "disputed", actor=actor, now=now)
        await record_delivery(found, "dispute", actor=actor, now=now, word=word)


async def decide(
    delivery: Delivery,
    *,
    quantities: Mapping[UUID, int] | None,
    note: str = "",
    actor: Actor,
    now: datetime,
    version: int | None = None,
) -> None:
    """An approver ends a dispute that outlived its time; None: it does not count at all."""
    async with locked_delivery(delivery, "decide", actor=actor, version=version) as (
        locked,
        found,
    ):
        if found.due_at is not None and found.due_at > now:
            raise Conflict(EARLY)
        word = Word(note=note)
        if quantities is None:
            await cancelled(found, "decide", actor=actor, now=now, word=word)
        else:
            await confirmed(
                locked,
                found,
                quantities,
                by="unodc",
                verb="decide",
                actor=actor,
                now=now,
                word=word,
            )
        what = "cancelled" if quantities is None else "unconfirmed"
        await tell_delivery(locked, found, what, actor=actor, now=now)
        await follow(locked, found, "decide", actor=actor, now=now, word=word)


async def cancel_delivery(
    delivery: Delivery,
    *,
    note: str = "",
    actor: Actor,
    now: datetime,
    version: int | None = None,
) -> None:
    """The provider or an approver: it does not take place; its quantity can be planned anew."""
    async with locked_delivery(delivery, "cancel", actor=actor, version=version) as (
        locked,
        found,
    ):
        word = Word(note=note)
        await cancelled(found, "cancel", actor=actor, now=now, word=word)
        await tell_delivery(locked, found, "cancelled", actor=actor, now=now)
        await follow(locked, found, "cancel", actor=actor, now=now, word=word)


async def acknowledge(
    delivery: Delivery,
    *,
    actor: Actor,
    now: datetime,
    version: int | None = None,
    on_behalf: OnBehalf | None = None,
) -> None:
    """The State confirms after all what silence or UNODC confirmed: from now on it counts."""
    async with locked_delivery(
        delivery, "acknowledge", actor=actor, version=version, on_behalf=on_behalf
    ) as (locked, found):
        if found.confirmed_by == "state":
            raise Conflict(KNOWN)
        if locked.request.state not in OPEN_STATES | {RequestState.SUSPENDED}:
            raise Conflict(OVER)
        word = Word(on_behalf=on_behalf)
        await acknowledge_items(await _by_item(found))
        await move_delivery(
            found,
            "acknowledge",
            found.state,
            actor=actor,
            now=now,
            word=word,
            confirmed_by="state",
        )
        await tell_delivery(locked, found, "confirmed", actor=actor, now=now)
        await follow(locked, found, "acknowledge", actor=actor, now=now, word=word)


async def _by_item(delivery: Delivery) -> dict[UUID, int]:
    found: dict[UUID, int] = {}
    for row in await DeliveryLine.filter(delivery_id=delivery.id).select_related("line"):
        found[row.line.item_id] = found.get(row.line.item_id, 0) + (row.confirmed_quantity or 0)
    return {item_id: quantity for item_id, quantity in found.items() if quantity}
