"""Sample content for the gallery of components, and a request to show it with."""

from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from typing import Any
from uuid import UUID

from starlette.applications import Starlette
from starlette.requests import Request

from concord.actor import PUBLIC, Actor, Role, Seat
from concord.web.elements import (
    Capacity,
    Column,
    Comparison,
    Contribution,
    Fact,
    NavItem,
    Progress,
    QueueRow,
    Step,
    Task,
    TaskStatus,
    Tile,
)
from concord.web.labels import STATES
from concord.web.pagination import Page, Window

NOW = datetime(2027, 1, 11, 9, 0, tzinfo=UTC)
SESSION_MARK = "sample"
SEATS = (
    Seat(UUID(int=1), Role.COORDINATOR, UUID(int=9), "Illustrative Secretariat"),
    Seat(UUID(int=2), Role.APPROVER, UUID(int=9), "Illustrative Secretariat"),
)
COORDINATOR = Actor(
    person_id=UUID(int=7),
    name="Sample Coordinator",
    role=Role.COORDINATOR,
    membership_id=UUID(int=1),
    organization_id=UUID(int=9),
    organization_name="Illustrative Secretariat",
    seats=SEATS,
)
NAVIGATION = [
    NavItem("Home", "/"),
    NavItem("Workbench", "/workbench", current=True, count=12),
    NavItem("Requests", "/requests"),
    NavItem("Offers", "/offers"),
    NavItem("Matches", "/matches", count=3),
    NavItem("Organizations", "/organizations"),
]


def gallery_request(
    *, query: str = "sort=-title&state=open&page=4", signed_in: bool = True
) -> Request:
    """A request as the routes would have prepared it."""
    app = Starlette()
    app.state.navigation = lambda request: NAVIGATION
    app.state.settings = SimpleNamespace(demo=True)
    scope: dict[str, Any] = {
        "type": "http",
        "method": "GET",
        "path": "/gallery",
        "query_string": query.encode(),
        "headers": [(b"host", b"concord.test")],
        "server": ("concord.test", 80),
        "scheme": "http",
        "app": app,
    }
    request = Request(scope)
    request.state.actor = COORDINATOR if signed_in else PUBLIC
    request.state.csrf_token = SESSION_MARK
    request.state.now = NOW
    request.state.flashes = [
        ("success", "The request was opened and its pairings are being ranked.")
    ]
    request.state.unread = 4
    request.state.waiting = 2
    return request


def gallery_context(layout: str) -> dict[str, Any]:
    errors = {
        "topic": "Choose a topic from the list",
        "quantity": "Enter a number from 1 to 5,000",
    }
    return {"layout": layout, "errors": errors if layout == "form" else {}, "sample": sample()}


def sample() -> dict[str, Any]:
    return _words() | _forms() | _lists() | _case()


def _words() -> dict[str, Any]:
    return {
        "title": "Components",
        "hero": "Requests for assistance meet those who can provide it",
        "lead": "States say what they need. Partners say what they can give. The secretariat"
        " brings the two together, step by step and on the record.",
        "action": "Propose this match",
        "other_action": "Compare",
        "state": "Illustrative State QM",
        "at": NOW - timedelta(days=3, hours=2),
        "soon": date(2027, 1, 13),
        "late": date(2027, 1, 6),
        "crumbs": [("Home", "#"), ("Requests", "#"), ("Open", "#")],
        "form_title": "What is needed",
        "queue": "Waiting for you",
        "pairings": "Ranked pairings",
        "offer": "Digital evidence laboratory, two-week residential course",
        "duplicate": "This may repeat an earlier request",
        "empty": "No requests are waiting",
        "notice": "The period ends on 18 January",
        "text": "Former quarante magistrats à l’examen de la preuve électronique.\n"
        "Les cours se tiendront à la capitale et dans deux régions.",
        "text_lang": "fr",
    }


def _forms() -> dict[str, Any]:
    return {
        "labels": {
            "title": "Title",
            "outcome": "Expected outcome",
            "modality": "Modality",
            "topic": "Topic",
            "quantity": "How many people",
            "starts": "Earliest start",
            "class": "Who may see this request",
            "languages": "Working languages",
            "note": "Note verbale",
            "email": "E-mail address",
            "password": "Password",
            "code": "Six-digit code",
            "sure": "I have the authority to submit this request",
            "score": "Score",
            "words": "Words",
            "state": "State",
            "request": "Request",
            "offer": "Offer",
            "steps": "Steps",
            "capacity": "Capacity",
            "tasks": "Task list",
            "facts": "Summary",
        },
        "hint": "One sentence that a colleague in another country would understand.",
        "options": [
            ("a", "Digital forensics"),
            ("b", "Electronic evidence"),
            ("c", "Mutual legal assistance"),
        ],
        "radios": [
            ("public", "Everyone", "A summary that you approve may be published."),
            ("partners", "Verified partners", "Circulated to providers that UNODC has verified."),
            ("restricted", "UNODC and those I name"),
        ],
        "unit": "participants",
        "chips": [("state", "open", "State: open")],
    }


def _lists() -> dict[str, Any]:
    return {
        "rows": [
            _row(
                "REQ-7K3Q-9D",
                "Training of judges and prosecutors in electronic evidence",
                "open",
                urgent=True,
            ),
            _row(
                "REQ-2MW8-4T",
                "Laboratoire de criminalistique numérique",
                "submitted",
                lang="fr",
                days=2,
            ),
            _row(
                "REQ-90FX-1C",
                "مراجعة التشريعات المتعلقة بالجريمة السيبرانية",
                "no_objection",
                lang="ar",
            ),
            _row(
                "REQ-5RTB-8V",
                "Review of draft legislation",
                "returned",
                confidentiality="sealed",
                days=-2,
            ),
            _row("REQ-4HJN-6Z", "培训网络安全应急响应小组", "partially_met", lang="zh", days=9),
        ],
        "columns": [
            Column("Title", sort="title"),
            Column("Status", sort="state"),
            Column("State"),
            Column("People", sort="quantity", numeric=True),
            Column("Updated", sort="updated"),
        ],
        "page": Page(rows=range(25), total=1240, window=Window(4, "title", descending=True)),
        "tabs": [
            NavItem("Overview", "#", current=True),
            NavItem("Pairings", "#", count=12),
            NavItem("Clarifications", "#"),
            NavItem("History", "#"),
        ],
        "tiles": [
            Tile("Waiting for you", 12, "#", "3 overdue"),
            Tile("Open requests", 1240, "#"),
            Tile("Published offers", 318, "#"),
            Tile("Matches approved", 96, note="since 1 January"),
            Tile("Unmatched for 90 days", 7, "#", tone="warn"),
        ],
        "states": [(machine, state) for machine, states in STATES.items() for state in states],
    }


def _row(public_id: str, title: str, state: str, *, days: int = 0, **more: Any) -> QueueRow:
    until = (NOW + timedelta(days=days)).date() if days else None
    details = ("Illustrative State QM", "40 participants")
    since = NOW - timedelta(hours=5)
    return QueueRow(
        "#",
        public_id,
        title,
        "request",
        state,
        details,
        since,
        until,
        selected=state == "open",
        **more,
    )


def _case() -> dict[str, Any]:
    ago = NOW - timedelta(days=6)
    return {
        "facts": [
            Fact("Requested by", "Illustrative State QM", "#"),
            Fact("Institution", "Judicial training institute", "#", "Beneficiary of 2 items"),
            Fact("People", 1240, "#"),
            Fact("What exists already", "", "#"),
        ],
        "steps": [
            Step("Proposed", Progress.DONE, who="Sample Coordinator", at=ago),
            Step(
                "State consented",
                Progress.DONE,
                who="Sample Focal Point",
                at=NOW - timedelta(days=2),
            ),
            Step(
                "Accepted by partner",
                Progress.WAITING,
                waiting_for="Illustrative Forensics Institute",
                since=NOW - timedelta(days=2),
                until=date(2027, 1, 26),
            ),
            Step("Approved", Progress.UPCOMING),
            Step("Declined", Progress.STOPPED, note="A reason is kept with the case."),
        ],
        "capacity": Capacity(120, delivered=20, reserved=35, held=25, unit="participants"),
        "contributions": [
            Contribution("Topic", 0.96, "Same topic: electronic evidence"),
            Contribution("Language", 0.7, "French, one of two working languages"),
            Contribution("Window", 0.42, "The offer starts three weeks late"),
        ],
        "signed": [
            Contribution("Topic", 0.6, "Same topic"),
            Contribution("Window", -0.3, "Too late"),
        ],
        "tasks": [
            Task("What is needed", "#", TaskStatus.DONE),
            Task("Who will benefit", "#", TaskStatus.INCOMPLETE, "Name at least one institution."),
            Task("What exists already", "#", TaskStatus.ERROR),
            Task("Excluded providers", "#", TaskStatus.OPTIONAL),
            Task("Check and submit", "#", TaskStatus.BLOCKED),
        ],
        "comparison": [
            Comparison("Topic", "Electronic evidence", "Electronic evidence", "same"),
            Comparison(
                "Languages", "French, Arabic", "English, French", "near", "French in common"
            ),
            Comparison(
                "Window",
                "February to May 2027",
                "from June 2027",
                "differs",
                "Starts one month late",
            ),
            Comparison("Participants", "40", "up to 60"),
        ],
    }
