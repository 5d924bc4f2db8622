"""What the matcher learned: models, their verdicts, and the one in force."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from tortoise.connection import get_connection

from concord import audit, jobs
from concord.actor import CLOCK, Actor
from concord.database import transaction
from concord.errors import Conflict, NotAllowed, NotFound
from concord.pairings import reranking
from concord.pairings.models import EquityWeight, MatcherModel
from concord.pairings.policy import may_choose_model, may_set_equity, may_train
from matching.decisions import Decisions, Evaluation, Refusal

ONE_AT_A_TIME = "SELECT pg_advisory_xact_lock(4716)"
NOT_YOURS = "You may not do this with the matcher."
IN_FORCE = """
SELECT m.number, m.encoder, (SELECT e.weight FROM equity_weight e
  ORDER BY e.set_at DESC, e.id DESC LIMIT 1) AS equity,
  (SELECT jsonb_object_agg(c.model_version, c.edition) FROM crowd c) AS crowds
FROM (SELECT 1) one LEFT JOIN matcher_model m
  ON m.adopted_at IS NOT NULL AND m.superseded_at IS NULL
"""


@dataclass(frozen=True, slots=True)
class InForce:
    """What a ranking uses now; `learned` is empty for the untrained order, `crowds` are the
    editions by encoder."""

    learned: str = ""
    encoder: str = ""
    equity: float = 0.0
    crowds: Mapping[str, str] = field(default_factory=dict)


async def in_force() -> InForce:
    row = (await get_connection("default").execute_query_dict(IN_FORCE))[0]
    learned = f"learned-{row['number']}" if row["number"] else ""
    crowds = row["crowds"] or {}
    known = json.loads(crowds) if isinstance(crowds, str) else crowds
    return InForce(learned, row["encoder"] or "", row["equity"] or 0.0, known)


async def weights_of(learned: str) -> bytes:
    """Those of a model by its name; none for the untrained order."""
    number = learned.rpartition("-")[2]
    found = await MatcherModel.get_or_none(number=int(number)) if number else None
    return found.weights or b"" if found else b""


async def next_number() -> int:
    last = await MatcherModel.all().order_by("-number").first()
    return last.number + 1 if last else 1


async def nothing_new(decisions: Decisions, *, encoder: str) -> bool:
    """Whether the last training knew all of it already."""
    last = await MatcherModel.filter(encoder=encoder).order_by("-number").first()
    return decisions.count == (last.decisions if last else 0)


async def store_lesson(
    decisions: Decisions,
    found: Evaluation,
    *,
    encoder: str,
    asked_by: UUID | None,
    now: datetime,
) -> MatcherModel:
    """Keep what was learned with its verdict; a better order is in force from now on.

    `Conflict` when the order it was compared with is no longer in force.
    """
    async with transaction() as connection:
        await connection.execute_query(ONE_AT_A_TIME)
        if (await in_force()).learned != decisions.in_force:
            raise Conflict("Another order came into force meanwhile.")
        refusals = [one.value for one in found.refusals]
        if asked_by is None and not refusals and await _is_held():
            refusals.append(Refusal.HELD.value)
        made = await _create(decisions, found, encoder, refusals, asked_by=asked_by, now=now)
        if not refusals:
            await _put_in_force(made, by=asked_by, taken_back_by=None, now=now)
        await audit.record(
            "train_matcher",
            actor=CLOCK,
            subject_kind="matcher_model",
            subject_id=made.id,
            now=now,
            number=made.number,
            asked_by=str(asked_by) if asked_by else None,
            decisions=made.decisions,
            gain=made.gain,
            refusals=refusals,
        )
    return made


async def _create(
    decisions: Decisions,
    found: Evaluation,
    encoder: str,
    refusals: list[str],
    *,
    asked_by: UUID | None,
    now: datetime,
) -> MatcherModel:
    number = await next_number()
    better = not found.refusals  # the curve is of the order that the evaluation left in force
    return await MatcherModel.create(
        number=number,
        encoder=encoder,
        weights=found.weights or None,
        trained_at=now,
        asked_by_id=asked_by,
        in_force_then=decisions.in_force,
        lists=found.lists,
        requests=found.requests,
        decisions=found.decisions,
        before=found.before,
        after=found.after,
        gain=found.gain,
        low=found.low,
        high=found.high,
        agreement=found.agreement,
        refusals=refusals,
        calibrates=f"learned-{number}" if better else decisions.in_force,
        slope=found.slope,
        intercept=found.intercept,
        error=found.error,
    )


async def _is_held() -> bool:
    """A person took the last order back, and none was adopted since."""
    gone = MatcherModel.filter(superseded_at__isnull=False).order_by("-superseded_at")
    last = await gone.first()
    if last is None or last.superseded_by_id is None:
        return False
    return not await MatcherModel.exists(adopted_at__gt=last.superseded_at)


async def _put_in_force(
    model: MatcherModel | None, *, by: UUID | None, taken_back_by: UUID | None, now: datetime
) -> None:
    """The one in force gives way, and everything is ranked again."""
    former = MatcherModel.filter(adopted_at__isnull=False, superseded_at=None)
    await former.update(superseded_at=now, superseded_by_id=taken_back_by)
    if model is not None:
        model.adopted_at, model.adopted_by_id = now, by
        model.superseded_at = model.superseded_by_id = None
        await model.save()
    await reranking.start("order", by=taken_back_by or by, now=now)


async def ask_for_training(*, actor: Actor, now: datetime) -> bool:
    """Train on what was decided until now; False while it was asked for already."""
    if not may_train(actor):
        raise NotAllowed(NOT_YOURS)
    async with transaction() as connection:
        await connection.execute_query(ONE_AT_A_TIME)
        if await is_training():
            return False
        by = str(actor.person_id)
        await jobs.enqueue(jobs.TRAIN_MODEL, now=now, asked_by=by)
    return True


async def is_training(*, unfailed: bool = False) -> bool:
    """Whether a training is asked for or under way; `unfailed`: and never failed until now."""
    waiting = jobs.Outbox.filter(name=jobs.TRAIN_MODEL, done_at=None, dead_at=None)
    return await (waiting.filter(error="") if unfailed else waiting).exists()


async def choose_model(number: int | None, *, actor: Actor, now: datetime) -> None:
    """Back to a model that was in force before, or to the untrained order (None)."""
    if not may_choose_model(actor):
        raise NotAllowed(NOT_YOURS)
    async with transaction() as connection:
        await connection.execute_query(ONE_AT_A_TIME)
        before = (await in_force()).learned
        model = await MatcherModel.get_or_none(number=number) if number is not None else None
        if number is not None and model is None:
            raise NotFound
        if model is not None and model.adopted_at is None:
            raise Conflict("A model that was refused cannot be put in force.")
        if before == (model.name if model else ""):
            raise Conflict("It is in force already.")
        await _put_in_force(model, by=actor.person_id, taken_back_by=actor.person_id, now=now)
        subject = model or await MatcherModel.get(number=int(before.rpartition("-")[2]))
        await audit.record(
            "choose_matcher_model" if model else "take_matcher_model_back",
            actor=actor,
            subject_kind="matcher_model",
            subject_id=subject.id,
            now=now,
            number=subject.number,
            before=before,
        )


async def set_equity(weight: float, *, actor: Actor, now: datetime) -> None:
    """What a request of a least served State adds to each score, in [0, 1]; ranks all again."""
    if not may_set_equity(actor):
        raise NotAllowed(NOT_YOURS)
    async with transaction():
        before = (await in_force()).equity
        made = await EquityWeight.create(weight=weight, set_at=now, set_by_id=actor.person_id)
        await reranking.start("equity", by=actor.person_id, now=now)
        await audit.record(
            "set_equity_weight",
            actor=actor,
            subject_kind="equity_weight",
            subject_id=made.id,
            now=now,
            before=before,
            weight=weight,
        )


async def models(*, limit: int = 50) -> Sequence[MatcherModel]:
    """The latest first."""
    return await MatcherModel.all().order_by("-number").limit(limit)
