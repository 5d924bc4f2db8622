"""What each side may know of terms, deliveries and evaluations: projections for the pages."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from concord.actor import Actor
from concord.deliveries.dossier import Attended
from concord.matches.delivery_states import DeliveryState
from concord.matches.models import Delivery, DeliveryLine, Match
from concord.matches.states import LIVE
from concord.matches.views import Audience, audience_of, unit_name
from concord.reference.code_lists import CodeLists
from concord.web.elements import Text
from concord.web.formats import number, period, state_name
from concord.web.i18n import gettext as _
from concord.web.i18n import lazy as N_

_S = DeliveryState
WAITS: dict[DeliveryState, Text] = {
    _S.PLANNED: N_("the provider, to begin"),
    _S.RUNNING: N_("the provider, to report"),
    _S.REPORTED: N_("the State, to confirm"),
    _S.DISPUTED: N_("the provider, to report again"),
}


@dataclass(frozen=True, slots=True)
class DeliveryRow:
    """A line of a list; `silent` when no State has confirmed what counts as delivered."""

    href: str
    public_id: str
    title: str
    lang: str
    state_name: str
    provider: str
    when: str
    starts_on: date
    ends_on: date
    state: str
    silent: bool
    waiting_for: Text
    until: datetime | None


def row_of(delivery: Delivery, actor: Actor) -> DeliveryRow:
    """`delivery` has its match, with request, offer and organization."""
    match = delivery.match
    return DeliveryRow(
        href=f"/deliveries/{delivery.public_id}",
        public_id=delivery.public_id,
        title=delivery.title,
        lang=delivery.language,
        state_name=state_name(match.request.lead_state_id) if knows_state(actor, match) else "",
        provider=match.offer.organization.name,
        when=period(delivery.starts_on, delivery.ends_on),
        starts_on=delivery.starts_on,
        ends_on=delivery.ends_on,
        state=delivery.state.value,
        silent=is_silent(delivery.state, delivery.confirmed_by),
        waiting_for=WAITS.get(delivery.state, ""),
        until=delivery.due_at,
    )


def knows_state(actor: Actor, match: Match) -> bool:
    """A provider knows whom it assists while the match goes on and it is verified."""
    if audience_of(actor) is not Audience.PROVIDER:
        return True
    return match.state in LIVE and actor.organization_verified


def is_silent(state: DeliveryState, confirmed_by: str | None) -> bool:
    """Whether it counts as delivered although no State has confirmed it."""
    return state is _S.CONFIRMED and confirmed_by != "state"


@dataclass(frozen=True, slots=True)
class LineView:
    """How much of one thing: `delivered` is empty before a report."""

    topic: str
    modality: str
    beneficiary: str
    institution: str
    planned: str
    delivered: str | None


def line_view(line: DeliveryLine, lists: CodeLists, *, of_provider: bool) -> LineView:
    """`line` has its match line, with item and slot; a provider reads its own topic."""
    item, slot = line.line.item, line.line.slot
    unit = unit_name(item.unit_id, lists)
    topic = slot.topic_id if of_provider else item.topic_id
    beneficiary = lists.beneficiaries.get(item.beneficiary_id or "")
    known = beneficiary is not None and not of_provider
    delivered = _delivered(line)
    return LineView(
        topic=_(lists.topics[topic].label),
        modality=_(lists.modalities[item.modality_id].label),
        beneficiary=_(beneficiary.label) if beneficiary and known else "",
        institution="" if of_provider else item.institution,
        planned=f"{number(line.quantity)} {unit}".strip(),
        delivered=None if delivered is None else f"{number(delivered)} {unit}".strip(),
    )


def _delivered(line: DeliveryLine) -> int | None:
    if line.confirmed_quantity is not None:
        return line.confirmed_quantity
    return line.reported_quantity


@dataclass(frozen=True, slots=True)
class People:
    """Participants of one institution, or of all together."""

    institution: str
    women: int
    men: int
    other: int

    @property
    def together(self) -> int:
        return self.women + self.men + self.other


def people_of(rows: Iterable[Attended]) -> list[People]:
    return [People(row.institution, row.women, row.men, row.other) for row in rows]


def totals_of(rows: Sequence[People]) -> People:
    return People(
        "",
        sum(row.women for row in rows),
        sum(row.men for row in rows),
        sum(row.other for row in rows),
    )


def eyebrow(delivery: Delivery, actor: Actor) -> str:
    """Who assists whom, as far as this reader knows."""
    match = delivery.match
    codes = sorted({match.request.lead_state_id, *match.request.co_states})
    names = [state_name(code) for code in codes] if knows_state(actor, match) else []
    return " · ".join([*names, match.offer.organization.name])
