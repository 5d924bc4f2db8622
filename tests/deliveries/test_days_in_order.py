"""Nothing is reported from before it was agreed, and nothing is agreed whose start is over."""

from dataclasses import replace
from datetime import timedelta

import pytest

from concord.deliveries import actions
from concord.deliveries.values import TermsDraft
from concord.errors import Conflict, InvalidInput
from concord.matches.states import MatchState
from tests.conftest import NOW
from tests.deliveries.test_exits import cover_days
from tests.factories.deliveries import (
    OVER,
    TERMS,
    drafted,
    match_in_delivery,
    on,
    report_on,
    running_delivery,
)
from tests.factories.matches import cast, fresh
from tests.matches.conftest import Browse

pytestmark = pytest.mark.usefixtures("database")


async def test_a_report_begins_after_the_agreement() -> None:
    players = await cast()
    match = await match_in_delivery(players)
    delivery = await running_delivery(players, match)
    covered = await cover_days()
    report = await report_on(delivery, starts_on=on("1990-01-01"), ends_on=on("2027-03-05"))
    with pytest.raises(InvalidInput) as refused:
        await actions.report(delivery, report, actor=players.partner, now=OVER)
    assert set(refused.value.fields) == {"starts_on"}
    assert await cover_days() == covered


async def test_terms_whose_time_to_start_is_over_are_written_anew() -> None:
    players = await cast()
    soon = replace(TERMS, starts_on=NOW.date(), ends_on=NOW.date() + timedelta(days=4))
    match, terms = await drafted(players, terms=soon)
    await actions.agree_terms(match, sha256=terms.sha256, actor=players.partner, now=NOW)
    late = NOW + timedelta(days=35)
    with pytest.raises(Conflict, match="start"):
        await actions.agree_terms(match, sha256=terms.sha256, actor=players.focal_point, now=late)
    assert (await fresh(match)).state is MatchState.APPROVED
    made = await actions.draft_terms(
        await fresh(match), TERMS, actor=players.focal_point, now=late
    )
    for side in (players.partner, players.focal_point):
        await actions.agree_terms(match, sha256=made.sha256, actor=side, now=late)
    assert (await fresh(match)).state is MatchState.AGREED


async def test_terms_without_dates_leave_time_to_start_after_a_long_pause() -> None:
    players = await cast()
    match, terms = await drafted(players, terms=TermsDraft("The provider trains."))
    late = NOW + timedelta(days=200)
    for side in (players.partner, players.focal_point):
        await actions.agree_terms(match, sha256=terms.sha256, actor=side, now=late)
    found = await fresh(match)
    assert found.due_at is not None
    assert found.due_at >= late + timedelta(days=30)


async def test_a_side_agrees_from_a_page_older_than_the_others_agreement(browse: Browse) -> None:
    players = await cast()
    match, terms = await drafted(players)
    for side, key in ((players.partner, "one"), (players.focal_point, "two")):
        answer = await (await browse(side)).post(
            f"/matches/{match.public_id}/terms/agreement",
            data={"version": str(match.version), "digest": terms.sha256, "idempotency_key": key},
        )
        assert answer.status_code == 303
    assert (await fresh(match)).state is MatchState.AGREED
