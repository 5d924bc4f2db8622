"""The coordinator's proposal: prefilled, posted from the workbench, and never a word lost."""

from datetime import UTC, datetime

import pytest

from concord.matches.models import Match, MatchLine, Participant
from concord.matches.states import MatchState
from concord.offers.models import Offer
from concord.pairings.models import Pairing
from concord.requests.models import Request
from tests.factories import people
from tests.factories.matches import Cast, cast, items_of, offered, open_request, slots_of
from tests.matches.conftest import Browse


async def pair(players: Cast) -> tuple[Request, Offer]:
    return await open_request(), await offered(players.provider)


async def typed(request: Request, offer: Offer, **more: object) -> dict[str, object]:
    item, slot = (await items_of(request))[0], (await slots_of(offer))[0]
    return {
        "offer": offer.public_id,
        "line-0-item": str(item.id),
        "line-0-slot": str(slot.id),
        "line-0-item_quantity": "12",
        "line-0-slot_quantity": "12",
        "starts_on": "2027-03-01",
        "ends_on": "2027-03-05",
        "data_shared": ["description", "outcome"],
        "rationale": "KEEPTHIS",
        "no_conflict": "yes",
        "idempotency_key": "k1",
    } | more


async def test_the_form_of_the_workbench_proposes(browse: Browse) -> None:
    players = await cast()
    request, offer = await pair(players)
    browser = await browse(players.coordinator)
    answer = await browser.post(
        f"/requests/{request.public_id}/matches", data=await typed(request, offer)
    )
    assert answer.status_code == 303
    match = await Match.get(request=request)
    assert answer.headers["location"] == f"/matches/{match.public_id}"
    assert (match.state, match.rationale, match.data_shared) == (
        MatchState.PROPOSED,
        "KEEPTHIS",
        ["description", "outcome"],
    )
    line = await MatchLine.get(match=match)
    assert (line.item_quantity, line.slot_quantity) == (12, 12)
    page = await browser.get(answer.headers["location"])
    assert "until then you can undo it" in page.text


async def test_the_page_is_prefilled_from_the_ranking(browse: Browse) -> None:
    players = await cast()
    request, offer = await pair(players)
    item, slot = (await items_of(request))[0], (await slots_of(offer))[0]
    await Pairing.create(
        request=request,
        offer=offer,
        rank=1,
        score=0.8,
        lines=[{"item": str(item.id), "slot": str(slot.id), "quantity": 17, "unit": None}],
        model_version="v",
        computed_at=datetime(2027, 1, 11, tzinfo=UTC),
    )
    browser = await browse(players.coordinator)
    page = await browser.get(f"/requests/{request.public_id}/matches/new?offer={offer.public_id}")
    assert page.status_code == 200
    assert 'value="17"' in page.text
    assert f'<option value="{slot.id}" selected>' in page.text
    assert 'value="2027-02-01"' in page.text


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"no_conflict": ""}, "Declare that you have no conflict of interest."),
        ({"line-0-item_quantity": "x"}, "Enter a whole number from 1 to 1000000."),
        ({"line-0-slot": "nonsense"}, "Choose one of the options."),
        ({"line-0-item_quantity": "21", "line-0-slot_quantity": "20"}, "Of this item, 20 are"),
        ({"starts_on": "2027-13-01"}, "Enter a real date"),
        ({"ends_on": "2027-02-01"}, "The end must not be before the start."),
        ({"line-0-slot": ""}, "Choose at least one item"),
        ({"participant-0-organization": "ORG-NOPE"}, "There is no such organization."),
        ({"data_shared": ["description", "secrets"]}, "Choose one of the options."),
    ],
)
async def test_errors_keep_what_was_typed(
    changed: dict[str, object], message: str, browse: Browse
) -> None:
    players = await cast()
    request, offer = await pair(players)
    browser = await browse(players.coordinator)
    answer = await browser.post(
        f"/requests/{request.public_id}/matches", data=await typed(request, offer, **changed)
    )
    assert answer.status_code == 422
    assert message in answer.text
    assert "KEEPTHIS" in answer.text
    assert "Error:" in answer.text
    assert await Match.all().count() == 0


async def test_a_gate_that_fails_is_said_on_the_page(browse: Browse) -> None:
    players = await cast()
    request, offer = await pair(players)
    await Offer.filter(id=offer.id).update(state="submitted")
    browser = await browse(players.coordinator)
    answer = await browser.post(
        f"/requests/{request.public_id}/matches", data=await typed(request, offer)
    )
    assert answer.status_code == 409
    assert "The offer is not published" in answer.text
    assert "KEEPTHIS" in answer.text


async def test_a_funder_is_named_by_its_number(browse: Browse) -> None:
    players = await cast()
    request, offer = await pair(players)
    funder = await people.provider()
    named = {
        "participant-0-organization": funder.public_id.lower(),
        "participant-0-role": "funder",
    }
    browser = await browse(players.coordinator)
    answer = await browser.post(
        f"/requests/{request.public_id}/matches", data=await typed(request, offer, **named)
    )
    assert answer.status_code == 303
    assert await Participant.filter(organization=funder, role="funder").count() == 1


async def test_others_do_not_propose(browse: Browse) -> None:
    players = await cast()
    request, offer = await pair(players)
    address = f"/requests/{request.public_id}/matches"
    for actor, status in (
        (players.focal_point, 403),
        (players.approver, 403),
        (players.partner, 403),
        (await people.coordinator("QZZ"), 404),
    ):
        browser = await browse(actor)
        answer = await browser.post(address, data=await typed(request, offer))
        assert answer.status_code == status
        page = await browser.get(f"{address}/new?offer={offer.public_id}")
        assert page.status_code == status
    assert await Match.all().count() == 0


async def test_an_unknown_offer_is_not_found(browse: Browse) -> None:
    players = await cast()
    request, _offer = await pair(players)
    browser = await browse(players.coordinator)
    answer = await browser.get(f"/requests/{request.public_id}/matches/new?offer=OFR-0000-00")
    assert answer.status_code == 404
