"""The lists of offers: what each role finds, filters, order, pages and CSV."""

import pytest

from concord.actor import Role
from concord.offers.models import OfferSlot
from concord.offers.states import Funding
from concord.organizations.states import OrganizationKind
from tests.conftest import Client, SignIn
from tests.counting import counted_queries
from tests.factories import offers, people
from tests.sheets import rows_of

LEARNING = ("INV.02", "e_learning", None, "unlimited")


async def titles(client: Client, address: str) -> list[str]:
    """The titles on offer, as the CSV of the same filter has them."""
    response = await client.get(address + ("&" if "?" in address else "?") + "format=csv")
    assert response.status_code == 200
    rows = rows_of(response.text)
    return list(dict.fromkeys(row["title"] for row in rows))


async def test_public_list_shows_what_is_published_to_all(client: Client) -> None:
    for make in (offers.draft, offers.submitted, offers.returned, offers.expired):
        await make(title=f"Hidden {make.__name__}")
    await offers.published(title="Hidden directed", directed="QNN")
    await offers.published(title="Cours en ligne", language="fr", slots=[LEARNING])

    response = await client.get("/offers")

    assert response.status_code == 200
    assert '<bdi lang="fr">Cours en ligne</bdi>' in response.text
    assert "Unlimited" in response.text
    assert "Hidden" not in response.text
    assert "New offer" not in response.text


async def test_empty_lists_say_what_to_do(client: Client, sign_in: SignIn) -> None:
    provider = await sign_in(await people.member(Role.PARTNER_ADMIN, await people.provider()))
    coordinator = await sign_in(await people.member(Role.COORDINATOR))

    assert "Published offers appear here." in (await client.get("/offers")).text
    assert "Take off a filter" in (await client.get("/offers?q=nothing")).text
    assert "A draft is seen by your organization alone." in (await provider.get("/offers")).text
    assert "Nothing waits for review" in (await coordinator.get("/offers")).text


async def test_desk_shows_all_of_ones_own_with_what_is_taken(sign_in: SignIn) -> None:
    place = await people.provider()
    offer = await offers.published(place, title="Ours")
    await offers.draft(place, title="")
    await offers.published(title="Theirs")
    await OfferSlot.filter(offer_id=offer.id).update(held=3, reserved=4)
    browser = await sign_in(await people.member(Role.PARTNER_MEMBER, place))

    desk = (await browser.get("/offers")).text
    listed = (await browser.get("/offers?view=published")).text

    assert "16 of 20 free" in desk  # a hold that it was not asked about is not told
    assert "Untitled offer" in desk
    assert "Theirs" not in desk
    assert "Theirs" in listed
    assert "Ours" in listed
    assert "13 of 20 free" not in listed


async def test_review_queue_has_the_oldest_first(sign_in: SignIn) -> None:
    late = await offers.submitted(title="Second")
    first = await offers.submitted(title="First", due_at=late.submitted_at)
    await offers.published(title="Published")
    browser = await sign_in(await people.member(Role.COORDINATOR))

    assert await titles(browser, "/offers") == ["First", "Second"]
    assert f"/offers/{first.public_id}/review" in (await browser.get("/offers")).text
    assert set(await titles(browser, "/offers?view=all")) == {"First", "Second", "Published"}


async def test_state_finds_offers_directed_to_it(sign_in: SignIn) -> None:
    await offers.published(title="For QMM", directed="QMM")
    await offers.published(title="For QNN", directed="QNN")
    browser = await sign_in(await people.member(Role.FOCAL_POINT, await people.organization()))

    page = (await browser.get("/offers")).text

    assert "For QMM" in page
    assert "For QNN" not in page


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("q=EVIDENCE", {"Evidence"}),
        ("q=100%25", set()),
        ("topic=POL.01", {"Strategy"}),
        ("topic=POL", {"Strategy"}),
        ("topic=POL&modality=e_learning", set()),
        ("modality=e_learning", {"Evidence"}),
        ("language=ar", {"Strategy"}),
        ("region=Africa", {"Evidence", "Strategy"}),
        ("region=Western Africa", {"Evidence", "Strategy"}),
        ("region=Asia", {"Evidence"}),
        ("kind=state", {"Strategy"}),
        ("funding=none", {"Strategy"}),
        ("view=mine&state=draft&topic=NO&region=Atlantis&page=x&sort=y", {"Evidence", "Strategy"}),
    ],
)
async def test_filters_narrow_the_list(client: Client, query: str, found: set[str]) -> None:
    state = await people.organization(OrganizationKind.STATE, state="QNN")
    await offers.published(
        state,
        title="Strategy",
        slots=[("POL.01", "advisory_services", 5, "expert_days"), offers.COURSE],
        delivery_languages=["ar"],
        regions=["Western Africa"],
        funding=Funding.NONE,
    )
    await offers.published(title="Evidence", description="1000 x", slots=[LEARNING])

    if "state=draft" in query:
        found = set()
    assert set(await titles(client, f"/offers?{query}")) == found


async def test_order_and_pages(client: Client) -> None:
    for number in range(27):
        await offers.published(title=f"Course {number:02}")

    assert (await titles(client, "/offers?sort=title"))[:2] == ["Course 00", "Course 01"]
    assert (await titles(client, "/offers?sort=-title"))[0] == "Course 26"
    second = (await client.get("/offers?sort=title&page=2")).text
    assert ("Course 24" in second, "Course 25" in second) == (False, True)
    beyond = await client.get("/offers?page=9")
    assert beyond.status_code == 200


async def test_csv_has_a_row_for_each_slot_and_no_formula(client: Client) -> None:
    offer = await offers.published(
        title="=HYPERLINK(1)", regions=["Asia"], slots=[offers.COURSE, LEARNING], excluded=["QOO"]
    )

    response = await client.get("/offers?format=csv")

    rows = rows_of(response.text)
    shown = [(row["offer"], row["title"], row["capacity"], row["unit"]) for row in rows]
    assert shown == [
        (offer.public_id, "'=HYPERLINK(1)", "20", "training_places"),
        (offer.public_id, "'=HYPERLINK(1)", "", "unlimited"),
    ]
    assert "QOO" not in response.text


@pytest.mark.parametrize("number", [1, 3])
async def test_lists_cost_the_same_for_one_and_three(
    client: Client, sign_in: SignIn, number: int
) -> None:
    place = await people.provider()
    for _ in range(number):
        await offers.published(place, slots=[offers.COURSE, LEARNING])
        await offers.submitted(place)
    desk = await sign_in(await people.member(Role.PARTNER_ADMIN, place))
    queue = await sign_in(await people.member(Role.COORDINATOR))
    counts = []
    for browser in (client, desk, queue):
        await browser.get("/offers")
        with counted_queries() as queries:
            await browser.get("/offers")
        counts.append(len(queries))

    assert counts == [2, 3, 3]
