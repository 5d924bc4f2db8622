"""The form of an offer: saved, refused, compared, and never a word lost."""

import pytest

from concord.actor import Role
from concord.offers.models import Offer
from concord.offers.queries import values_of
from concord.offers.states import OfferState
from tests.conftest import Client, SignIn
from tests.factories import offers, people
from tests.offers.forms import COURSE, WHOLE, version_in
from tests.offers.reading import told

BELL = "\u202e"
HOSTILE = '"><script>alert(1)</script>'


@pytest.fixture
async def admin(sign_in: SignIn) -> Client:
    return await sign_in(await people.member(Role.PARTNER_ADMIN, await people.provider()))


async def only_offer() -> Offer:
    return await Offer.get().select_related("organization")


async def test_draft_is_made_and_found_again(admin: Client) -> None:
    shown = await admin.get("/offers/new")
    made = await admin.post("/offers/new", data=WHOLE)

    offer = await only_offer()
    assert shown.status_code == 200
    assert (made.status_code, made.headers["location"]) == (303, f"/offers/{offer.public_id}")
    values = await values_of(offer)
    assert (values.title, values.delivery_languages, values.past) == (
        "Premiers intervenants",
        ("fr", "en"),
        ("Une session en 2025", "Une autre en 2026"),
    )
    page = (await admin.get(f"/offers/{offer.public_id}/edit")).text
    assert "Cinq jours de pratique." in page
    assert 'value="2027-12-31"' in page


async def test_saving_and_submitting_is_one_click(admin: Client) -> None:
    made = await admin.post("/offers/new", data=WHOLE | {"do": "submit"})

    assert made.status_code == 303
    assert (await only_offer()).state is OfferState.SUBMITTED


async def test_incomplete_offer_is_saved_and_says_what_is_missing(admin: Client) -> None:
    made = await admin.post(
        "/offers/new", data={"title": "Début", "language": "fr", "do": "submit"}
    )

    offer = await only_offer()
    assert made.headers["location"] == f"/offers/{offer.public_id}/edit?check"
    page = await admin.get(made.headers["location"])
    assert "Describe what you offer." in page.text
    assert "Add at least one thing that you can give." in page.text
    assert offer.state is OfferState.DRAFT


async def test_lines_come_and_go_without_javascript_and_keep_what_was_typed(
    admin: Client,
) -> None:
    more = await admin.post("/offers/new", data=WHOLE | {"do": "add-line"})
    second = {name.replace("-1-", "-2-"): value for name, value in COURSE.items()}
    less = await admin.post(
        "/offers/new", data=WHOLE | second | {"slot-2-capacity": "77", "do": "remove-line-1"}
    )

    assert (more.status_code, less.status_code) == (200, 200)
    assert 'id="line-2"' in more.text
    assert "Cinq jours de pratique." in more.text
    assert ('id="line-1"' in less.text, 'value="77"' in less.text) == (False, True)
    assert await Offer.all().count() == 0


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"slot-1-topic": "", "slot-1-capacity": "5"}, "Choose one of the options."),
        ({"slot-1-topic": "'; DROP TABLE offer; --"}, "Choose one of the options."),
        ({"slot-1-capacity": "-5"}, "Enter a whole number from 1 to 1000000."),
        ({"slot-1-capacity": "9" * 400}, "Enter a whole number from 1 to 1000000."),
        ({"slot-1-unit": "unlimited", "slot-1-capacity": ""}, "Only e-learning and guides"),
        ({"starts_on": "2027-13-01"}, "Enter a real date"),
        ({"ends_on": "2027-01-01"}, "The end must not be before the start."),
        ({"title": "x" * 301}, "Shorten this to 300 characters"),
        ({"title": f"a{BELL}b"}, "Remove the invisible characters"),
        ({"description": "\x00"}, "Remove the control characters."),
        ({"description": "x" * 20_001}, "Shorten this to 20000 characters"),
        ({"regions": ["Atlantis"]}, "Choose one of the options."),
        ({"directed_state": "ATL"}, "Choose one of the options."),
        ({"excluded_states": ["QNN", "ATL"]}, "Choose one of the options."),
        ({"other_languages": "klingon"}, "Enter codes of languages"),
        ({"language": ""}, "Enter a value."),
        ({"past": "\n".join("x" * 30 for _ in range(21))}, "Give 20 or fewer."),
    ],
)
async def test_bad_input_is_named_and_nothing_typed_is_lost(
    admin: Client, typed: dict[str, str | list[str]], said: str
) -> None:
    response = await admin.post(
        "/offers/new", data=WHOLE | {"conditions": "Kept as typed"} | typed
    )

    assert response.status_code == 422
    assert said in response.text
    assert "Kept as typed" in response.text
    assert "<title>Error: New offer" in response.text
    assert await Offer.all().count() == 0


async def test_markup_is_shown_as_text(admin: Client) -> None:
    await admin.post("/offers/new", data=WHOLE | {"title": HOSTILE, "description": HOSTILE})

    offer = await only_offer()
    for address in ("", "/edit"):
        page = (await admin.get(f"/offers/{offer.public_id}{address}")).text
        assert "<script>alert" not in page
        assert "&lt;script&gt;alert" in page


async def test_stale_form_shows_both_versions(sign_in: SignIn) -> None:
    place = await people.provider()
    offer = await offers.draft(place, title="Before")
    address = f"/offers/{offer.public_id}/edit"
    first = await sign_in(await people.member(Role.PARTNER_ADMIN, place))
    second = await sign_in(await people.member(Role.PARTNER_MEMBER, place))
    version = await version_in(second, address)
    await first.post(address, data=WHOLE | {"title": "Theirs", "version": version})

    late = await second.post(address, data=WHOLE | {"title": "Mine", "version": version})

    assert late.status_code == 409
    assert "Somebody has changed this offer since you opened it" in late.text
    assert 'value="Mine"' in late.text
    assert "Theirs" in late.text
    again = await second.post(address, data=WHOLE | {"title": "Mine", "version": "2"})
    assert again.status_code == 303
    assert (await only_offer()).title == "Mine"


async def test_form_of_an_offer_that_moved_on_keeps_what_was_typed(sign_in: SignIn) -> None:
    place = await people.provider()
    offer = await offers.submitted(place)
    browser = await sign_in(await people.member(Role.PARTNER_ADMIN, place))
    address = f"/offers/{offer.public_id}/edit"

    late = await browser.post(address, data=WHOLE | {"title": "Typed too late", "version": "1"})

    assert late.status_code == 409
    assert "This offer has been submitted" in late.text
    assert "Typed too late" in late.text
    assert (await browser.get(address)).status_code == 303


async def test_form_without_version_or_with_nonsense_is_stale(sign_in: SignIn) -> None:
    place = await people.provider()
    offer = await offers.draft(place)
    browser = await sign_in(await people.member(Role.PARTNER_ADMIN, place))

    for version in ("", "x", "99999999999999999999", "-1"):
        response = await browser.post(
            f"/offers/{offer.public_id}/edit", data=WHOLE | {"version": version}
        )
        assert response.status_code == 409


async def test_others_neither_see_nor_change_a_draft(client: Client, sign_in: SignIn) -> None:
    offer = await offers.draft()
    other = await sign_in(await people.member(Role.PARTNER_ADMIN, await people.provider()))
    coordinator = await sign_in(await people.member(Role.COORDINATOR))
    state = await sign_in(await people.member(Role.FOCAL_POINT, await people.organization()))

    for browser in (other, coordinator, state):
        for address in ("", "/edit", "/review"):
            found = await browser.get(f"/offers/{offer.public_id}{address}")
            unknown = await browser.get(f"/offers/OFR-2222-22{address}")
            assert (found.status_code, unknown.status_code) == (404, 404)
        for verb in ("edit", "submission", "publication", "return", "reconfirmation"):
            found = await browser.post(f"/offers/{offer.public_id}/{verb}", data=WHOLE)
            assert found.status_code == 404, verb
    assert (await client.get(f"/offers/{offer.public_id}")).status_code == 404


async def test_only_members_of_providers_write_offers(client: Client, sign_in: SignIn) -> None:
    state = await sign_in(await people.member(Role.FOCAL_POINT, await people.organization()))

    assert (await state.get("/offers/new")).status_code == 403
    assert (await state.post("/offers/new", data=WHOLE)).status_code == 403
    assert (await client.get("/offers/new")).status_code == 303
    assert (await client.post("/offers/new", data=WHOLE)).status_code == 401


async def test_repeated_click_makes_one_draft(admin: Client) -> None:
    typed = WHOLE | {"idempotency_key": "one-key", "do": "submit"}

    first = await admin.post("/offers/new", data=typed)
    second = await admin.post("/offers/new", data=typed)

    assert first.headers["location"] == second.headers["location"]
    assert await Offer.all().count() == 1
    assert len(await told()) == 0
