"""The workbench: queue, case and candidates; who reaches it, and what it never says."""

from datetime import timedelta
from uuid import UUID

import pytest

from concord.actor import Role
from concord.duplicates.actions import flag
from concord.duplicates.models import DuplicateFlag
from concord.duplicates.values import FlagKind
from concord.matches.states import TERMINAL
from concord.offers.models import OfferSlot
from concord.organizations.states import OrganizationKind
from concord.pairings.values import ENDED
from concord.requests.states import Confidentiality
from tests.conftest import NOW, Client, SignIn
from tests.counting import counted_queries
from tests.factories import offers, people, requests
from tests.factories.rankings import ranked

OUTSIDE = [role for role in Role if role not in {Role.COORDINATOR, Role.APPROVER}]
HTMX = {"hx-request": "true"}


def main_of(page: str) -> str:
    """What a page says, without the frame that knows its own address."""
    return page.partition("<main")[2].partition("</main>")[0]


async def coordinator(sign_in: SignIn, *states: str) -> Client:
    return await sign_in(await people.member(Role.COORDINATOR, states=states))


async def test_an_empty_queue_says_what_will_come(sign_in: SignIn) -> None:
    page = await (await coordinator(sign_in)).get("/workbench")
    assert page.status_code == 200
    assert "The queue is empty" in page.text
    assert "No request is open" in page.text


async def test_the_queue_holds_what_one_serves(sign_in: SignIn) -> None:
    mine, other = await requests.submitted("QMM"), await requests.open_request("QNN")
    await requests.draft("QMM")
    page = await (await coordinator(sign_in, "QMM")).get("/workbench")
    assert page.text.count("data-queue-row") == 1
    assert mine.public_id in page.text
    assert other.public_id not in page.text
    assert f"/requests/{mine.public_id}/review" in page.text
    assert "Not ranked yet" in page.text


async def test_the_filter_stays_in_the_address(sign_in: SignIn) -> None:
    first = await requests.open_request(title="Seizure of devices")
    second = await requests.submitted(title="Drafting of laws")
    browser = await coordinator(sign_in)
    shown = (await browser.get("/workbench?q=seizure&state=open")).text
    assert f"/workbench?q=seizure&amp;state=open&amp;request={first.public_id}" in shown
    assert second.public_id not in shown
    assert "The queue is empty" in (await browser.get("/workbench?state=withdrawn")).text


async def test_candidates_are_ranked_and_explained(sign_in: SignIn) -> None:
    near = await offers.published(title="Course for first responders")
    far = await offers.published(title="Something else", slots=[("PRE.01", *offers.COURSE[1:])])
    opened = await requests.open_request()
    await ranked(opened)
    page = (await (await coordinator(sign_in)).get("/workbench")).text
    assert page.index(near.title) < page.index(far.title)
    assert "2 of 2 offers are possible" in page
    assert "Same topic: First responders" in page
    assert "20 training places for First responders" in page
    slot, item = (await offers.slots_of(near))[0], (await requests.items_of(opened))[0]
    assert f'name="line-0-item" value="{item.id}"' in page
    assert f'name="line-0-slot" value="{slot.id}"' in page
    assert 'name="starts_on" value="2027-03-01"' in page
    assert 'name="ends_on" value="2027-11-30"' in page


async def test_what_nearly_failed_is_said(sign_in: SignIn) -> None:
    made = await offers.published()
    await OfferSlot.filter(offer_id=made.id).update(held=15)
    await ranked(await requests.open_request())
    page = (await (await coordinator(sign_in)).get("/workbench")).text
    assert "Only just" in page
    assert "5 left of 40 asked for" in page


async def test_one_candidate_is_compared_side_by_side(sign_in: SignIn) -> None:
    made = await offers.published()
    opened = await requests.open_request()
    await ranked(opened)
    browser = await coordinator(sign_in)
    plain = (await browser.get("/workbench")).text
    assert f"compare={made.public_id}#comparison" in plain
    assert 'id="comparison"' not in plain
    shown = (await browser.get(f"/workbench?compare={made.public_id}")).text
    assert 'id="comparison"' in shown
    assert "40 training places" in shown
    assert "20 training places" in shown


async def test_a_pair_that_needs_a_second_thought_is_prepared(sign_in: SignIn) -> None:
    """UNODC's own programme needs a reason, another unit a ratio: no proposal in one step."""
    programme = await people.organization(OrganizationKind.SECRETARIAT, state=None)
    own = await offers.published(programme)
    other_unit = await offers.published(slots=[("INV.02", "training_course", 3, "expert_days")])
    opened = await requests.open_request()
    await ranked(opened)
    page = (await (await coordinator(sign_in)).get("/workbench")).text
    for made in (own, other_unit):
        assert f"/requests/{opened.public_id}/matches/new?offer={made.public_id}" in page
        assert f'name="offer" value="{made.public_id}"' not in page


async def test_why_an_offer_is_missing_is_said_but_never_an_exclusion(sign_in: SignIn) -> None:
    unwanted = await people.provider("Canary Excluded Institute")
    by_state = await offers.published(unwanted)
    by_provider = await offers.published(excluded=["QMM"])
    in_french = await offers.published(delivery_languages=["fr"])
    opened = await requests.open_request(excluded=[unwanted])
    await ranked(opened)
    browser = await coordinator(sign_in)
    shown = {}
    for made in (by_state, by_provider, in_french):
        page = await browser.get(f"/requests/{opened.public_id}/pairings?offer={made.public_id}")
        shown[made.id] = page.text.replace(made.public_id, "OFR")
    assert "Delivered in French, not in English" in shown[in_french.id]
    for silent in (shown[by_state.id], shown[by_provider.id]):
        assert "It cannot be proposed for this request" in silent
        assert "exclu" not in silent.lower()
        assert "Canary" not in silent
    unknown = await browser.get(f"/requests/{opened.public_id}/pairings?offer=OFR-0000-00")
    assert "No such offer" in unknown.text


async def test_where_the_nearest_alone_were_looked_at_it_says_so(sign_in: SignIn) -> None:
    for title in ("First", "Second"):
        await offers.published(title=title)
    opened = await requests.open_request()
    await ranked(opened, nearest=True)
    other = await offers.published(title="A third")
    browser = await coordinator(sign_in)
    page = await browser.get(f"/requests/{opened.public_id}/pairings?offer={other.public_id}")
    assert "2 of the 2 nearest offers are possible" in page.text
    assert "It is possible, but not among the best 50 of the 2 nearest" in page.text
    assert "the nearest in topic and meaning are looked at" in page.text
    await ranked(opened)
    page = await browser.get(f"/requests/{opened.public_id}/pairings?offer={other.public_id}")
    assert "3 of 3 offers are possible" in page.text


@pytest.mark.parametrize("role", OUTSIDE)
async def test_nobody_outside_reaches_it(sign_in: SignIn, role: Role) -> None:
    """Not even who sees the request: its pairings do not exist for them."""
    opened = await requests.open_request("QMM")
    await ranked(opened)
    kind = OrganizationKind.ACADEMIA if role.value.startswith("partner") else None
    place = await (people.organization(kind, state=None) if kind else people.organization())
    unodc = role in {Role.DUE_DILIGENCE, Role.AUDITOR, Role.ADMIN}
    browser = await sign_in(await people.member(role, None if unodc else place))
    unknown = await browser.get("/requests/REQ-0000-00/pairings")
    for path in ("/workbench", f"/requests/{opened.public_id}/pairings"):
        page = await browser.get(path)
        assert (page.status_code, main_of(page.text)) == (404, main_of(unknown.text))


async def test_an_approver_reads_pairings_and_proposes_nothing(sign_in: SignIn) -> None:
    await offers.published()
    opened = await requests.open_request()
    await ranked(opened)
    browser = await sign_in(await people.member(Role.APPROVER))
    page = await browser.get(f"/requests/{opened.public_id}/pairings")
    assert (page.status_code, "No. 1" in page.text) == (200, True)
    assert "/matches/new" not in page.text
    assert 'name="no_conflict"' not in page.text


async def test_a_sealed_request_exists_for_those_named_alone(sign_in: SignIn) -> None:
    named = await people.member(Role.COORDINATOR)
    await offers.published()
    sealed = await requests.open_request(
        confidentiality=Confidentiality.SEALED,
        coordinators=[named.person_id],
        title="Canary of a sealed request",
    )
    await ranked(sealed)
    mine = await (await sign_in(named)).get("/workbench")
    assert "Canary of a sealed request" in mine.text
    other = await coordinator(sign_in)
    queue = await other.get("/workbench")
    assert sealed.public_id not in queue.text
    assert "The queue is empty" in queue.text
    for path in (
        f"/requests/{sealed.public_id}/pairings",
        f"/workbench?request={sealed.public_id}",
    ):
        page = await other.get(path)
        assert (page.status_code, "Canary" in page.text) == (404, False)


async def test_a_duplicate_stands_side_by_side_and_holds_proposals_up(sign_in: SignIn) -> None:
    await offers.published()
    opened = await requests.open_request(title="The first of two")
    twin = await requests.submitted(title="The second of two", at=NOW - timedelta(days=1))
    await ranked(opened)
    made = await flagged(opened.id, twin.id)
    browser = await coordinator(sign_in)
    page = (await browser.get(f"/workbench?request={opened.public_id}")).text
    assert "These two may ask for the same" in page
    assert "The second of two" in page
    assert "Answer the duplicate warning first" in page
    assert 'name="no_conflict"' not in page
    answered = await browser.post(
        f"/duplicates/{made.id}/answer", data={"answer": "different", "next": "/workbench"}
    )
    assert (answered.status_code, answered.headers["location"]) == (303, "/workbench")
    page = (await browser.get(f"/workbench?request={opened.public_id}")).text
    assert 'name="no_conflict"' in page


async def test_a_duplicate_of_a_sealed_request_shows_to_nobody_else(sign_in: SignIn) -> None:
    opened = await requests.open_request()
    sealed = await requests.open_request(
        confidentiality=Confidentiality.SEALED, title="Canary of a sealed request"
    )
    await offers.published()
    await ranked(opened)
    made = await flagged(opened.id, sealed.id)
    browser = await coordinator(sign_in)
    page = (await browser.get(f"/workbench?request={opened.public_id}")).text
    assert "may ask for the same" not in page
    assert sealed.public_id not in page
    assert 'name="no_conflict"' in page
    refused = await browser.post(f"/duplicates/{made.id}/answer", data={"answer": "same"})
    assert refused.status_code == 404
    assert str(made.id) not in (await browser.get("/duplicates")).text


async def flagged(left: UUID, right: UUID) -> DuplicateFlag:
    made = await flag(
        FlagKind.REQUESTS,
        left,
        right,
        score=0.9,
        verdict="likely",
        agreeing=["owner"],
        model_version="test",
    )
    assert made is not None
    return made


async def test_htmx_is_answered_the_panes_alone(sign_in: SignIn) -> None:
    opened = await requests.open_request()
    browser = await coordinator(sign_in)
    page = await browser.get(f"/workbench?request={opened.public_id}", headers=HTMX)
    assert "<html" not in page.text
    assert 'hx-swap-oob="innerHTML:#queue"' in page.text
    assert 'hx-swap-oob="innerHTML:#pairings"' in page.text
    assert "<h1>" in page.text


async def test_the_number_of_queries_does_not_grow(sign_in: SignIn) -> None:
    browser = await coordinator(sign_in)
    counts = []
    for size in (1, 3):
        for _ in range(size):
            await offers.published()
        opened = await requests.open_request()
        await ranked(opened)
        for path in ("/workbench?request=", "/requests/"):
            address = f"{path}{opened.public_id}" + ("/pairings" if path[1] == "r" else "")
            with counted_queries() as queries:
                assert (await browser.get(address)).status_code == 200
            counts.append(len(queries))
    assert counts == [9, 8, 9, 8]  # the first look at a ranking is noted, and every reading


@pytest.mark.parametrize("hostile", ["%", "_", "\0", "x" * 10_000, "\u202eabc", "'; DROP", "<b>"])
async def test_hostile_words_find_nothing_and_break_nothing(sign_in: SignIn, hostile: str) -> None:
    await requests.open_request(title="Plain")
    browser = await coordinator(sign_in)
    for name in ("q", "state", "offer", "compare"):
        page = await browser.get("/workbench", params={name: hostile})
        assert page.status_code == 200 or (page.status_code == 400 and "\0" in hostile)
        assert "<b>" not in page.text
    page = await browser.get("/workbench", params={"request": hostile})
    assert page.status_code in ({200, 400} if "\0" in hostile else {404})


async def test_a_percent_sign_is_no_wildcard(sign_in: SignIn) -> None:
    await requests.open_request(title="Plain")
    browser = await coordinator(sign_in)
    assert "The queue is empty" in (await browser.get("/workbench", params={"q": "P%n"})).text
    assert "The queue is empty" in (await browser.get("/workbench", params={"q": "Pl_in"})).text


def test_matches_that_ended_are_those_of_the_machine() -> None:
    assert {state.value for state in TERMINAL} == ENDED
