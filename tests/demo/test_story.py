"""The demo's story, told through actions: cases in every state, by everybody whose step it is."""

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from tortoise.expressions import Q

from concord.accounts.models import Membership, Person
from concord.accounts.states import PersonState
from concord.audit import AuditEntry
from concord.cli.demo.seeding import stage
from concord.demo.cast import organizations, people
from concord.demo.stage import Stage
from concord.demo.story.telling import tell_beginning, tell_end, tell_people
from concord.jobs import Outbox
from concord.matches.models import Match
from concord.offers.models import Offer, OfferSlot
from concord.organizations.models import Organization
from concord.pairings.models import Pairing
from concord.requests.models import Request
from concord.settings import Settings
from workers.context import Context
from workers.main import HANDLERS
from workers.match_jobs import look_for_changes
from workers.match_pool import MatchPool
from workers.outbox import dispatch

EXPECTED_REQUESTS = {
    "draft",
    "submitted",
    "returned",
    "referred",
    "no_objection",
    "open",
    "partially_met",
    "met",
    "suspended",
    "withdrawn",
}
EXPECTED_OFFERS = {"draft", "submitted", "returned", "published", "expired", "withdrawn"}
EXPECTED_MATCHES = {
    "proposed",
    "state_consented",
    "partner_accepted",
    "approved",
    "agreed",
    "in_delivery",
    "delivered",
    "evaluated",
    "closed",
    "declined_by_state",
    "declined_by_partner",
    "rejected",
    "lapsed",
    "cancelled",
    "suspended",
}


@pytest.mark.slow
async def test_story_reaches_every_state_through_actions(
    database: None, settings: Settings
) -> None:
    told = await stage(settings, now=datetime.now(UTC))
    await tell_people(told)
    await tell_beginning(told)
    await _rank(settings)
    await tell_end(told)

    await _everybody_can_sign_in()
    await _every_state_is_there(told)
    await _nothing_is_taken_twice()
    await _every_step_is_in_the_trail(told)


async def _rank(settings: Settings) -> None:
    """What the worker does between the two halves; messages are not what is tested here."""
    pool = MatchPool("lexical")
    context = Context(
        settings=replace(settings, demo=False), clock=lambda: datetime.now(UTC), pool=pool
    )
    await Outbox.filter(name__in=["tell", "mail"]).delete()
    try:
        await look_for_changes(context)
        while await dispatch(context, HANDLERS):
            pass
    finally:
        pool.close()
    assert await Outbox.filter(~Q(attempts=1), done_at__not_isnull=True).count() == 0


async def _everybody_can_sign_in() -> None:
    active = await Person.filter(state=PersonState.ACTIVE)
    nominated = await Membership.filter(accreditation="nominated").count()

    assert {person.email for person in active} == {person.email for person in people()}
    assert all(person.password_hash and person.totp_secret for person in active)
    assert nominated == 0
    verified = await Organization.filter(verification="verified")
    assert {each.name for each in organizations()} == {place.name for place in verified}


async def _every_state_is_there(told: Stage) -> None:
    requests = Counter(request.state.value for request in await Request.all())
    offers = Counter(offer.state.value for offer in await Offer.all())
    matches = Counter(match.state.value for match in await Match.all())

    assert set(requests) == EXPECTED_REQUESTS
    assert set(offers) == EXPECTED_OFFERS
    assert set(matches) == EXPECTED_MATCHES
    assert requests.total() == len(told.sample_requests)
    assert offers.total() == len(told.sample_offers)
    assert await Request.filter(unmatched_since__not_isnull=True).count() == 2
    assert await Pairing.all().count() > 100


async def _nothing_is_taken_twice() -> None:
    for slot in await OfferSlot.all():
        taken = slot.held + slot.reserved + slot.delivered
        assert slot.capacity is None or taken <= slot.capacity
    for match in await Match.filter(approved_by_id__not_isnull=True):
        assert match.approved_by_id != match.proposed_by_id


async def _every_step_is_in_the_trail(told: Stage) -> None:
    entries = await AuditEntry.all().order_by("seq")

    assert [entry.seq for entry in entries] == list(range(1, len(entries) + 1))
    assert max(entry.at for entry in entries) <= told.days.end
    for match in await Match.all():
        actions = [entry.action for entry in entries if entry.subject_id == match.id]
        assert actions[0] == "match.propose"
