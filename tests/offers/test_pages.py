"""The page of one offer, its review, its questions, and what never leaves it."""

import pytest

from concord.actor import Role
from concord.offers.models import Offer, OfferClarification, OfferExclusion
from concord.offers.states import OfferState
from concord.organizations.states import OrganizationKind, Verification
from tests.conftest import Client, SignIn
from tests.counting import counted_queries
from tests.factories import offers, people
from tests.offers.forms import version_in
from tests.offers.reading import steps_of


async def state_of(offer: Offer) -> OfferState:
    return (await Offer.get(id=offer.id)).state


async def test_public_page_of_an_offer(client: Client) -> None:
    offer = await offers.published(
        title="دورة للمستجيبين", language="ar", conditions="Travel", past=["A course in 2025"]
    )

    page = await client.get(f"/offers/{offer.public_id}")

    assert page.status_code == 200
    for words in ("دورة للمستجيبين", "Original: Arabic", "20 training places", "A course in 2025"):
        assert words in page.text
    for words in ("Withdraw", "Submit for review", "Capacity", "Steps"):
        assert words not in page.text


async def test_partner_submits_from_the_page(sign_in: SignIn) -> None:
    place = await people.provider()
    offer = await offers.draft(place)
    browser = await sign_in(await people.member(Role.PARTNER_ADMIN, place))
    address = f"/offers/{offer.public_id}"
    version = await version_in(browser, address)

    sent = await browser.post(f"{address}/submission", data={"version": version})

    assert (sent.status_code, sent.headers["location"]) == (303, address)
    assert await state_of(offer) is OfferState.SUBMITTED
    again = await browser.post(f"{address}/submission", data={"version": version})
    assert again.status_code == 403


async def test_incomplete_draft_shows_its_form_with_what_is_missing(sign_in: SignIn) -> None:
    place = await people.provider()
    offer = await offers.draft(place, title="")
    browser = await sign_in(await people.member(Role.PARTNER_ADMIN, place))

    sent = await browser.post(f"/offers/{offer.public_id}/submission", data={"version": "1"})

    assert sent.status_code == 422
    assert "Give the offer a title." in sent.text
    assert f'action="/offers/{offer.public_id}/edit"' in sent.text


async def test_unverified_provider_is_told_what_is_missing(sign_in: SignIn) -> None:
    place = await people.organization(
        OrganizationKind.ACADEMIA, state=None, verification=Verification.SCREENING
    )
    offer = await offers.draft(place)
    browser = await sign_in(await people.member(Role.PARTNER_ADMIN, place))

    page = (await browser.get(f"/offers/{offer.public_id}")).text
    sent = await browser.post(f"/offers/{offer.public_id}/submission", data={"version": "1"})

    assert "has to be verified or recognized" in page
    assert sent.status_code == 409
    assert await state_of(offer) is OfferState.DRAFT


async def test_coordinator_reviews_and_publishes(sign_in: SignIn) -> None:
    offer = await offers.submitted(excluded=["QOO"])
    browser = await sign_in(await people.member(Role.COORDINATOR))
    address = f"/offers/{offer.public_id}"
    page = (await browser.get(f"{address}/review")).text

    sent = await browser.post(f"{address}/publication", data={"version": "1"})

    assert "Seen by the provider and UNODC alone." in page
    assert (sent.status_code, sent.headers["location"]) == (303, "/offers")
    assert await state_of(offer) is OfferState.PUBLISHED
    late = await browser.post(f"{address}/publication", data={"version": "1"})
    assert late.status_code == 409


async def test_returning_needs_a_reason_and_keeps_the_note(sign_in: SignIn) -> None:
    offer = await offers.submitted()
    browser = await sign_in(await people.member(Role.COORDINATOR))
    address = f"/offers/{offer.public_id}/return"

    refused = await browser.post(address, data={"version": "1", "note": "Which dates?"})
    stale = await browser.post(
        address,
        data={"version": "0", "note": "Kept", "reasons": "offer_returned.incomplete"},
    )
    sent = await browser.post(
        address,
        data={"version": "1", "note": "Which dates?", "reasons": "offer_returned.incomplete"},
    )

    assert (refused.status_code, "Which dates?" in refused.text) == (422, True)
    assert (stale.status_code, "Kept" in stale.text) == (409, True)
    assert sent.status_code == 303
    assert await steps_of(offer) == [("return", "submitted", "returned")]


async def test_provider_reads_why_and_not_by_whom(sign_in: SignIn) -> None:
    place = await people.provider()
    offer = await offers.submitted(place)
    officer = await people.member(Role.COORDINATOR)
    coordinator = await sign_in(officer)
    await coordinator.post(
        f"/offers/{offer.public_id}/return",
        data={"version": "1", "note": "Which dates?", "reasons": "offer_returned.incomplete"},
    )
    browser = await sign_in(await people.member(Role.PARTNER_MEMBER, place))

    page = (await browser.get(f"/offers/{offer.public_id}")).text

    await officer.fetch_related("person")
    assert "Details are missing" in page
    assert "Which dates?" in page
    assert officer.person.name not in page


@pytest.mark.parametrize("role", [Role.APPROVER, Role.DUE_DILIGENCE, Role.AUDITOR])
async def test_others_of_unodc_read_and_decide_nothing(sign_in: SignIn, role: Role) -> None:
    offer = await offers.submitted()
    browser = await sign_in(await people.member(role))
    address = f"/offers/{offer.public_id}"

    assert (await browser.get(address)).status_code == 200
    assert (await browser.get(f"{address}/review")).status_code == 403
    for verb in ("publication", "submission", "reconfirmation", "edit"):
        assert (await browser.post(f"{address}/{verb}", data={"version": "1"})).status_code in {
            403,
            409,
        }
    assert await state_of(offer) is OfferState.SUBMITTED


async def test_expired_offer_is_confirmed_again(sign_in: SignIn) -> None:
    place = await people.provider()
    offer = await offers.expired(place)
    browser = await sign_in(await people.member(Role.PARTNER_ADMIN, place))
    page = (await browser.get("/offers")).text

    sent = await browser.post(f"/offers/{offer.public_id}/reconfirmation", data={"version": "1"})

    assert "Confirm for another year" in page
    assert sent.status_code == 303
    assert await state_of(offer) is OfferState.PUBLISHED


async def test_question_and_answer_through_the_page(sign_in: SignIn, client: Client) -> None:
    place = await people.provider()
    offer = await offers.published(place)
    state = await people.organization(name="Illustrative Ministry")
    asker = await sign_in(await people.member(Role.FOCAL_POINT, state))
    provider = await sign_in(await people.member(Role.PARTNER_MEMBER, place))
    address = f"/offers/{offer.public_id}"
    typed = {"question": "In Arabic too?", "question_language": "en"}

    empty = await asker.post(f"{address}/clarifications", data=typed | {"question": " "})
    asked = await asker.post(f"{address}/clarifications", data=typed)
    question = await OfferClarification.get()
    seen = (await provider.get(address)).text
    answer = f"{address}/clarifications/{question.id}/answer"
    wrong = await provider.post(answer, data={"answer": "Yes", "answer_language": "??"})
    given = await provider.post(
        answer, data={"answer": "Yes, since 2026", "answer_language": "en", "shared": "yes"}
    )
    late = await provider.post(answer, data={"answer": "Typed twice", "answer_language": "en"})

    assert [one.status_code for one in (empty, asked, wrong, given, late)] == [
        422,
        303,
        422,
        303,
        409,
    ]
    assert "In Arabic too?" in seen
    assert "Illustrative Ministry" not in seen
    public = (await client.get(address)).text
    assert "Yes, since 2026" in public
    assert "Illustrative Ministry" not in public


async def test_answers_to_nothing_are_404(sign_in: SignIn) -> None:
    place = await people.provider()
    offer = await offers.published(place)
    browser = await sign_in(await people.member(Role.PARTNER_ADMIN, place))

    for question in ("nonsense", "00000000-0000-0000-0000-000000000000"):
        found = await browser.post(
            f"/offers/{offer.public_id}/clarifications/{question}/answer",
            data={"answer": "x", "answer_language": "en"},
        )
        assert found.status_code == 404


async def test_exclusions_never_reach_a_page_or_file_of_others(
    client: Client, sign_in: SignIn
) -> None:
    """QOO is named nowhere else: its name or code on a page would be a leak."""
    place = await people.provider()
    offer = await offers.published(place, excluded=["QOO"], title="Canary")
    assert await OfferExclusion.filter(offer_id=offer.id).count() == 1
    excluded = await people.organization(state="QOO", name="Ministry")
    readers = [
        client,
        await sign_in(await people.member(Role.FOCAL_POINT, await people.organization())),
        await sign_in(await people.member(Role.FOCAL_POINT, excluded)),
        await sign_in(await people.member(Role.PARTNER_ADMIN, await people.provider())),
        await sign_in(await people.member(Role.DUE_DILIGENCE)),
        await sign_in(await people.member(Role.AUDITOR)),
        await sign_in(await people.member(Role.ADMIN)),
    ]
    pages = ("/offers?q=Canary", "/offers?format=csv", f"/offers/{offer.public_id}")
    texts = {
        (await browser.get(address)).text.partition("<main")[2]
        for browser in readers
        for address in pages
    }

    assert all("QOO" not in text and "excluded" not in text for text in texts)
    assert all("cannot be served" not in text and "State QO" not in text for text in texts)
    owner = await sign_in(await people.member(Role.PARTNER_ADMIN, place))
    assert "cannot be served" in (await owner.get(pages[2])).text


@pytest.mark.parametrize("number", [1, 3])
async def test_page_costs_the_same_for_one_and_three(
    client: Client, sign_in: SignIn, number: int
) -> None:
    place = await people.provider()
    offer = await offers.published(
        place, slots=[offers.COURSE] * number, excluded=["QNN", "QOO", "QPP"][:number]
    )
    asker = await sign_in(await people.member(Role.FOCAL_POINT, await people.organization()))
    for _ in range(number):
        await asker.post(
            f"/offers/{offer.public_id}/clarifications",
            data={"question": "When?", "question_language": "en"},
        )
    owner = await sign_in(await people.member(Role.PARTNER_ADMIN, place))
    coordinator = await sign_in(await people.member(Role.COORDINATOR))
    counts = []
    for browser in (client, owner, coordinator):
        await browser.get(f"/offers/{offer.public_id}")
        with counted_queries() as queries:
            await browser.get(f"/offers/{offer.public_id}")
        counts.append(len(queries))

    assert counts == [2, 3, 3]
