"""Hostile input gets a clear 4xx, loses nothing typed, and learns nothing."""

import re
from uuid import uuid4

import pytest

from concord.actor import Role
from concord.requests.models import Request
from concord.requests.states import Confidentiality, RequestState
from tests.conftest import Client, SignIn
from tests.factories import requests as make
from tests.factories.people import member, organization, provider

pytestmark = pytest.mark.usefixtures("database")
C = Confidentiality
KEYS = re.compile(r'name="idempotency_key" value="[^"]*"|[0-9a-f]{16}\.[0-9a-f]{64}')
S = RequestState


async def focal(sign_in: SignIn, state: str = "QMM") -> Client:
    return await sign_in(await member(Role.FOCAL_POINT, await organization(state=state)))


@pytest.mark.parametrize(
    ("field", "text", "said"),
    [
        ("description", "x" * 1_000_000, "Shorten this to 20000 characters or fewer"),
        ("title", "x" * 301, "Shorten this to 300 characters or fewer"),
        ("title", "abc\u202edef", "invisible characters that change the direction"),
        ("title", "a\x00b", "Remove the control characters"),
        ("title", "", "Enter a value"),
        ("language", "not a language", "Choose one of the options"),
        ("tags", "NOPE", "Choose one of the options"),
    ],
)
async def test_bad_fields_are_explained_and_kept(
    sign_in: SignIn, field: str, text: str, said: str
) -> None:
    browser = await focal(sign_in)
    request = await make.draft()
    typed = {"title": "My title", "description": "My words", "language": "en", "version": "1"}

    page = await browser.post(
        f"/requests/{request.public_id}/draft/need", data=typed | {field: text}
    )

    assert page.status_code == 422
    assert said in page.text
    assert "Error:" in page.text
    kept = "My words" if field != "description" else "x" * 1000
    assert kept in page.text
    assert (await Request.get(id=request.id)).version == 1


async def test_html_is_shown_as_typed(sign_in: SignIn) -> None:
    browser = await focal(sign_in)
    request = await make.draft(title="<script>alert(1)</script>", description="<img src=x>")
    for path in ("", "/draft", "/draft/check", "/draft/need"):
        page = await browser.get(f"/requests/{request.public_id}{path}")
        assert page.status_code == 200
        assert "<script>alert" not in page.text
        assert "<img src=x>" not in page.text
        assert "&lt;script&gt;" in page.text


async def test_a_stale_form_shows_both_versions_and_can_be_sent_again(sign_in: SignIn) -> None:
    browser = await focal(sign_in)
    request = await make.draft(version=3, title="Stored by a colleague")
    at = f"/requests/{request.public_id}/draft/need"
    typed = {"title": "Typed by me", "description": "Mine", "language": "en", "version": "2"}

    page = await browser.post(at, data=typed)

    assert page.status_code == 409
    assert "Stored by a colleague" in page.text
    assert "Typed by me" in page.text
    assert 'name="version" value="3"' in page.text
    again = await browser.post(at, data=typed | {"version": "3"})
    assert again.status_code == 303
    assert (await Request.get(id=request.id)).title == "Typed by me"


async def test_a_page_saves_itself_while_one_types_and_is_not_in_its_own_way(
    sign_in: SignIn,
) -> None:
    browser = await focal(sign_in)
    request = await make.draft(outcome="")
    at = f"/requests/{request.public_id}/draft/outcome"
    typed = {"outcome": "Forty officers", "existing": "Nothing", "version": "1"}
    assert f'hx-post="{at}"' in (await browser.get(at)).text

    saved = await browser.post(at, data=typed, headers={"hx-request": "true"})

    assert saved.status_code == 200
    assert 'name="version" value="2"' in saved.text
    assert "Say what will be different afterwards." in saved.text  # too short to be complete
    again = await browser.post(at, data=typed)
    assert again.headers["location"].endswith("/draft/timing")
    assert (await Request.get(id=request.id)).outcome == "Forty officers"
    bad = await browser.post(
        at, data=typed | {"outcome": "a\x00b", "version": "2"}, headers={"hx-request": "true"}
    )
    assert bad.status_code == 422


async def test_a_form_without_a_version_is_stale(sign_in: SignIn) -> None:
    browser = await focal(sign_in)
    request = await make.draft()
    for version in ("", "-1", "one", "9" * 50):
        page = await browser.post(
            f"/requests/{request.public_id}/draft/outcome",
            data={"outcome": "Mine", "version": version},
        )
        assert page.status_code == 409
        assert "Mine" in page.text


async def test_a_draft_that_was_submitted_meanwhile_keeps_what_was_typed(
    sign_in: SignIn,
) -> None:
    browser = await focal(sign_in)
    request = await make.submitted()
    at = f"/requests/{request.public_id}/draft"
    page = await browser.post(f"{at}/outcome", data={"outcome": "Typed late", "version": "1"})

    assert page.status_code == 409
    assert "Typed late" in page.text
    assert (await browser.get(at)).headers["location"] == f"/requests/{request.public_id}"


async def test_a_repeated_click_creates_and_submits_once(sign_in: SignIn) -> None:
    browser = await focal(sign_in)
    data = {"title": "Once", "language": "en", "idempotency_key": "k1"}
    first = await browser.post("/requests/new", data=data)
    second = await browser.post("/requests/new", data=data)
    assert first.headers["location"] == second.headers["location"]
    assert await Request.filter(title="Once").count() == 1

    request = await make.draft()
    again = {"version": "1", "idempotency_key": "k2"}
    path = f"/requests/{request.public_id}/submission"
    answers = [await browser.post(path, data=again) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [303, 303]
    late = await browser.post(path, data=again | {"idempotency_key": "k3"})
    assert late.status_code == 409


async def test_commands_on_a_request_that_moved_are_conflicts(sign_in: SignIn) -> None:
    office, state = await sign_in(await member(Role.COORDINATOR)), await focal(sign_in)
    request = await make.open_request()
    at = f"/requests/{request.public_id}"

    review = await office.post(
        f"{at}/review",
        data={"decision": "accept", "circulation_text": "Typed by me", "version": "1"},
    )
    assert review.status_code == 409
    assert "Typed by me" in review.text
    said = await state.post(
        f"{at}/no-objection", data={"decision": "object", "note": "Too late", "version": "1"}
    )
    assert said.status_code == 409
    assert "Too late" in said.text


async def test_ids_of_others_are_refused_and_not_explained(sign_in: SignIn) -> None:
    state, stranger = await focal(sign_in), await member(Role.PARTNER_ADMIN, await provider())
    unverified = await organization(state="QNN")
    request = await make.draft()
    restricted = await make.open_request(confidentiality=C.RESTRICTED)
    sharing = f"/requests/{request.public_id}/draft/sharing"
    for data in (
        {"confidentiality": "sealed", "coordinators": str(stranger.person_id), "approver": ""},
        {"confidentiality": "partners", "excluded": str(uuid4())},
        {"confidentiality": "partners", "excluded": "'; DROP TABLE request; --"},
        {"confidentiality": "top secret"},
    ):
        page = await state.post(sharing, data=data | {"version": "1"})
        assert page.status_code == 422
    for organization_id in (str(unverified.id), str(uuid4()), "x", ""):
        page = await state.post(
            f"/requests/{restricted.public_id}/named-providers",
            data={"organization": organization_id, "version": "1"},
        )
        assert page.status_code == 422


@pytest.mark.parametrize(
    "path",
    ["", "/draft", "/draft/need", "/draft/items", "/draft/check", "/review", "/no-objection"],
)
async def test_unseen_and_unknown_requests_are_the_same_page(sign_in: SignIn, path: str) -> None:
    stranger = await focal(sign_in, "QNN")
    request = await make.open_request(confidentiality=C.SEALED)
    unseen = await stranger.get(f"/requests/{request.public_id}{path}")
    unknown = await stranger.get(f"/requests/REQ-0000-00{path}")

    assert unseen.status_code == unknown.status_code == 404
    plain = [KEYS.sub("", page.text) for page in (unseen, unknown)]
    assert plain[0].replace(request.public_id, "REQ-0000-00") == plain[1]


async def test_pages_that_are_seen_and_not_allowed_are_forbidden(sign_in: SignIn) -> None:
    partner = await sign_in(await member(Role.PARTNER_ADMIN, await provider()))
    observer = await sign_in(await member(Role.OBSERVER, await organization()))
    request, draft = await make.open_request(), await make.draft()
    at = f"/requests/{request.public_id}"
    for path in ("/draft", "/draft/need", "/review", "/no-objection", "/referral"):
        assert (await partner.get(f"{at}{path}")).status_code == 403, path
    for path in ("/draft/outcome", "/review", "/closure", "/publication", "/submission"):
        page = await partner.post(f"{at}{path}", data={"version": "1", "outcome": "Mine"})
        assert page.status_code in {403, 409}, path
        assert request.title not in page.text
    assert (await observer.get(f"/requests/{draft.public_id}/draft")).status_code == 403
    assert (await observer.get("/requests/new")).status_code == 403
    assert (await observer.post("/requests/new", data={"title": "Mine"})).status_code == 403
    assert (await Request.get(id=request.id)).state is S.OPEN


@pytest.mark.parametrize("path", ["/draft/nonsense", "/draft/items/9", "/draft/items/0"])
async def test_pages_that_do_not_exist(sign_in: SignIn, path: str) -> None:
    browser = await focal(sign_in)
    request = await make.draft()

    assert (await browser.get(f"/requests/{request.public_id}{path}")).status_code == 404


async def test_an_item_is_added_changed_and_taken_out(sign_in: SignIn) -> None:
    browser = await focal(sign_in)
    request = await make.draft()
    at = f"/requests/{request.public_id}/draft/items"
    item = {"topic": "EVD.02", "modality": "mentoring", "quantity": "3", "unit": "missions"}
    bad = await browser.post(f"{at}/new", data=item | {"quantity": "many", "version": "1"})
    assert bad.status_code == 422
    assert 'value="many"' in bad.text
    await browser.post(f"{at}/new", data=item | {"version": "1"})
    await browser.post(f"{at}/2", data=item | {"quantity": "4", "version": "2"})
    assert [one.quantity for one in await make.items_of(request)] == [40, 4]
    stale = await browser.post(f"{at}/2", data=item | {"quantity": "9", "version": "2"})
    assert stale.status_code == 409
    assert 'value="9"' in stale.text
    await browser.post(f"{at}/1/removal", data={"version": "3"})
    assert [one.quantity for one in await make.items_of(request)] == [4]
