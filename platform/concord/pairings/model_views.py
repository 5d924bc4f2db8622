"""What the page of the matcher's models shows: figures, verdicts and who adopted what."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from concord.accounts.models import Person
from concord.pairings.learning import InForce, in_force, is_training, models
from concord.pairings.models import MatcherModel
from concord.small_cells import at_least
from concord.web.elements import Text
from concord.web.i18n import lazy as N_
from matching.decisions import BANDS_UNTIL

REFUSALS = {
    "too_few": N_("Too few decided lists to learn from"),
    "not_better": N_("Not better than the order in force, as far as can be told"),
    "turned_round": N_("It turns the order of the texts round: somebody should look at it"),
    "held": N_("A person took the last model back: a person has to ask for the next one"),
}


@dataclass(frozen=True, slots=True)
class ModelView:
    """One training; `by` and `adopted_by` are empty for the clock.

    `requests` and `decisions` are in whole fives, and None where they came of fewer than five
    requests: nobody learns of a decision on a request that they may not see.
    """

    number: int
    name: str
    encoder: str
    trained_at: datetime
    by: str
    requests: int | None
    decisions: int | None
    is_judged: bool
    before: float
    after: float
    gain: float
    low: float
    high: float
    error: float | None
    refusals: Sequence[Text]
    adopted_at: datetime | None
    adopted_by: str
    superseded_at: datetime | None
    taken_back_by: str
    is_in_force: bool


@dataclass(frozen=True, slots=True)
class ModelsPage:
    """All versions, the latest first; so many `decisions`, in whole fives, stand behind the
    probabilities now shown."""

    rows: Sequence[ModelView]
    in_force: InForce
    training: bool
    decisions: int | None
    bands_until: int = BANDS_UNTIL


async def models_page() -> ModelsPage:
    found, now = await models(), await in_force()
    names = await _names(found)
    behind = [one.decisions for one in found if one.calibrates == now.learned and one.has_curve]
    return ModelsPage(
        rows=[_view(one, names) for one in found],
        in_force=now,
        training=await is_training(),
        decisions=at_least(behind[0]) if behind else None,
    )


async def _names(found: Iterable[MatcherModel]) -> dict[UUID | None, str]:
    people = {
        person
        for one in found
        for person in (one.asked_by_id, one.adopted_by_id, one.superseded_by_id)
        if person
    }
    rows = await Person.filter(id__in=sorted(people)) if people else []
    return {row.id: row.name for row in rows}


def _view(one: MatcherModel, names: dict[UUID | None, str]) -> ModelView:
    requests = at_least(one.requests)
    return ModelView(
        number=one.number,
        name=one.name,
        encoder=one.encoder,
        trained_at=one.trained_at,
        by=names.get(one.asked_by_id, ""),
        requests=requests,
        decisions=at_least(one.decisions) if requests else None,
        is_judged=one.weights is not None,
        before=one.before,
        after=one.after,
        gain=one.gain,
        low=one.low,
        high=one.high,
        error=one.error,
        refusals=[REFUSALS[code] for code in one.refusals],
        adopted_at=one.adopted_at,
        adopted_by=names.get(one.adopted_by_id, ""),
        superseded_at=one.superseded_at,
        taken_back_by=names.get(one.superseded_by_id, ""),
        is_in_force=one.is_in_force,
    )
