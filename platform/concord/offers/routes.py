"""Pages and commands of offers."""

from uuid import UUID

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from concord.actor import Actor
from concord.errors import Conflict, InvalidInput, NotAllowed, NotFound
from concord.inputs import Reader
from concord.offers import actions
from concord.offers.editing import SUBMIT, edit, missing, show, submitted, with_changed_lines
from concord.offers.forms import (
    parse,
    parse_answer,
    parse_question,
    parse_return,
    parse_version,
)
from concord.offers.lists import list_offers
from concord.offers.models import Offer
from concord.offers.pages import capacity_of, may, offer_at, timeline_of
from concord.offers.policy import (
    asks,
    may_draft,
    may_edit,
    may_publish,
    may_submit,
    provides,
    reconfirms,
    reviews,
)
from concord.offers.queries import clarification_for, view_of
from concord.offers.values import OfferValues
from concord.offers.wording import FUNDING_SHORT, KINDS
from concord.reference.languages import CONTENT_LANGUAGES
from concord.reference.queries import code_lists
from concord.web.choices import code_options, language_options
from concord.web.flash import see_other
from concord.web.forms import fields, first, reader
from concord.web.i18n import current_locale
from concord.web.i18n import gettext as _
from concord.web.rendering import render
from concord.web.routing import command, page

MEMBERS_ONLY = "Offers are written by members of an organization that provides assistance."
NOT_YOURS = "You may not do this with this offer."


async def new(request: Request) -> Response:
    """An empty form, and the draft that comes of it."""
    actor: Actor = request.state.actor
    if not may_draft(actor):
        raise NotAllowed(MEMBERS_ONLY)
    if request.method == "GET":
        return await show(request, {"language": [current_locale()]})
    raw = await fields(request)
    if (changed := with_changed_lines(raw)) is not None:
        return await show(request, changed)
    try:
        values = parse(Reader(raw), await code_lists())
        offer = await actions.create_draft(values, actor=actor, now=request.state.now)
    except InvalidInput as refused:
        return await show(request, raw, status=422, errors=refused.fields)
    if first(raw, "do") == SUBMIT:
        return await _submit_new(request, offer, values)
    return see_other(f"/offers/{offer.public_id}", _("The draft is saved."))


async def _submit_new(request: Request, offer: Offer, values: OfferValues) -> Response:
    """The draft exists: what it lacks is shown where it is edited, so that none is made twice."""
    address = f"/offers/{offer.public_id}"
    if not may_submit(request.state.actor, offer) or missing(values, request):
        return see_other(
            f"{address}/edit?check", _("The draft is saved, and not yet submitted."), kind="notice"
        )
    return await submitted(request, offer)


async def edit_draft(request: Request) -> Response:
    """A draft or a returned offer; what was typed is kept even when it has moved on meanwhile."""
    offer = await offer_at(request)
    if not provides(request.state.actor, offer):
        raise NotAllowed(NOT_YOURS)
    if request.method == "GET" and not may_edit(request.state.actor, offer):
        return RedirectResponse(f"/offers/{offer.public_id}", 303)
    return await edit(request, offer, save=actions.save)


async def show_offer(request: Request) -> Response:
    return await _detail(request, await offer_at(request))


async def _detail(
    request: Request,
    offer: Offer,
    *,
    status: int = 200,
    errors: dict[str, str] | None = None,
    typed: dict[str, list[str]] | None = None,
    template: str = "offers/show.html",
) -> Response:
    actor: Actor = request.state.actor
    view = await view_of(actor, offer)
    reasons = (await code_lists()).reasons_for("offer_returned")
    return render(
        request,
        template,
        status=status,
        offer=view,
        may=may(actor, offer, now=request.state.now),
        steps=timeline_of(view),
        bars=[(slot, capacity_of(slot)) for slot in view.slots if slot.held is not None],
        kinds=KINDS,
        funding=FUNDING_SHORT,
        reasons=code_options(reasons),
        languages=language_options(CONTENT_LANGUAGES),
        default_language=current_locale(),
        errors=errors or {},
        typed=typed or {},
    )


async def submit(request: Request) -> Response:
    offer = await offer_at(request)
    if not may_submit(request.state.actor, offer):
        raise NotAllowed(NOT_YOURS)
    return await submitted(request, offer, version=parse_version(await reader(request)))


async def review(request: Request) -> Response:
    """The whole offer, with the two decisions."""
    offer = await offer_at(request)
    if not may_publish(request.state.actor, offer):
        raise NotAllowed(NOT_YOURS)
    return await _detail(request, offer, template="offers/review.html")


async def publish(request: Request) -> Response:
    offer = await offer_at(request)
    if not reviews(request.state.actor, offer):
        raise NotAllowed(NOT_YOURS)
    version = parse_version(await reader(request))
    await actions.publish(offer, version=version, actor=request.state.actor, now=request.state.now)
    return see_other(
        "/offers", _("The offer is published, and open requests are ranked against it.")
    )


async def return_offer(request: Request) -> Response:
    offer = await offer_at(request)
    if not reviews(request.state.actor, offer):
        raise NotAllowed(NOT_YOURS)
    form = await reader(request)
    try:
        found = parse_return(form, await code_lists())
        await actions.return_(
            offer,
            reasons=found.reasons,
            note=found.note,
            version=parse_version(form),
            actor=request.state.actor,
            now=request.state.now,
        )
    except (InvalidInput, Conflict) as refused:
        return await _refused(request, offer, refused, template="offers/review.html")
    return see_other("/offers", _("The offer is returned to its provider."))


async def reconfirm(request: Request) -> Response:
    offer = await offer_at(request)
    if not reconfirms(request.state.actor, offer):
        raise NotAllowed(NOT_YOURS)
    version = parse_version(await reader(request))
    await actions.reconfirm(
        offer, version=version, actor=request.state.actor, now=request.state.now
    )
    return see_other(f"/offers/{offer.public_id}", _("The offer stands for another year."))


async def ask(request: Request) -> Response:
    offer = await offer_at(request)
    if not asks(request.state.actor):
        raise NotAllowed(NOT_YOURS)
    try:
        await actions.ask_clarification(
            offer,
            parse_question(await reader(request)),
            actor=request.state.actor,
            now=request.state.now,
        )
    except InvalidInput as refused:
        return await _refused(request, offer, refused)
    return see_other(f"/offers/{offer.public_id}", _("The provider is asked."))


async def answer(request: Request) -> Response:
    offer = await offer_at(request)
    if not provides(request.state.actor, offer):
        raise NotAllowed(NOT_YOURS)
    asked = await clarification_for(offer, _question_id(request))
    try:
        await actions.answer_clarification(
            offer,
            asked,
            parse_answer(await reader(request)),
            actor=request.state.actor,
            now=request.state.now,
        )
    except (InvalidInput, Conflict) as refused:
        return await _refused(request, offer, refused)
    return see_other(f"/offers/{offer.public_id}", _("The answer is saved."))


def _question_id(request: Request) -> UUID:
    try:
        return UUID(request.path_params["question"])
    except ValueError as unreadable:
        raise NotFound from unreadable


async def _refused(
    request: Request,
    offer: Offer,
    refused: InvalidInput | Conflict,
    *,
    template: str = "offers/show.html",
) -> Response:
    """The same page with what is wrong and everything that was typed."""
    return await _detail(
        request,
        offer,
        status=422 if isinstance(refused, InvalidInput) else 409,
        errors=refused.fields if isinstance(refused, InvalidInput) else {"": refused.message},
        typed=await fields(request),
        template=template,
    )


OFFER = "/offers/{public_id}"
BOTH = ("GET", "POST")
routes = [
    page("/offers", list_offers, public=True),
    page("/offers/new", new, name="new_offer", methods=BOTH),
    page(OFFER, show_offer, public=True),
    page(f"{OFFER}/edit", edit_draft, name="edit_offer", methods=BOTH),
    page(f"{OFFER}/review", review, name="review_offer"),
    command(f"{OFFER}/submission", submit, name="submit_offer"),
    command(f"{OFFER}/publication", publish, name="publish_offer"),
    command(f"{OFFER}/return", return_offer),
    command(f"{OFFER}/reconfirmation", reconfirm, name="reconfirm_offer"),
    command(f"{OFFER}/clarifications", ask, name="ask_about_offer"),
    command(f"{OFFER}/clarifications/{{question}}/answer", answer, name="answer_about_offer"),
]
