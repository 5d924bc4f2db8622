"""What the pages of one offer show: its steps, what is taken, and what comes next."""

from datetime import datetime

from starlette.requests import Request

from concord.actor import Actor
from concord.errors import NotFound
from concord.offers import policy
from concord.offers.dossier import Stage
from concord.offers.models import Offer
from concord.offers.queries import offer_for
from concord.offers.states import OfferState
from concord.offers.views import OfferView, SlotView
from concord.offers.wording import UNODC, VERBS, WAITS
from concord.organizations.policy import may_provide
from concord.web.code_names import reason_name, unit_name
from concord.web.elements import Capacity, Progress, Step
from concord.web.i18n import gettext as _

_S = OfferState


async def offer_at(request: Request) -> Offer:
    """The offer of this address; unseen and unknown are the same 404."""
    found: str = request.path_params["public_id"]
    if len(found) > 20:
        raise NotFound
    return await offer_for(request.state.actor, found)


def capacity_of(slot: SlotView) -> Capacity:
    return Capacity(
        slot.capacity,
        delivered=slot.delivered or 0,
        reserved=slot.reserved or 0,
        held=slot.held or 0,
        unit=unit_name(slot.unit),
    )


def timeline_of(view: OfferView) -> list[Step]:
    """What was done by whom, then what is waited for; nothing for those who may not see it."""
    if view.steps is None:
        return []
    done = [_done(step, view) for step in view.steps]
    return [*done, *_next(view)]


def _done(step: Stage, view: OfferView) -> Step:
    reasons = " · ".join(reason_name(code) for code in step.reasons)
    stopped = step.verb in {"withdraw", "expire"}
    return Step(
        VERBS.get(step.verb, step.verb),
        Progress.STOPPED if stopped else Progress.DONE,
        who=_who(step, view),
        at=step.at,
        note=" — ".join(filter(None, (reasons, step.note))),
    )


def _who(step: Stage, view: OfferView) -> str:
    if step.name:
        return step.name
    if step.organization_id is None:
        return ""
    own = step.organization_id == view.organization_id
    return view.organization_name if own else str(UNODC)


def _next(view: OfferView) -> list[Step]:
    label = WAITS.get(view.state)
    if label is None:
        return []
    if view.state is _S.PUBLISHED:
        return [
            Step(
                label,
                Progress.CURRENT,
                since=view.published_at,
                until=view.expires_at,
                note=_("Then the provider confirms that it still stands."),
            )
        ]
    waiting = str(UNODC) if view.state is _S.SUBMITTED else view.organization_name
    return [
        Step(
            label,
            Progress.WAITING,
            waiting_for=waiting,
            since=view.state_since,
            until=view.due_at,
        )
    ]


def may(actor: Actor, offer: Offer, *, now: datetime) -> dict[str, bool]:
    """What the page offers to do, by the policy alone."""
    verified = may_provide(offer.organization, now=now)
    return {
        "edit": policy.may_edit(actor, offer),
        "submit": policy.may_submit(actor, offer) and verified,
        "wait_for_verification": policy.may_submit(actor, offer) and not verified,
        "review": policy.may_publish(actor, offer),
        "change": policy.may_change_scope(actor, offer),
        "reconfirm": policy.may_reconfirm(actor, offer),
        "withdraw": policy.may_withdraw(actor, offer),
        "ask": policy.may_ask(actor, offer),
        "answer": policy.may_answer(actor, offer),
    }
