"""The page of the matcher's models: what it says, who reads it, and who changes what ranks."""

from typing import Any

import pytest

from concord import jobs
from concord.actor import Role
from concord.organizations.states import OrganizationKind
from concord.pairings.learning import in_force
from concord.pairings.models import MatcherModel, Pairing, ShownList
from tests.conftest import NOW, SignIn
from tests.counting import counted_queries
from tests.factories import offers, people, requests
from tests.factories.rankings import ranked

PATH = "/matcher/models"
READERS = {Role.COORDINATOR, Role.APPROVER, Role.AUDITOR, Role.ADMIN}
TRAINERS = {Role.COORDINATOR, Role.ADMIN}


async def model(number: int = 1, **columns: Any) -> MatcherModel:
    """Trained on thirty lists, better, and adopted by the clock."""
    given: dict[str, Any] = {
        "encoder": "lexical",
        "weights": b"\0" * 24,
        "trained_at": NOW,
        "lists": 30,
        "requests": 28,
        "decisions": 57,
        "before": 0.406,
        "after": 0.443,
        "gain": 0.037,
        "low": 0.012,
        "high": 0.061,
        "agreement": 0.6,
        "calibrates": f"learned-{number}",
        "slope": 8.0,
        "intercept": -4.0,
        "error": 0.044,
        "adopted_at": NOW,
    }
    return await MatcherModel.create(number=number, **(given | columns))


async def refused(number: int, reason: str) -> MatcherModel:
    return await model(
        number, adopted_at=None, refusals=[reason], calibrates="", low=-0.02, gain=0.01
    )


async def test_it_says_that_nothing_was_learned(sign_in: SignIn) -> None:
    page = await (await sign_in(await people.member(Role.COORDINATOR))).get(PATH)
    assert page.status_code == 200
    assert "Nothing was learned yet" in page.text
    assert "Bands until there are 200 decisions" in page.text


async def test_figures_verdicts_and_names_are_shown(sign_in: SignIn) -> None:
    reader = await people.member(Role.ADMIN)
    await model(1, superseded_at=NOW, superseded_by_id=reader.person_id)
    await refused(2, "turned_round")
    await model(3, adopted_by_id=reader.person_id)
    page = (await (await sign_in(reader)).get(PATH)).text
    assert "0.406 to 0.443" in page
    assert "+0.037 [+0.012, +0.061]" in page
    assert "+0.010 [-0.020, +0.061]" in page
    assert "turns the order of the texts round" in page
    await reader.fetch_related("person")
    assert f"Taken back by {reader.person.name}" in page
    assert f"Adopted by {reader.person.name}" in page
    assert "Adopted by The clock" in page
    assert page.index("learned-3") < page.index("learned-1")
    assert page.count("Use this one again") == 1


async def test_few_requests_are_not_counted_and_one_more_is_not_told(sign_in: SignIn) -> None:
    """A decision on a request that one may not see moves nothing."""
    browser = await sign_in(await people.member(Role.COORDINATOR))
    pages = []
    for decisions, counted in ((4, 1), (7, 2), (56, 26), (57, 28)):
        made = await model(1, decisions=decisions, requests=counted)
        pages.append((await browser.get(PATH)).text)
        await made.delete()
    for page in pages[:2]:
        assert "Fewer than 5 decisions or requests" in page
        assert "Decisions: at least" not in page
    for page in pages[2:]:
        assert "Decisions: at least 55; requests: at least 25" in page
        assert not any(f">{number}<" in page for number in (56, 57, 26, 28))


@pytest.mark.parametrize("role", list(Role))
async def test_who_reads_and_who_trains(sign_in: SignIn, role: Role) -> None:
    kind = OrganizationKind.ACADEMIA if role.value.startswith("partner") else None
    place = await (people.organization(kind, state=None) if kind else people.organization())
    unodc = role in READERS | {Role.DUE_DILIGENCE}
    browser = await sign_in(await people.member(role, None if unodc else place))
    await model(1)
    read = await browser.get(PATH)
    trained = await browser.post(f"{PATH}/training")
    chosen = await browser.post(f"{PATH}/choice", data={"model": ""})
    weighed = await browser.post(f"{PATH}/equity", data={"equity": "5"})
    steps = [page.status_code for page in (read, trained, chosen, weighed)]
    known = 403 if role in READERS else 404
    assert steps == [
        200 if role in READERS else 404,
        303 if role in TRAINERS else known,
        303 if role in TRAINERS else known,
        303 if role is Role.ADMIN else known,
    ]


async def test_training_is_asked_for_and_shown_as_under_way(sign_in: SignIn) -> None:
    browser = await sign_in(await people.member(Role.COORDINATOR))
    await browser.post(f"{PATH}/training")
    page = (await browser.get(PATH)).text
    assert "Learning now" in page
    assert f'action="{PATH}/training"' not in page
    assert await jobs.Outbox.filter(name=jobs.TRAIN_MODEL).count() == 1


async def test_a_former_model_ranks_again_and_a_refused_one_never(sign_in: SignIn) -> None:
    browser = await sign_in(await people.member(Role.COORDINATOR))
    await requests.open_request()
    await model(1, superseded_at=NOW)
    await refused(2, "not_better")
    assert (await browser.post(f"{PATH}/choice", data={"model": "1"})).status_code == 303
    assert (await in_force()).learned == "learned-1"
    assert await jobs.Outbox.filter(name=jobs.RERANK).count() == 1
    for number, status in (("1", 409), ("2", 409), ("9", 404), ("x", 422), ("-1", 422)):
        page = await browser.post(f"{PATH}/choice", data={"model": number})
        assert (page.status_code, (await in_force()).learned) == (status, "learned-1")
    assert (await browser.post(f"{PATH}/choice", data={"model": ""})).status_code == 303
    assert (await in_force()).learned == ""


@pytest.mark.parametrize("typed", ["", "21", "-1", "x", "1.5", "1_0", "9" * 400])
async def test_a_weight_out_of_bounds_stays_in_the_form(sign_in: SignIn, typed: str) -> None:
    browser = await sign_in(await people.member(Role.ADMIN))
    page = await browser.post(f"{PATH}/equity", data={"equity": typed})
    assert page.status_code == 422
    assert f'value="{typed}"' in page.text
    assert (await in_force()).equity == 0


async def test_the_weight_is_set_in_hundredths(sign_in: SignIn) -> None:
    browser = await sign_in(await people.member(Role.ADMIN))
    assert (await browser.post(f"{PATH}/equity", data={"equity": "7"})).status_code == 303
    assert (await in_force()).equity == 0.07
    page = (await browser.get(PATH)).text
    assert "7%" in page
    assert 'value="7"' in page


async def test_the_number_of_queries_does_not_grow(sign_in: SignIn) -> None:
    browser = await sign_in(await people.member(Role.COORDINATOR))
    counts = []
    for numbers in ((1,), (2, 3)):
        for number in numbers:
            await refused(number, "not_better")
        with counted_queries() as queries:
            await browser.get(PATH)
        counts.append(len(queries))
    assert counts == [4, 4]


async def test_a_list_is_noted_as_it_was_shown_once_for_each_reader(sign_in: SignIn) -> None:
    for number in range(12):
        await offers.published(title=f"Course {number}")
    opened = await requests.open_request()
    await ranked(opened)
    first, second = [await people.member(Role.COORDINATOR) for _ in range(2)]
    browsers = [await sign_in(one) for one in (first, second)]
    address = f"/requests/{opened.public_id}/pairings"
    for browser in (browsers[0], browsers[0], browsers[1]):
        await browser.get(address)
    lists = {one.person_id: one for one in await ShownList.all()}
    assert sorted(lists) == sorted([first.person_id, second.person_id])
    mine = lists[first.person_id]
    rows = await Pairing.filter(request_id=opened.id).order_by("rank").limit(10)
    assert (mine.length, mine.shown_at, mine.model_version) == (10, NOW, rows[0].model_version)
    assert [(each["offer"], each["rank"]) for each in mine.offers] == [
        (str(row.offer_id), row.rank) for row in rows
    ]
    assert mine.offers[0]["components"] == rows[0].components
    assert set(mine.offers[0]["signals"]) == {"base", "words", "meaning"}
    await browsers[0].get(f"{address}?more=yes")
    await browsers[0].get(address)
    assert (await ShownList.get(person_id=first.person_id)).length == 12


@pytest.mark.parametrize(
    ("decisions", "refusal", "shown"),
    [
        (4, "not_better", False),
        (29, "not_better", False),
        (30, "not_better", True),
        (57, "too_few", False),
        (57, "turned_round", False),
        (57, "held", True),
    ],
)
async def test_no_words_about_chances_before_enough_was_decided(
    sign_in: SignIn, decisions: int, refusal: str, shown: bool
) -> None:
    await offers.published()
    opened = await requests.open_request()
    await ranked(opened)
    made = await refused(1, refusal)
    await MatcherModel.filter(id=made.id).update(decisions=decisions)
    browser = await sign_in(await people.member(Role.COORDINATOR))
    page = (await browser.get(f"/requests/{opened.public_id}/pairings")).text
    assert ("Pairings like this" in page) == shown
    behind = (await browser.get(PATH)).text.partition("Decisions behind the probabilities")[2]
    assert ("At least" in behind.partition("Bands until")[0]) == shown


async def test_probabilities_are_bands_until_enough_was_decided(sign_in: SignIn) -> None:
    await offers.published()
    opened = await requests.open_request()
    await ranked(opened)
    browser = await sign_in(await people.member(Role.COORDINATOR))
    address = f"/requests/{opened.public_id}/pairings"
    assert "Pairings like this" not in (await browser.get(address)).text
    made = await refused(1, "not_better")
    page = (await browser.get(address)).text
    assert "mostly taken forward · Decisions: at least 55" in page.replace("\n", " ")
    await MatcherModel.filter(id=made.id).update(decisions=200, slope=0.0, intercept=0.0)
    assert "taken forward in 50% of cases" in (await browser.get(address)).text
