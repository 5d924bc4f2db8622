"""The pages of what is asked for, one thing at a time: added, changed, taken out."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from starlette.requests import Request as HttpRequest
from starlette.responses import Response

from concord.errors import Conflict, InvalidInput, NotFound, StaleVersion
from concord.inputs import Reader
from concord.reference.queries import code_lists
from concord.requests.comparing import differences
from concord.requests.completeness import completeness
from concord.requests.forms import Raw, parse_item, parse_version, raw_of_item
from concord.requests.models import Request
from concord.requests.queries import request_for, values_of
from concord.requests.sections import Save
from concord.requests.values import DraftValues, ItemValues
from concord.requests.wording import FIELDS
from concord.web.choices import code_options, topic_options
from concord.web.flash import see_other
from concord.web.forms import fields
from concord.web.i18n import gettext as _
from concord.web.rendering import render

NAMES = ("topic", "modality", "beneficiary", "institution", "quantity", "unit")


async def edit_item(
    http: HttpRequest, request: Request, position: int | None, *, base: str, save: Save
) -> Response:
    """GET shows the item at `position` (None: a new one), POST saves it."""
    values = await values_of(request)
    present = item_at(values, position)
    if http.method == "GET":
        raw = raw_of_item(present) if present else _blank(values)
        return await _show(http, request, raw, values, base=base, position=position)
    raw = await fields(http)
    reader = Reader(raw)
    try:
        item = parse_item(reader, await code_lists())
        await _save(http, request, reader, with_item(values, position, item), save)
    except InvalidInput as refused:
        return await _show(
            http,
            request,
            raw,
            values,
            base=base,
            position=position,
            errors=refused.fields,
            status=422,
        )
    except Conflict as refused:
        return await _conflict(http, request, raw, base=base, position=position, refused=refused)
    return see_other(f"{base}/items", _("Saved."))


async def _conflict(
    http: HttpRequest,
    request: Request,
    raw: Raw,
    *,
    base: str,
    position: int | None,
    refused: Conflict,
) -> Response:
    stored = await request_for(http.state.actor, request.public_id)
    values = await values_of(stored)
    stale = isinstance(refused, StaleVersion)
    return await _show(
        http,
        stored,
        raw,
        values,
        base=base,
        position=position,
        errors={"": refused.message},
        compared=_compared(raw, values, position) if stale else (),
        status=409,
    )


async def remove_item(
    http: HttpRequest, request: Request, position: int, *, base: str, save: Save
) -> Response:
    values = await values_of(request)
    item_at(values, position)
    kept = tuple(one for place, one in enumerate(values.items, 1) if place != position)
    await _save(http, request, Reader(await fields(http)), replace(values, items=kept), save)
    return see_other(f"{base}/items", _("Taken out."))


def item_at(values: DraftValues, position: int | None) -> ItemValues | None:
    """The item at a place counted from 1; `NotFound` where there is none."""
    if position is None:
        return None
    if not 1 <= position <= len(values.items):
        raise NotFound
    return values.items[position - 1]


def with_item(values: DraftValues, position: int | None, item: ItemValues) -> DraftValues:
    if position is None:
        return replace(values, items=(*values.items, item))
    changed = [item if place == position else one for place, one in enumerate(values.items, 1)]
    return replace(values, items=tuple(changed))


async def _save(
    http: HttpRequest, request: Request, reader: Reader, values: DraftValues, save: Save
) -> None:
    await save(
        request,
        values,
        version=parse_version(reader),
        actor=http.state.actor,
        now=http.state.now,
    )


def _blank(values: DraftValues) -> dict[str, list[str]]:
    """A new item starts with the institution of the one before."""
    last = values.items[-1] if values.items else ItemValues("", "")
    return raw_of_item(
        ItemValues("", "", beneficiary=last.beneficiary, institution=last.institution)
    )


def _compared(raw: Raw, values: DraftValues, position: int | None) -> Sequence[object]:
    if position is None or position > len(values.items):
        return ()
    return differences(NAMES, raw, raw_of_item(values.items[position - 1]))


async def _show(
    http: HttpRequest,
    request: Request,
    raw: Raw,
    values: DraftValues,
    *,
    base: str,
    position: int | None,
    errors: Mapping[str, str] | None = None,
    compared: Sequence[object] = (),
    status: int = 200,
) -> Response:
    lists = await code_lists()
    chosen = {value for found in raw.values() for value in found if len(value) < 50}
    return render(
        http,
        "requests/item.html",
        status=status,
        base=base,
        public_id=request.public_id,
        version=request.version,
        position=position,
        raw=raw,
        errors=errors or {},
        compared=compared,
        labels=FIELDS,
        topics=topic_options(lists, keep=chosen),
        modalities=code_options(lists.modalities.values(), keep=chosen),
        beneficiaries=code_options(lists.beneficiaries.values(), keep=chosen),
        units=code_options(lists.units.values(), keep=chosen),
        measured=completeness(values),
    )
