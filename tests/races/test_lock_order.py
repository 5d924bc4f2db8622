"""Commands that reach several matches take their locks in the one order, as every other does."""

import asyncio
from collections.abc import Callable, Coroutine
from contextvars import copy_context
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from concord.actor import Actor, Role
from concord.audit import AuditEntry
from concord.database import transaction
from concord.errors import Conflict
from concord.matches import actions
from concord.matches.actions import cascading
from concord.matches.states import MatchState
from concord.offers import queries as offers
from concord.offers.models import Offer
from concord.organizations import actions as organizations
from concord.organizations.models import Organization
from concord.organizations.queries import lock
from concord.organizations.states import Verification
from concord.requests import queries as requests
from concord.requests.models import Request
from tests.factories import people
from tests.factories.matches import (
    Cast,
    accepted,
    approve,
    approved,
    cast,
    fresh,
    later,
    offered,
    open_request,
    proposed,
)
from tests.matches.mergers import ask
from tests.races.locks import watched_locks

pytestmark = pytest.mark.usefixtures("database")
STATES = ("QMM", "QNN", "QOO", "QPP", "QQQ", "QRR")
Command = Callable[[Cast, Offer], Coroutine[Any, Any, None]]


async def officer() -> Actor:
    return await people.actor(await people.member(Role.DUE_DILIGENCE))


async def suspend(place: Organization) -> None:
    by = await officer()
    async with transaction():
        locked = await lock(place.id)
        await organizations.mark_suspended(locked, reason="Seen.", actor=by, now=later(days=2))
        await actions.provider_suspended(place.id, actor=by, now=later(days=2))


async def reinstate(place: Organization) -> None:
    by = await officer()
    async with transaction():
        await organizations.reinstate(place, reason="Seen.", actor=by, now=later(days=3))
        await actions.provider_reinstated(place.id, actor=by, now=later(days=3))


async def of_many_states(players: Cast, offer: Offer) -> None:
    """A match of the offer with a request of each State, approved."""
    everywhere = await people.coordinator()
    for state in STATES:
        focal_point = await people.focal_point(state)
        by = replace(players, focal_point=focal_point, coordinator=everywhere)
        match = await accepted(by, request=await open_request(state), offer=offer, quantity=2)
        await approve(match, players)


async def withdraw_offer(players: Cast, offer: Offer) -> None:
    await of_many_states(players, offer)
    await actions.withdraw_offer(offer, note="", actor=players.partner, now=later(days=1))


async def change_offer(players: Cast, offer: Offer) -> None:
    for _ in range(3):
        await accepted(players, offer=offer, quantity=2)
    await changed(players, offer)


async def changed(players: Cast, offer: Offer) -> None:
    values = await offers.values_of(offer)
    last = (values.ends_on or later().date()) + timedelta(days=1)
    await actions.change_offer(
        offer,
        replace(values, ends_on=last),
        version=(await Offer.get(id=offer.id)).version,
        actor=players.partner,
        now=later(days=1),
    )


async def change_request(players: Cast, offer: Offer) -> None:
    match = await accepted(players, offer=offer, quantity=2)
    request = await Request.get(id=match.request_id)
    values = await requests.values_of(request)
    last = (values.ends_on or later().date()) + timedelta(days=1)
    await actions.change_request(
        request,
        replace(values, ends_on=last),
        version=request.version,
        actor=players.focal_point,
        now=later(days=1),
    )


async def merge(players: Cast, offer: Offer) -> None:
    match = await accepted(players, offer=offer, quantity=2)
    kept = (await accepted(players, quantity=2)).request_id
    one, other = await Request.get(id=match.request_id), await Request.get(id=kept)
    await ask(one, other, players.coordinator)
    await actions.confirm_merge(one, actor=players.focal_point, now=later(days=1))


async def suspend_and_reinstate(players: Cast, offer: Offer) -> None:
    await of_many_states(players, offer)
    await suspend(players.provider)
    await reinstate(players.provider)


COMMANDS: list[Command] = [
    withdraw_offer,
    change_offer,
    change_request,
    merge,
    suspend_and_reinstate,
]


@pytest.mark.parametrize("command", COMMANDS)
async def test_of_what_reaches_many(command: Command) -> None:
    players = await cast()
    offer = await offered(players.provider)

    with watched_locks() as watch:
        await command(players, offer)

    assert watch.taken > len(STATES)
    assert watch.breaks == set()


async def test_an_entry_of_the_trail_is_written_last() -> None:
    """The lock on the trail is one for all: nothing is waited for while it is held."""
    players = await cast()
    async with transaction():
        match = await proposed(players)
        before = await AuditEntry.all().count()
    assert (before, await AuditEntry.filter(subject_id=match.id).count()) == (0, 1)


async def test_what_is_undone_leaves_no_entry() -> None:
    players = await cast()
    request = await open_request()
    await approved(players, request=request, quantity=20)
    count = await AuditEntry.all().count()
    async with transaction():
        with pytest.raises(RuntimeError):
            await proposed_in_vain(players)
        await proposed(players)
    assert await AuditEntry.all().count() == count + 1


async def proposed_in_vain(players: Cast) -> None:
    async with transaction():
        await proposed(players)
        raise RuntimeError


async def test_a_provider_is_named_while_it_is_being_suspended() -> None:
    """Its row is locked, but not for those who only point to it: they would wait in a ring."""
    players = await cast()
    request, offer = await open_request(), await offered(players.provider)
    outside, by = copy_context(), await officer()
    async with transaction():
        locked = await lock(players.provider.id)
        await organizations.mark_suspended(locked, reason="Seen.", actor=by, now=later(days=2))
        proposal = asyncio.create_task(
            proposed(players, request=request, offer=offer), context=outside
        )
        await asyncio.wait_for(proposal, timeout=20)
    assert (await fresh(proposal.result())).state is MatchState.PROPOSED
    assert (await Organization.get(id=players.provider.id)).verification is (
        Verification.SUSPENDED
    )


async def test_an_offer_that_was_proposed_meanwhile_is_changed_another_time(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Its request was not locked before it: to lock it now would turn the order round."""
    players = await cast()
    offer = await offered(players.provider)
    await accepted(players, offer=offer, quantity=2)

    async def nothing_yet(*_args: object) -> dict[object, object]:
        return {}

    monkeypatch.setattr(cascading, "_requests_of", nothing_yet)
    with pytest.raises(Conflict, match="Try again"):
        await changed(players, offer)
    assert (await Offer.get(id=offer.id)).version == offer.version
