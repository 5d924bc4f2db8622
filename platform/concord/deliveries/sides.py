"""Both sides of a match by name, and who of them has agreed or evaluated."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from concord.actor import Actor
from concord.deliveries.life import Life, TermsText
from concord.deliveries.values import QUESTIONS, RATINGS
from concord.deliveries.views import knows_state
from concord.matches.delivery_states import DeliveryState
from concord.matches.models import Match, Participant
from concord.matches.states import MatchState
from concord.matches.views import Audience, audience_of
from concord.organizations.states import OrganizationKind
from concord.requests.policy import states_of
from concord.web.elements import Text
from concord.web.formats import state_name
from concord.web.i18n import gettext as _


@dataclass(frozen=True, slots=True)
class Side:
    """A requesting State or an organization that takes part."""

    state: str | None
    organization_id: UUID | None
    name: str

    def is_of(self, actor: Actor) -> bool:
        if self.state is not None:
            return actor.is_state and actor.state == self.state
        return actor.is_provider and actor.organization_id == self.organization_id


def sides_of(match: Match, participants: Sequence[Participant], actor: Actor) -> list[Side]:
    """The States first; `match` has its request, participants their organizations."""
    known = knows_state(actor, match)
    states = [
        Side(code, None, state_name(code) if known else _("the requesting State"))
        for code in sorted(states_of(match.request))
    ]
    names = {one.organization_id: one.organization.name for one in participants if one.invited_at}
    return [*states, *(Side(None, key, name) for key, name in names.items())]


@dataclass(frozen=True, slots=True)
class Word:
    """What one side has said, or not yet; `person` and `note` only for whom names are kept."""

    name: str
    agreed_at: datetime | None = None
    person: str = ""
    note: str = ""
    answers: Sequence[tuple[Text, str]] = ()


def agreements(terms: TermsText, sides: Sequence[Side], actor: Actor) -> list[Word]:
    given = {(one.state, one.organization_id): one for one in terms.agreements}
    words = []
    for side in sides:
        one = given.get((side.state, side.organization_id))
        named = one is not None and (actor.is_secretariat or side.is_of(actor))
        words.append(
            Word(
                side.name,
                one.agreed_at if one else None,
                (one.person or "") if one and named else "",
                (one.note or "") if one and named else "",
            )
        )
    return words


def evaluations(life: Life, match: Match, sides: Sequence[Side], actor: Actor) -> list[Word]:
    """Each side reads its own at once, the other's when both are in; UNODC reads all."""
    given = {(one.state, one.organization_id): one for one in life.evaluations}
    words = []
    for side in sides:
        one = given.get((side.state, side.organization_id))
        read = one is not None and (_reads_all(match, actor) or side.is_of(actor))
        answers: list[tuple[Text, str]] = []
        if one is not None and read:
            questions = QUESTIONS["state" if side.state else "provider"]
            answers = [
                (questions[code], str(RATINGS[rating]))
                for code, rating in one.ratings.items()
                if code in questions and rating in RATINGS
            ]
            answers += [(_("In words"), one.text)] if one.text else []
            answers += [(_("What we would change"), one.change)] if one.change else []
        words.append(Word(side.name, one.given_at if one else None, answers=answers))
    return words


def _reads_all(match: Match, actor: Actor) -> bool:
    return actor.is_secretariat or match.state in {MatchState.EVALUATED, MatchState.CLOSED}


def waiting_names(match: Match, life: Life, sides: Sequence[Side]) -> str:
    """Who acts next after approval, by name."""
    state = match.state
    if state is MatchState.APPROVED:
        signed = life.terms.agreements if life.terms else ()
        agreed = {(one.state, one.organization_id) for one in signed}
        return _names(side for side in sides if (side.state, side.organization_id) not in agreed)
    if state in {MatchState.AGREED, MatchState.IN_DELIVERY}:
        of_state = _is_reported(life)
        return _names(side for side in sides if (side.state is not None) is of_state)
    if state is MatchState.DELIVERED:
        given = {(one.state, one.organization_id) for one in life.evaluations}
        return _names(side for side in sides if (side.state, side.organization_id) not in given)
    return ""


def _is_reported(life: Life) -> bool:
    """Whether a delivery waits for the State's word."""
    return any(one.state is DeliveryState.REPORTED for one in life.deliveries)


def _names(sides: Iterable[Side]) -> str:
    return ", ".join(side.name for side in sides)


def author(terms: TermsText, match: Match, actor: Actor) -> str:
    """The person to UNODC and to colleagues, the organization to everyone else."""
    if actor.is_secretariat or terms.organization_id == actor.organization_id:
        return ", ".join(filter(None, (terms.person, terms.organization)))
    if terms.organization_kind == OrganizationKind.SECRETARIAT:
        return _("UNODC")
    of_state = terms.organization_kind == OrganizationKind.STATE_AUTHORITY
    if of_state and not knows_state(actor, match):
        return _("the requesting State")
    return terms.organization or ""


def is_side(actor: Actor) -> bool:
    return audience_of(actor) in {Audience.STATE, Audience.PROVIDER}
