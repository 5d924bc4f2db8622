"""The portfolio's page: asking, reading, deciding about rows, proposing; and who reaches it."""

from dataclasses import replace
from typing import Any
from uuid import uuid4

import pytest

from concord.accounts.actors import actor_of
from concord.accounts.models import Membership
from concord.actor import Role
from concord.audit import AuditEntry
from concord.matches.models import Match
from concord.offers.models import Offer
from concord.organizations.states import OrganizationKind
from concord.portfolio.models import PortfolioRun
from concord.portfolio.values import Draft, Pair, Terms
from tests.conftest import Client, SignIn
from tests.counting import counted_queries
from tests.factories import offers, people, requests
from tests.factories.rankings import ranked
from tests.portfolio.solving import answered, rivals, slots_of_topics, solved
from tests.sheets import lines_of

OUTSIDE = [role for role in Role if role is not Role.COORDINATOR]
TERMS = {"urgent": "2", "least_served": "1", "price": "1", "floor": "none", "least_score": ""}


async def seat(*states: str) -> Membership:
    return await people.member(Role.COORDINATOR, states=states)


async def opened(browser: Client, run: PortfolioRun) -> str:
    page = await browser.get(f"/portfolio/{run.id}")
    assert page.status_code == 200
    return page.text


async def test_nothing_was_asked_yet(sign_in: SignIn) -> None:
    page = (await (await sign_in(await seat())).get("/portfolio")).text
    assert "Weight of an urgent request" in page
    assert "Being solved" not in page


@pytest.mark.parametrize(
    ("figures", "words"),
    [({"exact": True}, "exact over"), ({"exact": False}, "the best found in time"), ({}, None)],
)
async def test_a_plan_that_is_not_proved_to_be_the_best_says_so(
    sign_in: SignIn, figures: dict[str, bool], words: str | None
) -> None:
    await rivals()
    mine = await seat("QMM")
    run = await solved(await actor_of(mine))
    assert run.figures.pop("exact") is True
    await PortfolioRun.filter(id=run.id).update(figures=run.figures | figures)
    page = await opened(await sign_in(mine), run)
    said = [each for each in ("exact over", "the best found in time") if each in page]
    assert said == ([words] if words else [])


async def test_asking_waits_and_the_answer_survives_a_closed_tab(sign_in: SignIn) -> None:
    await rivals()
    mine = await seat("QMM")
    browser = await sign_in(mine)
    answer = await browser.post("/portfolio", data={**TERMS, "urgent": "3,5"})
    assert answer.status_code == 303
    address = answer.headers["location"]
    waiting = (await browser.get(address)).text
    assert "Being solved" in waiting
    assert f'hx-get="{address}"' in waiting
    run = await PortfolioRun.get()
    assert run.terms == {"urgent": 3.5, "least_served": 1.0, "price": 1.0, "floor": None}
    await answered(run, await actor_of(mine))
    for path in (address, "/portfolio"):
        page = (await browser.get(path)).text
        assert "Being solved" not in page
        assert "This portfolio" in page
        assert "2 of 2" in page
        assert "1 of 2" in page
        assert page.count('name="propose"') == 2
    assert await AuditEntry.filter(action="ask_portfolio").count() == 1


async def test_what_was_typed_wrong_stays(sign_in: SignIn) -> None:
    browser = await sign_in(await seat())
    for name, value in (("urgent", "9"), ("price", "-1"), ("least_served", "1e3")):
        page = await browser.post("/portfolio", data={**TERMS, name: value})
        assert page.status_code == 422
        assert "Error:" in page.text
        assert f'value="{value}"' in page.text
    number = await browser.post("/portfolio", data={**TERMS, "floor": "number"})
    assert number.status_code == 422
    assert await PortfolioRun.all().count() == 0


async def test_rows_stay_or_go_as_the_coordinator_says(sign_in: SignIn) -> None:
    flexible, strict = await rivals()
    wide, narrow = await Offer.get(title="Wide"), await Offer.get(title="Narrow")
    mine = await seat("QMM")
    actor = await actor_of(mine)
    run = await solved(actor)
    browser = await sign_in(mine)
    keep = f"{flexible.public_id}:{narrow.public_id}"
    out = f"{strict.public_id}:{wide.public_id}"
    given: dict[str, Any] = {**TERMS, "run": str(run.id), "shown": [keep, out]}
    await browser.post("/portfolio", data={**given, "keep": keep, "exclude": out})
    second = await PortfolioRun.get(state="waiting")
    assert (second.kept, second.excluded) == ([keep], [out])
    second = await answered(second, actor)
    assert [row["pair"] for row in second.rows] == [keep]
    page = await opened(browser, second)
    assert "Ruled out by you" in page
    assert "You ruled its offers out" in page
    given = {**TERMS, "run": str(second.id), "shown": keep, "listed": "yes"}
    await browser.post("/portfolio", data=given)
    third = await PortfolioRun.get(state="waiting")
    assert (third.kept, third.excluded) == ([], [])
    await browser.post("/portfolio", data={**TERMS, "run": str(second.id)})
    fourth = await PortfolioRun.get(state="waiting")
    assert (fourth.kept, fourth.excluded) == ([keep], [out])


async def test_chosen_rows_become_proposals_once(sign_in: SignIn) -> None:
    await rivals()
    mine = await seat("QMM")
    run = await solved(await actor_of(mine))
    browser = await sign_in(mine)
    first, second = [row["pair"] for row in run.rows]
    data = {"propose": first, "no_conflict": "yes", "rationale": ""}
    for _ in range(2):
        answer = await browser.post(f"/portfolio/{run.id}/proposals", data=data)
        assert answer.status_code == 303
    match = await Match.get()
    page = await opened(browser, run)
    assert f"/matches/{match.public_id}" in page
    assert f'name="propose" value="{second}"' in page
    assert f'name="propose" value="{first}"' not in page
    assert "Something has changed since" in page
    entry = await AuditEntry.get(action="propose_portfolio")
    facts: dict[str, object] = entry.facts
    assert facts == {"proposed": 1, "refused": 0}


async def test_a_row_that_cannot_be_proposed_says_why(sign_in: SignIn) -> None:
    await rivals()
    mine = await seat("QMM")
    run = await solved(await actor_of(mine))
    await Offer.filter(title="Wide").update(state="withdrawn")
    browser = await sign_in(mine)
    chosen = [row["pair"] for row in run.rows]
    data = {"propose": chosen, "no_conflict": "yes"}
    answer = await browser.post(f"/portfolio/{run.id}/proposals", data=data)
    assert answer.status_code == 303
    assert await Match.all().count() == 1
    page = await opened(browser, run)
    assert "Passed over" in page
    assert "The offer is not published, or has to be reconfirmed first." in page


async def test_proposing_needs_rows_and_a_declaration(sign_in: SignIn) -> None:
    await rivals()
    mine = await seat("QMM")
    run = await solved(await actor_of(mine))
    browser = await sign_in(mine)
    for data in ({"no_conflict": "yes"}, {"propose": run.rows[0]["pair"], "rationale": "Because"}):
        page = await browser.post(f"/portfolio/{run.id}/proposals", data=data)
        assert page.status_code == 422
    assert "Because" in page.text
    hostile = {"propose": ["REQ-0000-00:OFR-0000-00", "<b>", "x" * 5000], "no_conflict": "yes"}
    answer = await browser.post(f"/portfolio/{run.id}/proposals", data=hostile)
    assert answer.status_code == 303
    assert await Match.all().count() == 0
    page = await browser.post("/portfolio", data={**TERMS, "keep": ["<b>", ":", "REQ-1:2:3"]})
    assert page.status_code == 303
    assert (await PortfolioRun.get(state="waiting")).kept == []


@pytest.mark.parametrize("role", OUTSIDE)
async def test_nobody_else_reaches_it(sign_in: SignIn, role: Role) -> None:
    kind = OrganizationKind.ACADEMIA if role.value.startswith("partner") else None
    place = await (people.organization(kind, state=None) if kind else people.organization())
    unodc = role in {Role.APPROVER, Role.DUE_DILIGENCE, Role.AUDITOR, Role.ADMIN}
    browser = await sign_in(await people.member(role, None if unodc else place))
    for path in ("/portfolio", f"/portfolio/{uuid4()}"):
        assert (await browser.get(path)).status_code == 404
    assert (await browser.post("/portfolio", data=TERMS)).status_code == 404


async def test_another_coordinators_run_does_not_exist(sign_in: SignIn) -> None:
    await rivals()
    run = await solved(await people.coordinator("QMM"))
    browser = await sign_in(await seat("QMM"))
    unknown = await browser.get(f"/portfolio/{uuid4()}")
    found = await browser.get(f"/portfolio/{run.id}")
    assert found.status_code == unknown.status_code == 404
    data = {"propose": run.rows[0]["pair"], "no_conflict": "yes"}
    refused = await browser.post(f"/portfolio/{run.id}/proposals", data=data)
    assert refused.status_code == 404
    assert await Match.all().count() == 0
    assert "This portfolio" not in (await browser.get("/portfolio")).text


async def test_a_request_that_is_no_longer_seen_leaves_the_page(sign_in: SignIn) -> None:
    await rivals()
    canary = await requests.open_request("QNN", title="Canary of another State")
    await offers.published(slots=slots_of_topics("INV.02"))
    await ranked(canary)
    mine = await seat("QMM", "QNN")
    run = await solved(await actor_of(mine))
    browser = await sign_in(mine)
    assert "Canary" in await opened(browser, run)
    await Membership.filter(id=mine.id).update(states=["QMM"])
    assert "Canary" not in await opened(browser, run)
    assert "Canary" not in (await browser.get(f"/portfolio/{run.id}?format=csv")).text


async def test_the_table_as_csv(sign_in: SignIn) -> None:
    flexible, _strict = await rivals()
    mine = await seat("QMM")
    run = await solved(await actor_of(mine))
    browser = await sign_in(mine)
    sheet = await browser.get(f"/portfolio/{run.id}?format=csv")
    assert sheet.headers["content-type"] == "text/csv; charset=utf-8"
    lines = lines_of(sheet.text)
    assert len(lines) == 3
    assert flexible.public_id in sheet.text


async def test_the_table_counts_each_unit_by_itself(sign_in: SignIn) -> None:
    items = [
        replace(requests.ITEM, quantity=quantity, modality=modality, unit=unit)
        for quantity, modality, unit in (
            (25, "training_course", "training_places"),
            (10, "mentoring", "expert_days"),
            (15, "mentoring", "expert_days"),
        )
    ]
    await offers.published(
        slots=[
            ("INV.02", "training_course", 25, "training_places"),
            ("INV.02", "mentoring", 25, "expert_days"),
        ]
    )
    await ranked(await requests.open_request(items=items))
    mine = await seat("QMM")
    run = await solved(await actor_of(mine))
    sheet = await (await sign_in(mine)).get(f"/portfolio/{run.id}?format=csv")
    assert ",25 training places; 25 expert days," in sheet.text


@pytest.mark.parametrize("number", [1, 3])
async def test_the_page_asks_little(sign_in: SignIn, number: int) -> None:
    await offers.published(slots=slots_of_topics("INV.02", capacity=200))
    for _ in range(number):
        await ranked(await requests.open_request())
    mine = await seat("QMM")
    run = await solved(await actor_of(mine))
    assert len(run.rows) == number
    browser = await sign_in(mine)
    with counted_queries() as queries:
        await opened(browser, run)
    assert len(queries) == 8


async def test_a_floor_says_what_it_costs_and_what_it_does_not_hold_for(sign_in: SignIn) -> None:
    flexible, _strict = await rivals()
    mine = await seat("QMM")
    actor = await actor_of(mine)
    browser = await sign_in(mine)
    page = await opened(browser, await solved(actor, Draft(terms=Terms(floor=0.95))))
    assert "Nobody is given less than 0.95." in page
    assert "of the sum of scores and 1 item." in page
    low = Pair(flexible.public_id, (await Offer.get(title="Narrow")).public_id)
    run = await solved(actor, Draft(Terms(floor=0.95), kept=frozenset({low})))
    assert run.figures["plan"]["least"] < 0.95
    page = await opened(browser, run)
    assert "Apart from what you keep, nobody is given less than 0.95." in page
    assert "of the sum of scores and 0 items." in page
