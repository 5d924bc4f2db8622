"""Exports: what one may see, in the columns of the import, safe for spreadsheets."""

import csv
import io
import json
from collections.abc import AsyncIterator
from typing import Any

from concord.actor import Actor, Role
from concord.audit import AuditEntry
from concord.cli.actors import operator
from concord.cli.exports import Format, exported, queries
from concord.cli.exports.rows import OFFERS, PAIRINGS, REQUESTS, Layout
from concord.cli.imports import bring_offers, bring_requests
from concord.offers.models import Offer
from concord.pairings.models import Pairing
from concord.requests.models import Request
from tests.cli.samples import OFFER, REQUEST, as_csv
from tests.conftest import NOW
from tests.factories import people

OPERATOR = operator(Role.COORDINATOR)


async def text_of(
    layout: Layout, form: Format, rows: AsyncIterator[Any], actor: Actor = OPERATOR
) -> str:
    out = io.StringIO()
    await exported(layout, rows, form=form, file=out, actor=actor, now=NOW)
    return out.getvalue()


async def import_requests(*rows: dict[str, str]) -> None:
    await bring_requests(
        as_csv(*rows), skip_bad=False, as_open="", source="A file", actor=OPERATOR, now=NOW
    )


async def import_offers(*rows: dict[str, str]) -> None:
    admin = operator(Role.ADMIN)
    await bring_offers(as_csv(*rows), skip_bad=False, source="A file", actor=admin, now=NOW)


async def test_requests_come_back_as_they_were_imported(database: None) -> None:
    further = REQUEST | {"topics": "JUS.05", "quantity": "8", "unit": "training_places"}
    await import_requests(REQUEST, further)

    text = await text_of(REQUESTS, Format.CSV, queries.requests(OPERATOR))

    rows = list(csv.DictReader(text.splitlines()))
    assert [(row["external_id"], row["topics"], row["quantity"]) for row in rows] == [
        ("A-1", "INV.02;EVD.02", "40"),
        ("A-1", "JUS.05", "8"),
    ]
    await Request.all().delete()
    outcome = await bring_requests(
        text.encode(), skip_bad=False, as_open="", source="Again", actor=OPERATOR, now=NOW
    )
    assert (outcome.created, outcome.problems) == (1, [])


async def test_offers_come_back_as_they_were_imported(database: None) -> None:
    await import_offers(OFFER | {"excluded_states": "QMM;QNN", "past": "One;Two"})

    text = await text_of(OFFERS, Format.CSV, queries.offers(OPERATOR))

    [row] = csv.DictReader(text.splitlines())
    assert (row["organization"], row["capacity"], row["excluded_states"], row["past"]) == (
        "Illustrative Forensics Institute",
        "60",
        "QMM;QNN",
        "One;Two",
    )


async def test_pairings_name_both_sides_with_score_and_gates(database: None) -> None:
    await import_requests(REQUEST)
    await import_offers(OFFER)
    request, offer = await Request.get(), await Offer.get()
    await Pairing.create(
        request=request,
        offer=offer,
        rank=1,
        score=0.75,
        components={"text": 0.5, "topic": 0.25},
        gates=[{"code": "window", "parameters": {"days": 3}}],
        model_version="m1",
        computed_at=NOW,
    )

    [line] = (await text_of(PAIRINGS, Format.JSONL, queries.pairings(OPERATOR))).splitlines()
    [row] = csv.DictReader(
        (await text_of(PAIRINGS, Format.CSV, queries.pairings(OPERATOR))).splitlines()
    )

    assert json.loads(line) == {
        "request": request.public_id,
        "request_external_id": "A-1",
        "offer": offer.public_id,
        "offer_external_id": "B-1",
        "rank": 1,
        "score": 0.75,
        "components": {"text": 0.5, "topic": 0.25},
        "gates": [{"code": "window", "parameters": {"days": 3}}],
        "model_version": "m1",
    }
    assert json.loads(row["components"]) == {"text": 0.5, "topic": 0.25}
    assert (row["rank"], row["request"]) == ("1", request.public_id)


async def test_cells_start_no_formula(database: None) -> None:
    await import_requests(REQUEST | {"title": "=1+1", "description": "@cmd"})

    text = await text_of(REQUESTS, Format.CSV, queries.requests(OPERATOR))

    [row] = csv.DictReader(text.splitlines())
    assert (row["title"], row["description"]) == ("'=1+1", "'@cmd")


async def test_operator_sees_neither_restricted_nor_sealed_requests(database: None) -> None:
    classes = ("public", "partners", "restricted", "sealed")
    await import_requests(
        *(REQUEST | {"external_id": name, "confidentiality": name} for name in classes)
    )

    text = await text_of(REQUESTS, Format.JSONL, queries.requests(OPERATOR))

    found = {json.loads(line)["external_id"] for line in text.splitlines()}
    assert found == {"public", "partners"}


async def test_person_sees_no_more_than_on_the_pages(database: None) -> None:
    await import_requests(REQUEST)
    stranger = await people.coordinator("QNN")

    text = await text_of(REQUESTS, Format.JSONL, queries.requests(stranger), stranger)

    assert text == ""


async def test_export_is_in_the_trail(database: None) -> None:
    coordinator = await people.coordinator("QMM")

    await text_of(REQUESTS, Format.CSV, queries.requests(coordinator), coordinator)

    entry = await AuditEntry.get(action="export_requests")
    assert (entry.person_id, entry.facts) == (coordinator.person_id, {"count": 0})
