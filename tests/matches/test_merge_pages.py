"""The pages of a merger: compared side by side, asked, confirmed, and pointed to."""

import pytest

from concord.actor import Role
from concord.duplicates.models import DuplicateFlag
from concord.requests.actions import ask_merge
from concord.requests.models import Request
from concord.requests.states import Confidentiality, RequestState
from tests.conftest import NOW
from tests.counting import counted_queries
from tests.factories import people
from tests.factories.matches import approved, cast, open_request
from tests.matches.conftest import Browse

pytestmark = pytest.mark.usefixtures("app")
C = Confidentiality
S = RequestState


def form(request: Request, **typed: str) -> dict[str, str]:
    return {"version": str(request.version), "idempotency_key": "1", **typed}


async def again(request: Request) -> Request:
    return await Request.get(id=request.id)


async def test_from_the_question_to_one_request(browse: Browse) -> None:
    players = await cast()
    one, other = await open_request(title="FIRST"), await open_request(title="SECOND")
    office, state = await browse(players.coordinator), await browse(players.focal_point)
    address = f"/requests/{one.public_id}/merge"

    assert f'href="{address}"' in (await office.get(f"/requests/{one.public_id}")).text
    page = await office.get(address)
    assert (page.status_code, other.public_id in page.text) == (200, True)
    page = await office.get(f"{address}?survivor={other.public_id}")
    assert "FIRST" in page.text
    assert "SECOND" in page.text
    answer = await office.post(address, data=form(one, survivor=other.public_id))
    assert (answer.status_code, answer.headers["location"]) == (
        303,
        f"/requests/{one.public_id}",
    )

    assert f'href="{address}"' in (await state.get(f"/requests/{one.public_id}")).text
    page = await state.get(address)
    assert "SECOND" in page.text
    assert 'value="confirm"' in page.text
    answer = await state.post(
        f"{address}/confirmation", data=form(await again(one), decision="confirm")
    )
    assert answer.status_code == 303
    assert (await again(one)).state is S.MERGED
    for browser in (state, office):
        page = await browser.get(f"/requests/{one.public_id}")
        assert f'href="/requests/{other.public_id}"' in page.text
        assert "merged into another" in page.text


async def test_a_state_declines_and_a_coordinator_takes_it_back(browse: Browse) -> None:
    players = await cast()
    one, other = await open_request(), await open_request()
    office, state = await browse(players.coordinator), await browse(players.focal_point)
    address = f"/requests/{one.public_id}/merge"
    await ask_merge(one, other, version=1, actor=players.coordinator, now=NOW)
    sent = form(await again(one), decision="decline", note="Not the same")
    assert (await state.post(f"{address}/confirmation", data=sent)).status_code == 303
    assert (await again(one)).merge_asked_into_id is None

    await ask_merge(one, other, version=3, actor=players.coordinator, now=NOW)
    stale = await office.post(f"{address}/withdrawal", data=form(one, note="KEEPME"))
    assert stale.status_code == 409
    answer = await office.post(f"{address}/withdrawal", data=form(await again(one)))
    assert answer.status_code == 303
    assert (await again(one)).merge_asked_into_id is None


async def test_what_cannot_be_is_said_and_changes_nothing(browse: Browse) -> None:
    players = await cast()
    one, other = await open_request(), await open_request()
    abroad = await open_request("QNN")
    browser = await browse(await people.coordinator("QMM"))
    address = f"/requests/{one.public_id}/merge"
    for survivor, status in (
        ("", 422),
        ("REQ-0000-00", 422),
        (abroad.public_id, 422),
        (one.public_id, 409),
    ):
        answer = await browser.post(address, data=form(one, survivor=survivor))
        assert answer.status_code == status
    await approved(players, request=one)
    answer = await browser.post(address, data=form(await again(one), survivor=other.public_id))
    assert answer.status_code == 409
    assert "approved" in answer.text
    assert (await again(one)).merge_asked_into_id is None


async def test_others_neither_see_nor_touch_it(browse: Browse) -> None:
    players = await cast()
    one, other = await open_request(), await open_request()
    await ask_merge(one, other, version=1, actor=players.coordinator, now=NOW)
    address = f"/requests/{one.public_id}/merge"
    drafter = await people.member(Role.DRAFTER, await people.organization(state="QMM"))
    for actor, status in (
        (players.partner, 403),
        (await people.focal_point("QNN"), 404),
        (await people.coordinator("QNN"), 404),
        (await people.actor(drafter), 404),
    ):
        browser = await browse(actor)
        for path in (address, f"{address}/confirmation", f"{address}/withdrawal"):
            answer = await browser.post(path, data=form(one))
            assert answer.status_code == status
        assert (await browser.get(address)).status_code == status
    page = await (await browse(players.partner)).get(f"/requests/{one.public_id}")
    assert page.status_code == 200
    assert other.public_id not in page.text
    assert address not in page.text


async def test_a_merged_request_does_not_betray_a_sealed_survivor(browse: Browse) -> None:
    """The survivor was sealed: who is not named for it reads that it merged, not into what."""
    players = await cast()
    sealed = await open_request(
        title="CANARY",
        confidentiality=C.SEALED,
        circulated_at=None,
        assigned=[(players.coordinator, Role.COORDINATOR)],
    )
    one = await open_request(state="QMM", merged_into_id=sealed.id)
    await Request.filter(id=one.id).update(state=S.MERGED)
    stranger = await browse(await people.coordinator())
    named = await browse(players.coordinator)

    assert sealed.public_id not in (await stranger.get(f"/requests/{one.public_id}")).text
    assert sealed.public_id in (await named.get(f"/requests/{one.public_id}")).text
    other = await open_request()
    page = await stranger.get(f"/requests/{other.public_id}/merge?survivor={sealed.public_id}")
    assert "CANARY" not in page.text
    answer = await stranger.post(
        f"/requests/{other.public_id}/merge", data=form(other, survivor=sealed.public_id)
    )
    assert answer.status_code == 422


async def test_the_same_leads_to_the_merger(browse: Browse) -> None:
    players = await cast()
    one, other = await open_request(), await open_request()
    left, right = sorted((one.id, other.id))
    flag = await DuplicateFlag.create(
        kind="request_request", left_id=left, right_id=right, score=0.9, verdict="likely"
    )
    browser = await browse(players.coordinator)
    answer = await browser.post(
        f"/duplicates/{flag.id}/answer", data={"answer": "same", "idempotency_key": "1"}
    )
    assert answer.status_code == 303
    assert "/merge?survivor=REQ-" in answer.headers["location"]
    assert (await browser.get(answer.headers["location"])).status_code == 200


async def test_pages_of_a_merger_cost_few_queries(browse: Browse) -> None:
    players = await cast()
    one, other = await open_request(), await open_request()
    await ask_merge(one, other, version=1, actor=players.coordinator, now=NOW)
    browser = await browse(players.focal_point)
    await browser.get("/requests")
    with counted_queries() as queries:
        await browser.get(f"/requests/{one.public_id}/merge")
    assert len(queries) == 5
