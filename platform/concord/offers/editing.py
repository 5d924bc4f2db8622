"""The one form of an offer: shown, lines added and removed, saved, and never a word lost."""

from collections.abc import Awaitable, Mapping
from datetime import datetime
from typing import Protocol

from starlette.requests import Request
from starlette.responses import Response

from concord.actor import Actor
from concord.errors import Conflict, InvalidInput, StaleVersion
from concord.inputs import Reader
from concord.offers.actions import submit
from concord.offers.checking import check_for_submission
from concord.offers.comparing import differences
from concord.offers.forms import (
    Raw,
    parse,
    parse_version,
    positions,
    raw_of,
    with_line,
    without_line,
)
from concord.offers.models import Offer
from concord.offers.policy import may_submit
from concord.offers.queries import offer_for, values_of
from concord.offers.states import OfferState
from concord.offers.values import OfferValues
from concord.offers.wording import FIELDS, FUNDING, LINE_FIELDS
from concord.reference.code_lists import CodeLists
from concord.reference.languages import CONTENT_LANGUAGES, language_tag
from concord.reference.queries import code_lists
from concord.web.choices import (
    code_options,
    flat_topic_options,
    language_options,
    region_options,
    state_options,
    topic_options,
)
from concord.web.flash import see_other
from concord.web.forms import fields, first
from concord.web.i18n import current_locale
from concord.web.i18n import gettext as _
from concord.web.rendering import render

ADD = "add-line"
REMOVE = "remove-line-"
SUBMIT = "submit"
EMPTY_LINE = {"slot-1-topic": [""]}


class Save(Protocol):
    """What saves the form: an action of this area, or one that also sees to the matches."""

    def __call__(
        self, offer: Offer, values: OfferValues, *, version: int, actor: Actor, now: datetime
    ) -> Awaitable[object]: ...


async def edit(request: Request, offer: Offer, *, save: Save) -> Response:
    """GET shows the form, POST adds or removes a line, or saves."""
    if request.method == "GET":
        values = await values_of(offer)
        errors = missing(values, request) if "check" in request.query_params else None
        return await show(request, raw_of(values), offer=offer, errors=errors)
    raw = await fields(request)
    if (changed := with_changed_lines(raw)) is not None:
        return await show(request, changed, offer=offer, version=first(raw, "version"))
    actor, now = request.state.actor, request.state.now
    reader = Reader(raw)
    try:
        values = parse(reader, await code_lists())
        await save(offer, values, version=parse_version(reader), actor=actor, now=now)
    except InvalidInput as refused:
        version = first(raw, "version")
        return await show(
            request, raw, offer=offer, version=version, status=422, errors=refused.fields
        )
    except Conflict as refused:
        return await _show_conflict(request, raw, offer, refused)
    saved = await offer_for(actor, offer.public_id)
    if first(raw, "do") == SUBMIT and may_submit(actor, saved):
        return await submitted(request, saved)
    address = f"/offers/{offer.public_id}"
    if saved.state is OfferState.SUBMITTED:
        return see_other(address, _("The changed offer is submitted: UNODC reviews it again."))
    return see_other(address, _("The offer is saved."))


async def submitted(request: Request, offer: Offer, *, version: int | None = None) -> Response:
    """Submit what is saved; what is still missing is shown in the form."""
    try:
        await submit(offer, version=version, actor=request.state.actor, now=request.state.now)
    except InvalidInput as refused:
        raw = raw_of(await values_of(offer))
        return await show(request, raw, offer=offer, status=422, errors=refused.fields)
    return see_other(f"/offers/{offer.public_id}", _("The offer is submitted: UNODC reviews it."))


def missing(values: OfferValues, request: Request) -> dict[str, str]:
    """What the offer lacks to be submitted, by field."""
    try:
        check_for_submission(values, today=request.state.now.date())
    except InvalidInput as refused:
        return refused.fields
    return {}


def with_changed_lines(raw: Raw) -> dict[str, list[str]] | None:
    """The form with a line more or less, where that was asked for."""
    asked = first(raw, "do")
    if asked == ADD:
        return with_line(raw)
    if asked.startswith(REMOVE) and asked.removeprefix(REMOVE).isdecimal():
        return without_line(raw, int(asked.removeprefix(REMOVE)[:3]))
    return None


async def _show_conflict(request: Request, raw: Raw, offer: Offer, refused: Conflict) -> Response:
    """The typed form again, with the stored version beside it when somebody was faster."""
    stored = await values_of(await offer_for(request.state.actor, offer.public_id))
    stale = isinstance(refused, StaleVersion)
    return await show(
        request,
        raw,
        offer=offer,
        status=409,
        errors={"": refused.message},
        compared=differences(raw, raw_of(stored)) if stale else (),
    )


async def show(
    request: Request,
    raw: Raw,
    *,
    offer: Offer | None = None,
    version: str = "",
    status: int = 200,
    errors: Mapping[str, str] | None = None,
    compared: object = (),
) -> Response:
    lists = await code_lists()
    typed = dict(raw) if positions(raw) else dict(raw) | EMPTY_LINE
    return render(
        request,
        "offers/form.html",
        status=status,
        offer=offer,
        published=offer is not None and offer.state is OfferState.PUBLISHED,
        may_submit=offer is None or may_submit(request.state.actor, offer),
        address=_address(request, offer),
        version=version or (offer.version if offer else 0),
        raw=typed,
        lines=positions(typed),
        errors=errors or {},
        compared=compared,
        labels=FIELDS,
        line_labels=LINE_FIELDS,
        options=_options(lists, typed),
    )


def _address(request: Request, offer: Offer | None) -> str:
    """Where the form goes: back to this page, unless it is shown in place of another one."""
    here = request.url.path
    if offer is None or here.endswith(("/edit", "/change")):
        return here
    return f"/offers/{offer.public_id}/edit"


def _options(lists: CodeLists, raw: Raw) -> dict[str, object]:
    chosen = {value for values in raw.values() for value in values if len(value) < 50}
    return {
        "topics": topic_options(lists, keep=chosen),
        "tags": flat_topic_options(lists, keep=chosen),
        "modalities": code_options(lists.modalities.values(), keep=chosen),
        "units": code_options(lists.units.values(), keep=chosen),
        "funding": list(FUNDING.items()),
        "states": state_options(lists),
        "regions": region_options(lists),
        "languages": language_options(CONTENT_LANGUAGES, keep=_tags(raw)),
        "default_language": current_locale(),
    }


def _tags(raw: Raw) -> list[str]:
    return [tag for tag in raw.get("language", ()) if language_tag(tag) == tag]
