"""A State's word on paper answers what was there when it wrote, not what came after."""

from datetime import date, datetime, timedelta

import pytest

from concord.actor import Actor
from concord.deliveries import actions, on_paper
from concord.deliveries.routes import routes
from concord.errors import Conflict
from concord.matches import on_paper as matches_on_paper
from concord.matches.actions import scope_changed
from concord.matches.delivery_states import DeliveryState
from concord.matches.states import MatchState
from concord.organizations import on_behalf
from concord.organizations.models import ActOnBehalf
from concord.organizations.values import NoteVerbale
from concord.requests.models import Request
from concord.web.forms import Upload
from tests.conftest import NOW
from tests.factories.deliveries import (
    OVER,
    fresh_delivery,
    line_of,
    match_in_delivery,
    report_on,
    reported_delivery,
)
from tests.factories.matches import cast, fresh, proposed

pytestmark = pytest.mark.usefixtures("database")
NOTE = Upload("note.txt", b"The Permanent Mission presents its compliments.")
assert routes  # the acts are registered where the routes are put together


async def recorded(
    command: str, subject: on_behalf.Subject, by: Actor, *, now: datetime = NOW
) -> ActOnBehalf:
    recording = on_behalf.Recording(
        command=command,
        subject=subject,
        state="QMM",
        note=NoteVerbale(reference="NV 12/2027", date=date(2027, 1, 8)),
        file=NOTE,
    )
    return await on_behalf.record(recording, actor=by, now=now)


@pytest.mark.parametrize("again", [False, True])
async def test_a_confirmation_is_of_the_report_that_the_state_read(again: bool) -> None:
    players = await cast()
    match = await match_in_delivery(players)
    delivery = await reported_delivery(players, match, reported=6)
    subject = await on_paper.delivery_subject(players.coordinator, delivery.public_id)
    act = await recorded(on_paper.CONFIRM, subject, players.coordinator, now=OVER)
    if not again:
        await on_behalf.confirm(act, actor=players.approver, now=OVER)
        assert (await line_of(match)).delivered_item == 6
        return
    later = OVER + timedelta(days=1)
    await actions.dispute(
        delivery, reason="delivery_disputed.fewer", actor=players.focal_point, now=OVER
    )
    report = await report_on(delivery, 10)
    await actions.report(delivery, report, actor=players.partner, now=later)
    with pytest.raises(Conflict, match="reported again"):
        await on_behalf.confirm(act, actor=players.approver, now=later)
    assert (await fresh_delivery(delivery)).state is DeliveryState.REPORTED
    assert (await line_of(match)).delivered_item == 0


@pytest.mark.parametrize("changed", [False, True])
async def test_a_consent_is_to_the_scope_that_the_state_read(changed: bool) -> None:
    players = await cast()
    match = await proposed(players)
    subject = await matches_on_paper.subject(players.coordinator, match.public_id)
    act = await recorded(matches_on_paper.CONSENT, subject, players.coordinator)
    if not changed:
        await on_behalf.confirm(act, actor=players.approver, now=NOW)
        assert (await fresh(match)).state is MatchState.STATE_CONSENTED
        return
    later = NOW + timedelta(hours=1)
    await Request.filter(id=match.request_id).update(scope_changed_at=later)
    request = await Request.get(id=match.request_id)
    await scope_changed(request=request, actor=players.focal_point, now=later)
    with pytest.raises(Conflict, match="changed"):
        await on_behalf.confirm(act, actor=players.approver, now=later)
    assert (await fresh(match)).state is MatchState.PROPOSED
