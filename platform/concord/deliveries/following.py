"""What the page of a match shows of its terms, deliveries, evaluations and lesson."""

from datetime import datetime

from concord.actor import Actor
from concord.deliveries import sides as all_sides
from concord.deliveries.life import DeliveryBrief, Life, life_of
from concord.deliveries.policy import may_plan
from concord.deliveries.sides import Side, agreements, evaluations, waiting_names
from concord.deliveries.views import WAITS, is_silent
from concord.matches import policy, sequel
from concord.matches.pages import sides as standing_sides
from concord.matches.policy import Sides
from concord.matches.sequel import Sequel
from concord.matches.states import MatchState
from concord.matches.views import Audience, Dossier, audience_of
from concord.web.elements import Text
from concord.web.formats import period
from concord.web.i18n import lazy as N_

OFFERED: tuple[tuple[str, Text, str], ...] = (
    ("start", N_("Begin the work"), "start"),
    ("evaluate", N_("Evaluate"), "evaluation"),
    ("close", N_("Close this match"), "closing"),
)


async def tell(actor: Actor, dossier: Dossier, now: datetime) -> Sequel:
    """Nothing of it to auditors, who see that the steps happened."""
    if audience_of(actor) is Audience.TRAIL:
        return sequel.NOTHING
    match = dossier.match
    life = await life_of(match.id)
    names = all_sides.sides_of(match, dossier.participants, actor)
    found = standing_sides(dossier)
    return Sequel(
        waiting_for=waiting_names(match, life, names),
        actions=tuple(_actions(actor, found, life, names, f"/matches/{match.public_id}")),
        shown=_shown(life, dossier, names, actor),
    )


def _actions(
    actor: Actor, found: Sides, life: Life, names: list[Side], here: str
) -> list[tuple[Text, str]]:
    """What this reader may do next, the most likely first."""
    said = {(one.state, one.organization_id) for one in life.evaluations}
    mine = {(side.state, side.organization_id) for side in names if side.is_of(actor)}
    verbs = {verb for verb, _label, _page in OFFERED if policy.offered(verb, actor, found)}
    if mine <= said:
        verbs.discard("evaluate")
    actions = [(label, f"{here}/{page}") for verb, label, page in OFFERED if verb in verbs]
    if found.state is MatchState.APPROVED and policy.offered("draft_terms", actor, found):
        actions.insert(0, (N_("Terms of reference"), f"{here}/terms"))
    if may_plan(actor, found) and found.state is MatchState.IN_DELIVERY:
        actions.insert(0, (N_("Plan a delivery"), f"{here}/deliveries/new"))
    if life.lesson and life.lesson.answered_at is None and policy.may_answer_lesson(actor, found):
        actions.insert(0, (N_("Read the lesson and decide"), f"{here}/lesson"))
    return actions


def _shown(life: Life, dossier: Dossier, names: list[Side], actor: Actor) -> dict[str, object]:
    match = dossier.match
    reads_lesson = audience_of(actor) is not Audience.PROVIDER
    said = bool(life.evaluations) or match.state in {
        *(MatchState.DELIVERED, MatchState.EVALUATED, MatchState.CLOSED),
    }
    return {
        "terms": life.terms,
        "words": agreements(life.terms, names, actor) if life.terms else [],
        "deliveries": [_row(one) for one in life.deliveries],
        "evaluations": evaluations(life, match, names, actor) if said else [],
        "lesson": life.lesson if reads_lesson else None,
    }


def _row(brief: DeliveryBrief) -> dict[str, object]:
    return {
        "href": f"/deliveries/{brief.public_id}",
        "public_id": brief.public_id,
        "title": brief.title,
        "lang": brief.language,
        "when": period(brief.starts_on, brief.ends_on),
        "state": brief.state.value,
        "silent": is_silent(brief.state, brief.confirmed_by),
        "waiting_for": WAITS.get(brief.state, ""),
        "until": brief.due_at,
    }


def register() -> None:
    sequel.register(tell)
