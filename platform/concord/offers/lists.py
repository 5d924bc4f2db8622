"""The lists of offers: public list, partner's desk and review queue, and their CSV."""

from collections.abc import Iterator

from starlette.requests import Request
from starlette.responses import Response

from concord.actor import Actor
from concord.inputs import clean
from concord.offers.listing import DEFAULT_ORDER, ORDERS, Filter, Part, listed, parts_of
from concord.offers.pages import capacity_of
from concord.offers.policy import READERS, may_draft
from concord.offers.queries import page_of, rows_of
from concord.offers.states import Funding, OfferState
from concord.offers.views import OfferView
from concord.offers.wording import FUNDING_SHORT, KINDS, PARTS
from concord.reference.code_lists import CodeLists
from concord.reference.languages import CONTENT_LANGUAGES
from concord.reference.queries import code_lists
from concord.web.choices import code_options, group_options, language_options, region_options
from concord.web.elements import NavItem
from concord.web.i18n import gettext as _
from concord.web.labels import STATES
from concord.web.pagination import Page, csv_response, window
from concord.web.rendering import render

CSV_LIMIT = 20_000
WORDS_LENGTH = 200
CSV_HEADER = (
    *("offer", "title", "organization", "organization_kind", "state", "language", "topic"),
    *("modality", "capacity", "unit", "funding", "starts_on", "ends_on", "delivery_languages"),
    *("regions", "published_at", "expires_at"),
)


async def list_offers(request: Request) -> Response:
    actor: Actor = request.state.actor
    lists = await code_lists()
    asked = _filter(request, actor, lists)
    part = window(request.query_params, sorts=list(ORDERS), default=DEFAULT_ORDER[asked.part])
    found = listed(actor, asked, lists).order_by(*part.order(ORDERS))
    if request.query_params.get("format") == "csv":
        rows = await rows_of(actor, found.limit(CSV_LIMIT))
        return csv_response("offers.csv", CSV_HEADER, _csv_rows(rows))
    shown, total = await page_of(actor, found, offset=part.offset, limit=part.size)
    return render(
        request,
        "offers/list.html",
        page=Page(shown, total, part),
        part=asked.part,
        tabs=_tabs(actor, asked.part),
        default_sort=DEFAULT_ORDER[asked.part],
        filtered=any(
            getattr(asked, name) for name in Filter.__dataclass_fields__ if name != "part"
        ),
        options=_options(lists),
        kinds=KINDS,
        funding=FUNDING_SHORT,
        bars={row.id: [(slot, capacity_of(slot)) for slot in row.slots] for row in shown},
        may_draft=may_draft(actor),
        with_states=asked.part in {Part.MINE, Part.ALL},
        inside=actor.role in READERS or asked.part is Part.MINE,
    )


def _filter(request: Request, actor: Actor, lists: CodeLists) -> Filter:
    """What the address asks for; what makes no sense asks for nothing."""
    query = request.query_params

    def one_of(name: str, options: object) -> str:
        value = query.get(name, "")
        known = value in options if isinstance(options, (set, frozenset, dict)) else False
        return value if known else ""

    regions = {name for region, parts in lists.regions().items() for name in (region, *parts)}
    parts = parts_of(actor)
    view = query.get("view", "")
    return Filter(
        part=Part(view) if view in set(parts) else parts[0],
        words=clean(query.get("q", ""))[:WORDS_LENGTH].replace("\x00", ""),
        topic=one_of("topic", set(lists.topics)),
        modality=one_of("modality", set(lists.modalities)),
        language=one_of("language", set(CONTENT_LANGUAGES)),
        region=one_of("region", regions),
        kind=one_of("kind", KINDS),
        funding=one_of("funding", {each.value for each in Funding}),
        state=one_of("state", {each.value for each in OfferState}),
    )


def _tabs(actor: Actor, current: Part) -> list[NavItem]:
    parts = parts_of(actor)
    if len(parts) == 1:
        return []
    return [
        NavItem(PARTS[part], f"/offers?view={part.value}", current=part is current)
        for part in parts
    ]


def _options(lists: CodeLists) -> dict[str, object]:
    return {
        "topics": group_options(lists),
        "modalities": code_options(lists.modalities.values()),
        "languages": language_options(CONTENT_LANGUAGES),
        "regions": region_options(lists),
        "kinds": [(code, _(label.message)) for code, label in KINDS.items()],
        "funding": [(code, _(label.message)) for code, label in FUNDING_SHORT.items()],
        "states": [(code, label) for code, (label, _tone) in STATES["offer"].items()],
    }


def _csv_rows(rows: list[OfferView]) -> Iterator[tuple[object, ...]]:
    """A row for each slot; an offer without any has one row."""
    for row in rows:
        for slot in row.slots or (None,):
            yield (
                row.public_id,
                row.title,
                row.organization_name,
                row.organization_kind,
                row.state.value,
                row.language,
                slot.topic if slot else "",
                slot.modality if slot else "",
                slot.capacity if slot else None,
                slot.unit if slot else "",
                slot.funding.value if slot else "",
                (slot and slot.starts_on) or row.starts_on,
                (slot and slot.ends_on) or row.ends_on,
                ";".join(row.delivery_languages),
                ";".join(row.regions),
                row.published_at and row.published_at.date(),
                row.expires_at and row.expires_at.date(),
            )
