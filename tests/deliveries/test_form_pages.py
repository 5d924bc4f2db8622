"""Forms of deliveries: what was typed stays, older forms show both versions."""

from typing import Any

import pytest

from concord.matches.delivery_states import DeliveryState
from concord.matches.models import Delivery, Terms
from tests.conftest import Client, Clock
from tests.deliveries.conftest import Browse
from tests.deliveries.typed import TERMS, plan_of, report_of
from tests.factories import people
from tests.factories.deliveries import (
    OVER,
    drafted,
    match_in_delivery,
    planned_delivery,
    reported_delivery,
    running_delivery,
)
from tests.factories.matches import cast, fresh


@pytest.fixture(autouse=True)
def afterwards(clock: Clock) -> None:
    """The work is over."""
    clock.now = OVER


LISTS = ("/deliveries", "/deliveries.ics", "/deliveries?format=csv", "/deliveries/calendar")


async def post(browser: Client, address: str, version: int, key: str, **typed: Any) -> Any:
    data = {"version": str(version), "idempotency_key": key, **typed}
    return await browser.post(address, data=data)


async def again(delivery: Delivery) -> Delivery:
    return await Delivery.get(id=delivery.id)


def page_of(delivery: Delivery) -> str:
    return f"/deliveries/{delivery.public_id}"


async def test_a_stale_report_shows_both_versions(browse: Browse) -> None:
    players = await cast()
    delivery = await running_delivery(players, await match_in_delivery(players))
    browser = await browse(players.partner)
    typed = await report_of(delivery) | {"text": "KEEPME"}
    answer = await post(browser, f"{page_of(delivery)}/report", delivery.version - 1, "1", **typed)
    assert answer.status_code == 409
    assert "Somebody has changed this report" in answer.text
    assert answer.text.count("KEEPME") == 2
    assert f'name="version" value="{delivery.version}"' in answer.text
    assert (await again(delivery)).state is DeliveryState.RUNNING


async def test_stale_terms_show_both_versions(browse: Browse) -> None:
    players = await cast()
    match, terms = await drafted(players)
    browser = await browse(players.focal_point)
    here = f"/matches/{match.public_id}/terms"
    mine = TERMS | {"purpose": "KEEPME"}
    answer = await post(browser, f"{here}/draft", match.version - 1, "1", **mine)
    assert answer.status_code == 409
    assert "Somebody has changed these terms" in answer.text
    assert answer.text.count("KEEPME") == 2
    assert "The provider trains; the State invites." in answer.text
    assert (await Terms.get(match_id=match.id, superseded_at=None)).id == terms.id


async def test_nobody_agrees_to_a_text_that_was_changed(browse: Browse) -> None:
    players = await cast()
    match, terms = await drafted(players)
    browser = await browse(players.focal_point)
    here = f"/matches/{match.public_id}/terms/agreement"
    for number, digest in enumerate(("", "x", "0" * 64, terms.sha256.upper() + "\u202e")):
        refused = await post(browser, here, match.version, str(number), digest=digest)
        assert refused.status_code in {409, 422}
    taken = await post(browser, here, match.version, "good", digest=terms.sha256)
    assert taken.status_code == 303


async def test_what_was_typed_comes_back_with_its_errors(browse: Browse) -> None:
    players = await cast()
    match = await match_in_delivery(players)
    browser = await browse(players.partner)
    typed = await plan_of(match) | {
        "title": "<b>KEEPME</b>",
        "ends_on": "2027-02-01",
        "milestone-3-title": "No day for this one",
    }
    name = next(name for name in typed if name.startswith("line-"))
    typed[name] = "999999999999999999"
    answer = await post(
        browser, f"/matches/{match.public_id}/deliveries", match.version, "1", **typed
    )
    assert answer.status_code == 422
    assert "<title>Error:" in answer.text
    assert "&lt;b&gt;KEEPME&lt;/b&gt;" in answer.text
    for field in ("ends_on", "milestone-3-due_on", name):
        assert f'href="#field-{field}"' in answer.text
    assert await Delivery.all().count() == 0


async def test_more_than_was_agreed_is_not_planned(browse: Browse) -> None:
    players = await cast()
    match = await match_in_delivery(players)
    await planned_delivery(players, match, quantity=7)
    browser = await browse(players.partner)
    address = f"/matches/{match.public_id}/deliveries"
    assert "3 of 10" in (await browser.get(f"{address}/new")).text
    match = await fresh(match)
    refused = await post(browser, address, match.version, "1", **await plan_of(match))
    assert (refused.status_code, "No more than 3" in refused.text) == (422, True)


async def test_a_dispute_is_read_and_answered(browse: Browse) -> None:
    players = await cast()
    delivery = await reported_delivery(players, await match_in_delivery(players))
    state, partner = await browse(players.focal_point), await browse(players.partner)
    here = f"{page_of(delivery)}/dispute"
    assert "Say what differs" in (await state.get(here)).text
    refused = await post(state, here, delivery.version, "1", note="KEEPME")
    assert (refused.status_code, "KEEPME" in refused.text) == (422, True)
    typed = {"reason": "delivery_disputed.fewer", "note": "Only eight came."}
    assert (await post(state, here, delivery.version, "2", **typed)).status_code == 303
    assert "Only eight came." in (await partner.get(page_of(delivery))).text
    fewer = await report_of(delivery)
    fewer = {name: "8" if name.startswith("line-") else value for name, value in fewer.items()}
    version = (await again(delivery)).version
    sent = await post(partner, f"{page_of(delivery)}/report", version, "3", **fewer)
    assert sent.status_code == 303, sent.text
    assert (await again(delivery)).state is DeliveryState.REPORTED


async def test_evidence_is_kept_and_opened_by_both_sides(browse: Browse) -> None:
    players = await cast()
    delivery = await reported_delivery(players, await match_in_delivery(players))
    partner, state = await browse(players.partner), await browse(players.focal_point)
    here = f"{page_of(delivery)}/evidence"
    none = await partner.post(here, data={"idempotency_key": "1"}, files={"other": b""})
    assert none.status_code == 422
    for name, content in (("evil.html", b"<script>"), ("a.pdf", b"not a pdf")):
        refused = await partner.post(
            here, data={"idempotency_key": name}, files={"file": (name, content)}
        )
        assert refused.status_code == 422
    kept = await partner.post(
        here, data={"idempotency_key": "3"}, files={"file": ("report.txt", b"Ten took part.")}
    )
    assert kept.status_code == 303
    page = await state.get(page_of(delivery))
    link = page.text.partition('href="/attachments/')[2].partition('"')[0]
    assert (await state.get(f"/attachments/{link}")).text == "Ten took part."
    stranger = await browse(await people.focal_point("QNN"))
    assert (await stranger.get(f"/attachments/{link}")).status_code == 404
    denied = await state.post(
        here, data={"idempotency_key": "4"}, files={"file": ("a.txt", b"State")}
    )
    assert denied.status_code == 403
