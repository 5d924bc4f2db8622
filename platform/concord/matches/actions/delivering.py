"""What is delivered under a match: each delivery's end, and the match's once all have theirs."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from concord import audit
from concord.actor import Actor
from concord.errors import Conflict, InvalidInput, Text
from concord.inbox.actions import close_tasks
from concord.matches.actions.capacity import deliver, release
from concord.matches.actions.covering import shrink_cover
from concord.matches.actions.locking import Locked
from concord.matches.actions.moving import SILENCE, Word, close, move
from concord.matches.actions.telling_deliveries import tell_match
from concord.matches.actions.waiting import ask_sides, due_of
from concord.matches.delivery_states import AWAITING, LIVE, MACHINE, DeliveryState
from concord.matches.models import Delivery, DeliveryLine, DeliveryStep
from concord.matches.states import WORKING, MatchState
from concord.matches.values import Decisions

MOVED = "This delivery has just moved on. Nothing was changed."
DECIDE = "Say what was delivered of this, or that it did not take place."
NOT_YOURS = "The State or UNODC says what was delivered: take your report back, or wait for them."
NOTHING = "Say how much was delivered; where nothing was, say that it did not take place."
TOO_MUCH = "No more can be confirmed than was reported."
_D = DeliveryState


async def deliveries_of(locked: Locked) -> list[Delivery]:
    """Every delivery of a locked match, with its lines."""
    found = Delivery.filter(match_id=locked.match.id).order_by("id")
    return await found.prefetch_related("lines")


async def move_delivery(
    delivery: Delivery,
    verb: str,
    target: DeliveryState,
    *,
    actor: Actor,
    now: datetime,
    word: Word = SILENCE,
    **changes: Any,
) -> None:
    """Compare and set, and keep the step; a verb without targets leaves the state as it is."""
    source = delivery.state
    MACHINE.check(verb, source, None if target is source else target)
    changed = dict(changes, state=target, version=delivery.version + 1)
    if target is not source:
        changed["state_since"] = now
    same = Delivery.filter(id=delivery.id, state=source, version=delivery.version)
    if not await same.update(**changed):
        raise Conflict(MOVED)
    delivery.update_from_dict(changed)
    await DeliveryStep.create(
        delivery_id=delivery.id,
        verb=verb,
        source=source,
        target=target,
        at=now,
        person_id=actor.person_id,
        organization_id=actor.organization_id,
        on_behalf_of=word.on_behalf.state if word.on_behalf else None,
        reason=word.reason,
        note=word.note,
    )


async def record_delivery(
    delivery: Delivery, verb: str, *, actor: Actor, now: datetime, word: Word = SILENCE
) -> None:
    """The entry in the audit trail: ids and counts, no names."""
    lines = await DeliveryLine.filter(delivery_id=delivery.id)
    await audit.record(
        f"delivery.{verb}",
        actor=actor,
        subject_kind="delivery",
        subject_id=delivery.id,
        now=now,
        on_behalf_of=word.on_behalf.state if word.on_behalf else None,
        state=delivery.state.value,
        version=delivery.version,
        reason=word.reason,
        match=str(delivery.match_id),
        quantity=sum(line.effective for line in lines),
        confirmed_by=delivery.confirmed_by,
    )


async def confirmed(
    locked: Locked,
    delivery: Delivery,
    quantities: Mapping[UUID, int] | None,
    *,
    by: str,
    verb: str,
    actor: Actor,
    now: datetime,
    word: Word = SILENCE,
) -> None:
    """Reservations become deliveries, by match line; None confirms what was reported."""
    taken = _checked(delivery, quantities)
    await deliver(locked.match, taken, confirmed=by == "state")
    for line in delivery.lines:
        line.confirmed_quantity = taken[line.line_id]
        await line.save(update_fields=["confirmed_quantity"])
    await move_delivery(
        delivery,
        verb,
        _D.CONFIRMED,
        actor=actor,
        now=now,
        word=word,
        confirmed_by=by,
        decided_at=now,
        due_at=None,
    )
    await close_tasks(delivery.id, now=now)


def _checked(delivery: Delivery, quantities: Mapping[UUID, int] | None) -> dict[UUID, int]:
    reported = {line.line_id: line.reported_quantity or 0 for line in delivery.lines}
    taken = (
        reported if quantities is None else {each: quantities.get(each, 0) for each in reported}
    )
    errors = {
        f"line-{each}": Text(TOO_MUCH)
        for each, quantity in taken.items()
        if not 0 <= quantity <= reported[each]
    }
    if not errors and not any(taken.values()):
        errors = {"lines": Text(NOTHING)}
    if errors:
        raise InvalidInput(errors)
    return taken


async def cancelled(
    delivery: Delivery, verb: str, *, actor: Actor, now: datetime, word: Word = SILENCE
) -> None:
    """It does not take place: what it planned is free again for another delivery."""
    await move_delivery(
        delivery, verb, _D.CANCELLED, actor=actor, now=now, word=word, decided_at=now, due_at=None
    )
    await close_tasks(delivery.id, now=now)


async def settle_deliveries(
    locked: Locked, decided: Decisions, *, actor: Actor, now: datetime, word: Word
) -> None:
    """Before a match ends: what was reported is confirmed or refused, the rest is cancelled.

    Both sides read a delivery's steps: why the match ends stays with that match's own.
    """
    live = [each for each in await deliveries_of(locked) if each.state in LIVE]
    awaiting = {each.id: each for each in live if each.state in AWAITING}
    errors = {}
    for each in awaiting.values():
        if each.id not in decided:
            errors[f"delivery-{each.public_id}"] = Text(DECIDE)
        elif actor.is_provider and decided[each.id] is not None:
            errors[f"delivery-{each.public_id}"] = Text(NOT_YOURS)
    if errors:
        raise InvalidInput(errors)
    by = "state" if actor.is_state or word.on_behalf else "unodc"
    silent = Word(on_behalf=word.on_behalf)
    for each in live:
        verb = "settle" if each.id in awaiting and not actor.is_provider else "cancel"
        quantities = decided.get(each.id) if each.id in awaiting else None
        if quantities is None:
            await cancelled(each, verb, actor=actor, now=now, word=silent)
        else:
            await confirmed(
                locked, each, quantities, by=by, verb=verb, actor=actor, now=now, word=silent
            )
        locked.settled.append((verb, each))


def is_working(locked: Locked) -> bool:
    """Whether deliveries may hang on it: agreed or in delivery, or suspended from there."""
    return locked.match.state in WORKING or locked.match.state_before in WORKING


async def derive_delivered(locked: Locked, *, actor: Actor, now: datetime) -> bool:
    """Delivered once every delivery is confirmed or cancelled, and at least one confirmed.

    What was not delivered returns to slots and items, and cover shrinks to what was.
    """
    match = locked.match
    if match.state is not MatchState.IN_DELIVERY:
        return False
    states = {each.state for each in await Delivery.filter(match_id=match.id)}
    if states & LIVE:
        return False
    if _D.CONFIRMED not in states:
        await ask_sides(locked, now=now)
        return False
    await release(match)
    await shrink_cover(locked)
    due = await due_of(locked, MatchState.DELIVERED, now=now)
    delivered = MatchState.DELIVERED
    await move(match, "deliver", delivered, actor=actor, now=now, due_at=due, delivered_at=now)
    await close(match.id, now=now)
    await ask_sides(locked, now=now)
    await tell_match(locked, "delivered", actor=actor, now=now)
    return True
