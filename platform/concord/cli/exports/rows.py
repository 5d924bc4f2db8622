"""Requests, offers and pairings as rows for a spreadsheet and as objects for a program."""

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from concord.cli.imports.offers import COLUMNS as OFFER_COLUMNS
from concord.cli.imports.requests import COLUMNS as REQUEST_COLUMNS
from concord.offers.models import Offer
from concord.offers.values import UNLIMITED
from concord.pairings.models import Pairing
from concord.requests.models import Request

Object = dict[str, Any]
PAIRING_COLUMNS = (
    "request",
    "request_external_id",
    "offer",
    "offer_external_id",
    "rank",
    "score",
    "components",
    "gates",
    "model_version",
)


def of_pairing(pairing: Pairing) -> Object:
    """`components` sum to `score`; `gates` are those that hold only just."""
    return {
        "request": pairing.request.public_id,
        "request_external_id": pairing.request.external_id,
        "offer": pairing.offer.public_id,
        "offer_external_id": pairing.offer.external_id,
        "rank": pairing.rank,
        "score": pairing.score,
        "components": pairing.components,
        "gates": pairing.gates,
        "model_version": pairing.model_version,
    }


def of_request(request: Request) -> Object:
    """Everything that the import takes, its status, and its items."""
    return {
        "public_id": request.public_id,
        "status": request.state.value,
        "external_id": request.external_id or request.public_id,
        "state": request.lead_state_id,
        "co_states": sorted(party.state_id for party in request.parties),
        "title": request.title,
        "description": request.description,
        "language": request.language,
        "tags": request.tags,
        "starts_on": _day(request.starts_on),
        "ends_on": _day(request.ends_on),
        "outcome": request.outcome,
        "existing": request.existing,
        "confidentiality": request.confidentiality.value,
        "urgent": request.urgent,
        "items": [
            {
                "topic": item.topic_id,
                "modality": item.modality_id,
                "institution": item.institution,
                "quantity": item.quantity,
                "unit": item.unit_id,
            }
            for item in sorted(request.items, key=lambda item: item.position)
        ],
    }


def of_offer(offer: Offer) -> Object:
    """Everything that the import takes, its status, and its slots."""
    return {
        "public_id": offer.public_id,
        "status": offer.state.value,
        "external_id": offer.external_id or offer.public_id,
        "organization": offer.organization.name,
        "organization_kind": offer.organization.kind.value,
        "title": offer.title,
        "description": offer.description,
        "language": offer.language,
        "tags": offer.tags,
        "starts_on": _day(offer.starts_on),
        "ends_on": _day(offer.ends_on),
        "delivery_languages": offer.delivery_languages,
        "regions": offer.regions,
        "excluded_states": sorted(each.state_id for each in offer.exclusions),
        "past": offer.past,
        "slots": [
            {
                "topic": slot.topic_id,
                "modality": slot.modality_id,
                "capacity": UNLIMITED if slot.unit_id == UNLIMITED else slot.capacity,
                "unit": slot.unit_id,
                "funding": slot.funding.value,
            }
            for slot in sorted(offer.slots, key=lambda slot: slot.position)
            if slot.retired_at is None
        ],
    }


def pairing_cells(pairing: Object) -> Iterator[Object]:
    yield {
        **pairing,
        "components": json.dumps(pairing["components"], sort_keys=True),
        "gates": json.dumps(pairing["gates"], sort_keys=True),
    }


def record_cells(record: Object) -> Iterator[Object]:
    """A row for each item or slot, as the import reads them; one row where there is none."""
    shared = {name: _cell(value) for name, value in record.items()}
    parts: list[Object] = record.get("items") or record.get("slots") or [{}]
    for place, part in enumerate(parts):
        tags = record["tags"] if place == 0 else []
        topics = [*filter(None, [part.get("topic")]), *tags]
        yield (
            shared
            | {name: _cell(value) for name, value in part.items()}
            | {"topics": ";".join(dict.fromkeys(topics))}
        )


def _cell(value: object) -> object:
    if isinstance(value, bool):
        return "yes" if value else ""
    return ";".join(map(str, value)) if isinstance(value, list) else value


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None


@dataclass(frozen=True, slots=True)
class Layout:
    """How one kind of thing is exported: as an object, and that as rows of these columns."""

    name: str
    columns: Sequence[str]
    as_object: Callable[[Any], Object]
    as_cells: Callable[[Object], Iterator[Object]]


PAIRINGS = Layout("pairings", PAIRING_COLUMNS, of_pairing, pairing_cells)
REQUESTS = Layout("requests", REQUEST_COLUMNS, of_request, record_cells)
OFFERS = Layout("offers", OFFER_COLUMNS, of_offer, record_cells)
