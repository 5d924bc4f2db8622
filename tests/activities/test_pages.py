"""Pages of external activities: who sees which, filters, provenance, and naming a State."""

from uuid import uuid4

import pytest

from concord.activities.models import ExternalActivity, ImportedName
from concord.actor import Role
from tests.activities.iati_files import PUBLISHER, activities, activity, as_file
from tests.cli.iati import bring
from tests.conftest import SignIn
from tests.counting import counted_queries
from tests.factories import people
from tests.sheets import lines_of

WAITING = '<recipient-country code="ZZ"><narrative>Atlantis</narrative></recipient-country>'


async def test_a_coordinator_filters_sorts_and_downloads(sign_in: SignIn) -> None:
    await bring(as_file(*activities(30)))
    browser = await sign_in(await people.member(Role.COORDINATOR))

    page = (await browser.get("/activities")).text
    assert page.count("An illustrative project") == 25
    assert "Illustrative State QM" in page
    asked = {
        "state=QNN": 10,
        "topic=EVD.02": 10,
        "topic=EVD": 10,
        f"publisher={PUBLISHER}": 30,
        "publisher=other": 0,
        "q=project+29": 1,
        "since=2029-01-01": 3,
        "until=2020-12-31": 4,
        "since=nonsense&state=XX": 30,
    }
    for query, count in asked.items():
        rows = lines_of((await browser.get(f"/activities?{query}&format=csv")).text)
        assert len(rows) - 1 == count, query
    first = (await browser.get("/activities?sort=-title&q=project+2")).text
    assert first.index("project 29") < first.index("project 20")


async def test_a_state_sees_its_own_and_a_provider_all(sign_in: SignIn) -> None:
    await bring(as_file(*activities(3)))
    other = await ExternalActivity.get(state_id="QNN")
    own = await ExternalActivity.get(state_id="QMM")
    state = await sign_in(await people.member(Role.FOCAL_POINT, await people.organization()))
    provider = await sign_in(await people.member(Role.PARTNER_MEMBER, await people.provider()))

    assert (await state.get("/activities?format=csv")).text.count(PUBLISHER + "-") == 1
    assert (await state.get(f"/activities/{own.id}")).status_code == 200
    assert (await state.get(f"/activities/{other.id}")).status_code == 404
    assert len(lines_of((await state.get("/activities?state=QNN&format=csv")).text)) == 1
    seen = await provider.get(f"/activities/{other.id}")
    assert seen.status_code == 200
    assert "Where this comes from" not in seen.text


async def test_provenance_is_shown_to_the_secretariat(sign_in: SignIn) -> None:
    await bring(as_file(activity(0)))
    found = await ExternalActivity.get()
    browser = await sign_in(await people.member(Role.AUDITOR))

    page = (await browser.get(f"/activities/{found.id}")).text

    for words in ("Where this comes from", "file.xml", "75%", "Carries it out", "Un projet d"):
        assert words in page


@pytest.mark.parametrize("role", [Role.DONOR])
async def test_others_find_nothing(sign_in: SignIn, role: Role) -> None:
    await bring(as_file(activity(0)))
    found = await ExternalActivity.get()
    browser = await sign_in(await people.member(role, await people.organization()))

    for address in ("/activities", f"/activities/{found.id}", f"/activities/{uuid4()}"):
        assert (await browser.get(address)).status_code == 404


async def test_pages_ask_few_queries(sign_in: SignIn) -> None:
    await bring(as_file(*activities(20), activity(21, places=WAITING)))
    found = await ExternalActivity.get(names__contains=["atlantis"])
    browser = await sign_in(await people.member(Role.ADMIN))
    for address, most in (
        ("/activities", 6),
        (f"/activities/{found.id}", 3),
        ("/activities/names", 4),
    ):
        await browser.get(address)
        with counted_queries() as queries:
            assert (await browser.get(address)).status_code == 200
        assert len(queries) <= most, (address, len(queries))


async def test_a_person_says_which_state_is_meant(sign_in: SignIn) -> None:
    await bring(as_file(activity(0, places=WAITING)))
    name = await ImportedName.get()
    browser = await sign_in(await people.member(Role.COORDINATOR))
    address = f"/activities/names/{name.id}"

    assert "1 imported name waits" in (await browser.get("/activities")).text
    assert "Atlantis" in (await browser.get("/activities/names")).text
    assert "An illustrative project 0" in (await browser.get(address)).text
    refused = await browser.post(f"{address}/answer", data={"answer": "state", "version": "1"})
    assert (refused.status_code, "Choose the State" in refused.text) == (422, True)
    taken = await browser.post(
        f"{address}/answer", data={"answer": "state", "state": "QRR", "version": "1"}
    )
    assert taken.headers["location"] == "/activities/names"
    assert (await ExternalActivity.get()).states == ["QRR"]
    stale = await browser.post(f"{address}/answer", data={"answer": "not_a_state", "version": "1"})
    assert stale.status_code == 409
    assert "What is stored now" in stale.text
    assert "Atlantis" in (await browser.get("/activities/names?view=answered")).text


@pytest.mark.parametrize("role", [Role.APPROVER, Role.AUDITOR, Role.FOCAL_POINT])
async def test_nobody_else_names_states(sign_in: SignIn, role: Role) -> None:
    await bring(as_file(activity(0, places=WAITING)))
    name = await ImportedName.get()
    place = await people.organization() if role is Role.FOCAL_POINT else None
    browser = await sign_in(await people.member(role, place))

    for address in ("/activities/names", f"/activities/names/{name.id}"):
        assert (await browser.get(address)).status_code == 404
    answered = await browser.post(
        f"/activities/names/{name.id}/answer", data={"answer": "not_a_state", "version": "1"}
    )
    assert answered.status_code == 404
