"""The page on which a coordinator writes a proposal, prefilled from the ranked pairing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from starlette.requests import Request as WebRequest
from starlette.responses import Response

from concord.actor import Actor
from concord.errors import Conflict, DomainError, InvalidInput, NotAllowed
from concord.matches import actions, forms
from concord.matches.actions.admitting import Unanswered
from concord.matches.actions.locking import assigned_to
from concord.matches.actions.proposing import NOT_YOURS
from concord.matches.models import Match
from concord.matches.policy import may_propose
from concord.matches.queries import items_of, organizations_by_public_id, slots_of, suggested
from concord.matches.values import PARTICIPANT_ROLES
from concord.matches.views import part_options, unit_name
from concord.offers.models import Offer, OfferSlot
from concord.offers.queries import offer_for
from concord.organizations.states import OrganizationKind
from concord.pairings.duplicates import raise_repetitions
from concord.reference.code_lists import CodeLists
from concord.reference.queries import code_lists
from concord.requests.actions import note_reading
from concord.requests.models import Request, RequestItem
from concord.requests.queries import request_for
from concord.requests.values import SharedPart
from concord.web.flash import see_other
from concord.web.forms import fields, first, reader
from concord.web.i18n import gettext as _
from concord.web.i18n import lazy as N_
from concord.web.problems import status_of
from concord.web.rendering import render

SPARE_PARTICIPANTS = 2
Raw = Mapping[str, Sequence[str]]
PROPOSED = N_("The match is proposed. The State is told in a minute; until then you can undo it.")


async def new(request: WebRequest) -> Response:
    """The empty page, with the lines that the ranking suggests."""
    needed = await _request(request)
    offer = await offer_for(request.state.actor, request.query_params.get("offer", ""))
    return await _page(request, needed, offer, await _prefilled(needed, offer))


async def create(request: WebRequest) -> Response:
    """Propose; any error shows the page again with everything that was typed."""
    needed = await _request(request)
    raw = await fields(request)
    offer = await offer_for(request.state.actor, first(raw, "offer"))
    await raise_repetitions(needed, now=request.state.now)  # kept with the page that refuses
    try:
        match = await _propose(request, needed, offer)
    except (InvalidInput, Conflict) as error:
        return await _page(request, needed, offer, raw, error)
    return see_other(f"/matches/{match.public_id}", str(PROPOSED))


async def _request(request: WebRequest) -> Request:
    actor: Actor = request.state.actor
    found = await request_for(actor, request.path_params["id"])
    if not may_propose(actor, found.lead_state_id, await assigned_to(found)):
        raise NotAllowed(NOT_YOURS)
    await note_reading(found, actor=actor, now=request.state.now)
    return found


async def _propose(request: WebRequest, needed: Request, offer: Offer) -> Match:
    typed = forms.proposal(await reader(request))
    known = await organizations_by_public_id([name for name, _role in typed.participants])
    participants, errors = forms.drafts(typed, known)
    if errors:
        raise InvalidInput(errors)
    return await actions.propose(
        needed,
        offer,
        lines=typed.lines,
        participants=participants,
        starts_on=typed.starts_on,
        ends_on=typed.ends_on,
        data_shared=typed.data_shared,
        rationale=typed.rationale,
        no_conflict=typed.no_conflict,
        actor=request.state.actor,
        now=request.state.now,
    )


@dataclass(frozen=True, slots=True)
class Row:
    """One item with what it needs; `number` names its fields."""

    number: int
    item_id: str
    words: str
    unit: str
    open_quantity: int


async def _page(
    request: WebRequest,
    needed: Request,
    offer: Offer,
    raw: Raw,
    error: DomainError | None = None,
) -> Response:
    lists = await code_lists()
    items, slots = await items_of(needed.id), await slots_of(offer.id)
    return render(
        request,
        "matches/propose.html",
        status=status_of(error) if error else 200,
        errors=error.fields if isinstance(error, InvalidInput) else {},
        problem=error.message if error and not isinstance(error, InvalidInput) else "",
        warned=isinstance(error, Unanswered),
        needed=needed,
        offer=offer,
        rows=_rows(items, raw, lists),
        slots=[(str(slot.id), _slot_words(slot, lists)) for slot in slots],
        parts=part_options([part.value for part in SharedPart]),
        roles=list(PARTICIPANT_ROLES.items()),
        raw=raw,
        participants=range(max(SPARE_PARTICIPANTS, _participants(raw))),
        programme=offer.organization.kind is OrganizationKind.SECRETARIAT,
    )


def _participants(raw: Raw) -> int:
    return sum(1 for name in raw if name.endswith("-organization"))


def _rows(items: Sequence[RequestItem], raw: Raw, lists: CodeLists) -> list[Row]:
    """The typed lines in their order, then the items that no line names."""
    by_id = {str(item.id): item for item in items}
    typed = [
        (number, by_id[item_id])
        for number in range(forms.MOST_LINES)
        if (item_id := first(raw, f"line-{number}-item")) in by_id
    ]
    named = {item.id for _number, item in typed}
    number = max((number for number, _item in typed), default=-1) + 1
    rest = [item for item in items if item.id not in named]
    return [_row(at, item, lists) for at, item in [*typed, *enumerate(rest, number)]]


def _row(number: int, item: RequestItem, lists: CodeLists) -> Row:
    words = [_(lists.topics[item.topic_id].label), _(lists.modalities[item.modality_id].label)]
    if item.beneficiary_id:
        words.append(_(lists.beneficiaries[item.beneficiary_id].label))
    return Row(
        number=number,
        item_id=str(item.id),
        words=" · ".join(words),
        unit=unit_name(item.unit_id, lists),
        open_quantity=(item.quantity or 0) - item.reserved - item.delivered,
    )


def _slot_words(slot: OfferSlot, lists: CodeLists) -> str:
    words = (
        f"{_(lists.topics[slot.topic_id].label)} · {_(lists.modalities[slot.modality_id].label)}"
    )
    if slot.capacity is None:
        return words
    left = slot.capacity - slot.held - slot.reserved - slot.delivered
    return f"{words} · " + _("%(left)s %(unit)s left") % {
        "left": left,
        "unit": unit_name(slot.unit_id, lists),
    }


async def _prefilled(needed: Request, offer: Offer) -> Raw:
    """What a coordinator would type: the suggested lines and the time both sides have."""
    starts, ends = _common(needed, offer)
    raw = {
        "offer": [offer.public_id],
        "starts_on": [starts.isoformat() if starts else ""],
        "ends_on": [ends.isoformat() if ends else ""],
        "data_shared": [part.value for part in SharedPart],
    }
    for number, (item, slot, quantity) in enumerate(await suggested(needed.id, offer.id)):
        raw[f"line-{number}-item"] = [str(item)]
        raw[f"line-{number}-slot"] = [str(slot)]
        raw[f"line-{number}-item_quantity"] = [str(quantity)]
        raw[f"line-{number}-slot_quantity"] = [str(quantity)]
    return raw


def _common(needed: Request, offer: Offer) -> tuple[date | None, date | None]:
    starts = max((day for day in (needed.starts_on, offer.starts_on) if day), default=None)
    ends = min((day for day in (needed.ends_on, offer.ends_on) if day), default=None)
    return starts, ends
