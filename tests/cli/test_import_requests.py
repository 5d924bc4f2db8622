"""Requests from CSV: every bad cell is named, nothing half done, nothing twice."""

from datetime import date

import pytest

from concord import audit
from concord.actor import Actor, Role
from concord.cli.actors import operator
from concord.cli.imports import bring_requests
from concord.cli.imports.requests import read_requests
from concord.cli.imports.storing import Outcome
from concord.cli.imports.table import Problem
from concord.inputs import BIDI, CONTROLS
from concord.reference.queries import code_lists
from concord.requests.models import Request, RequestItem
from concord.requests.states import Confidentiality, RequestState
from concord.requests.values import DraftValues, ItemValues
from tests.cli.samples import REQUEST, as_csv, sample
from tests.conftest import NOW
from tests.factories import people

OPERATOR = operator(Role.COORDINATOR)


async def bring(
    content: bytes, *, skip_bad: bool = False, as_open: str = "", actor: Actor = OPERATOR
) -> Outcome:
    return await bring_requests(
        content, skip_bad=skip_bad, as_open=as_open, source="A file", actor=actor, now=NOW
    )


@pytest.mark.parametrize(
    ("column", "cell", "words"),
    [
        ("external_id", "", "Enter a value."),
        ("state", "", "Enter a value."),
        ("state", "XXX", "“XXX” is not the ISO 3166-1 alpha-3 code"),
        ("state", "QM", "“QM” is not the ISO 3166-1 alpha-3 code"),
        ("co_states", "QNN;ZZZ", "“ZZZ”"),
        ("co_states", "QMM", "already makes this request"),
        ("title", "", "Enter a value."),
        ("title", "a" * 301, "300 characters"),
        ("title", "two\nlines", CONTROLS),
        ("title", "a\u202eb", BIDI),
        ("description", " ", "Enter a value."),
        ("description", "a\x00b", CONTROLS),
        ("description", "a" * 20_001, "20000 characters"),
        ("language", "klingon!", "BCP 47"),
        ("language", "en;fr", "Choose one"),
        ("topics", "INV.99", "“INV.99” is not a topic"),
        ("topics", "INV", "“INV” is a group"),
        ("topics", "", "An item needs a topic"),
        ("modality", "", "form of assistance"),
        ("modality", "seminar", "“seminar” is not in the list"),
        ("quantity", "many", "whole number from 1"),
        ("quantity", "0", "whole number from 1"),
        ("quantity", "9" * 30, "whole number from 1"),
        ("unit", "pieces", "“pieces” is not in the list"),
        ("starts_on", "01/03/2027", "year-month-day"),
        ("starts_on", "2027-02-30", "year-month-day"),
        ("ends_on", "2027-02-01", "must not be before the start"),
        ("confidentiality", "secret", "“secret” is not in the list"),
        ("urgent", "very", "“very” is not in the list"),
    ],
)
async def test_bad_cell_is_named_and_nothing_is_imported(
    database: None, column: str, cell: str, words: str
) -> None:
    good = REQUEST | {"external_id": "A-0"}

    outcome = await bring(as_csv(good, REQUEST | {column: cell}))

    [problem] = outcome.problems
    assert (problem.line, problem.column) == (3, column)
    assert words in problem.reason
    assert (outcome.written, await Request.all().count()) == (False, 0)


async def test_every_problem_of_every_row_is_named(database: None) -> None:
    bad = REQUEST | {"state": "XXX", "quantity": "-1", "starts_on": "soon"}

    outcome = await bring(as_csv(bad, REQUEST | {"external_id": "A-2", "title": ""}))

    assert [(problem.line, problem.column) for problem in sorted(outcome.problems)] == [
        (2, "quantity"),
        (2, "starts_on"),
        (2, "state"),
        (3, "title"),
    ]


async def test_skip_bad_imports_the_rest(database: None) -> None:
    outcome = await bring(
        as_csv(REQUEST, REQUEST | {"external_id": "A-2", "state": "XXX"}), skip_bad=True
    )

    assert (outcome.created, outcome.written, len(outcome.problems)) == (1, True, 1)
    assert [request.external_id for request in await Request.all()] == ["A-1"]


async def test_record_with_one_bad_row_is_left_out_as_a_whole(database: None) -> None:
    content = as_csv(REQUEST, REQUEST | {"quantity": "x"}) + b"A-1\n"

    outcome = await bring(content, skip_bad=True)

    assert (outcome.created, await Request.all().count()) == (0, 0)
    assert [problem.line for problem in outcome.problems] == [3, 4]


async def test_request_lands_as_a_draft_marked_imported(database: None) -> None:
    await bring(as_csv(REQUEST, REQUEST | {"topics": "JUS.05", "quantity": "8"}))

    request = await Request.get(external_id="A-1")
    items = await RequestItem.filter(request_id=request.id).order_by("position")
    assert (request.state, request.import_source) == (RequestState.DRAFT, "A file")
    assert (request.lead_state_id, request.starts_on) == ("QMM", date(2027, 3, 1))
    assert request.tags == ["EVD.02"]
    assert [(item.topic_id, item.quantity, item.beneficiary_id) for item in items] == [
        ("INV.02", 40, "police"),
        ("JUS.05", 8, "police"),
    ]


async def test_only_four_columns_are_needed(database: None) -> None:
    needed = ("external_id", "state", "title", "description")

    outcome = await bring(as_csv({name: REQUEST[name] for name in needed}))

    request = await Request.get(external_id="A-1")
    assert (outcome.created, await RequestItem.all().count()) == (1, 0)
    assert request.confidentiality is Confidentiality.PARTNERS


async def test_second_import_adds_nothing(database: None) -> None:
    await bring(as_csv(REQUEST))

    outcome = await bring(as_csv(REQUEST))

    assert (outcome.created, outcome.present) == (0, 1)
    assert await Request.all().count() == 1


async def test_html_stays_text(database: None) -> None:
    hostile = "<script>alert(1)</script>"

    await bring(as_csv(REQUEST | {"title": hostile, "description": hostile}))

    request = await Request.get(external_id="A-1")
    assert (request.title, request.description) == (hostile, hostile)


async def test_rows_of_one_record_must_agree(database: None) -> None:
    outcome = await bring(as_csv(REQUEST, REQUEST | {"title": "Something else"}))

    assert outcome.problems == [
        Problem(3, "title", "This is not what line 2 says of the same record.")
    ]


async def test_topics_without_modality_are_tags() -> None:
    row = {name: REQUEST[name] for name in ("external_id", "state", "title", "description")}

    _, [record] = read_requests(as_csv(row | {"topics": "INV.02;JUS.05"}), await code_lists())

    assert record.values == DraftValues(
        lead_state="QMM",
        title=REQUEST["title"],
        description=REQUEST["description"],
        working_languages=("en",),
        tags=("INV.02", "JUS.05"),
    )


async def test_item_is_read_whole(database: None) -> None:
    _, [record] = read_requests(as_csv(REQUEST), await code_lists())

    assert record.values.items == (
        ItemValues(
            topic="INV.02",
            modality="training_course",
            beneficiary="police",
            institution="National Police of QM",
            quantity=40,
            unit="training_places",
        ),
    )


async def test_opening_at_once_is_a_coordinators_and_audited(database: None) -> None:
    coordinator = await people.coordinator("QMM")

    await bring(as_csv(REQUEST), as_open="Agreed on paper", actor=coordinator)

    request = await Request.get(external_id="A-1")
    entry = await audit.AuditEntry.get(subject_id=request.id)
    assert request.state is RequestState.OPEN
    assert (entry.person_id, entry.action) == (coordinator.person_id, "request.import_open")


async def test_coordinator_of_other_states_is_refused_row_by_row(database: None) -> None:
    coordinator = await people.coordinator("QNN")

    outcome = await bring(as_csv(REQUEST), as_open="Agreed", actor=coordinator)

    assert [problem.line for problem in outcome.problems] == [2]
    assert (outcome.written, await Request.all().count()) == (False, 0)


async def test_sample_imports_whole(database: None) -> None:
    outcome = await bring(sample("requests"))

    assert (outcome.created, outcome.problems) == (38, [])
