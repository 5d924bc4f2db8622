"""Gates in SQL let everything pass that the matcher lets pass, and scans find the nearest."""

import random
from collections.abc import AsyncIterator, Sequence
from datetime import date, timedelta
from uuid import UUID, uuid4

import msgspec
import pytest
import pytest_asyncio
from tortoise.connection import get_connection

from concord.pairings.preselecting import candidates, tables
from concord.pairings.preselecting.candidates import candidates_of, gates_of
from concord.pairings.preselecting.rows import gate_values
from matching.eligibility import judge
from matching.placing import written
from matching.types import (
    ItemProfile,
    OfferProfile,
    RequestProfile,
    SlotProfile,
    TopicTree,
    Window,
)
from tests.conftest import NOW
from tests.vectors import vector_database_url, vector_servers, vector_template, within

__all__ = ["vector_database_url", "vector_servers", "vector_template"]
TODAY = NOW.date()
STATES = ("QMM", "QNN", "QOO", "FRA")
REGIONS = ("150", "002", "Africa")
TONGUES = ("en", "fr", "fr-FR", "AR", "zh_Hans")
HELPS = ("training_course", "mentoring", "equipment")
TOPICS = ("INV.02", "PRE.01", "LEG.03")
UNITS = ("training_places", "expert_days", "grants", "unlimited")
PROVIDERS = tuple(str(uuid4()) for _ in range(4))
PLAIN = """
INSERT INTO preselection_draft.offer
SELECT t.id, '', t.topics, t.modalities, t.delivery_languages, t.regions, t.starts_on, t.ends_on,
  t.organization_state, t.directed_state, t.embedding::halfvec(512)
FROM json_to_recordset($1::json) AS t (id uuid, topics text[], modalities text[],
  delivery_languages text[], regions text[], starts_on date, ends_on date,
  organization_state text, directed_state text, embedding text)
"""
PASSING = "SELECT id::text AS id FROM preselection.offer WHERE $1 AND $2 AND"


@pytest_asyncio.fixture
async def empty(vector_database_url: str) -> AsyncIterator[None]:
    async with within(vector_database_url):
        await tables.require_vectors()
        yield


async def filled(offers: Sequence[OfferProfile], vectors: Sequence[Sequence[float]]) -> None:
    """These offers in force, each where its vector says."""
    await tables.begin_draft(reference=100)
    await tables.keep_edition("test", UUID(int=0), {})
    rows = [
        gate_values(offer) | {"embedding": written(vector)}
        for offer, vector in zip(offers, vectors, strict=True)
    ]
    await get_connection("default").execute_query(PLAIN, [msgspec.json.encode(rows).decode()])
    await tables.make_indexes(memory="64MB", parallel=0)
    await tables.put_in_force()


async def passing(request: RequestProfile) -> set[str]:
    gates = gates_of(request, today=TODAY)
    if gates is None:
        return set()
    condition, values = gates
    rows = await get_connection("default").execute_query_dict(
        f"{PASSING} {condition}", [True, True, *values]
    )
    return {row["id"] for row in rows}


def some(dice: random.Random, among: Sequence[str], most: int = 2) -> tuple[str, ...]:
    return tuple(dice.sample(among, dice.randint(0, most)))


def maybe(dice: random.Random, among: Sequence[str]) -> str | None:
    return dice.choice([None, *among])


def window(dice: random.Random) -> Window:
    def day() -> date | None:
        return dice.choice([None, TODAY + timedelta(days=dice.randint(-300, 600))])

    start, end = day(), day()
    return Window(start, max(start, end) if start and end else end)


def offer(dice: random.Random) -> OfferProfile:
    slots = (
        SlotProfile(
            id=str(n),
            topic=maybe(dice, TOPICS),
            modality=maybe(dice, HELPS),
            capacity_left=dice.choice([None, 0, 0, 3]),
            unit=maybe(dice, UNITS),
            window=window(dice),
        )
        for n in range(dice.randint(0, 2))
    )
    return OfferProfile(
        id=str(UUID(int=dice.getrandbits(128))),
        title="Course",
        language=maybe(dice, TONGUES),
        organization=dice.choice(PROVIDERS),
        organization_state=dice.choice([None, None, *STATES]),
        slots=tuple(slots),
        delivery_languages=some(dice, TONGUES),
        regions=some(dice, (*STATES, *REGIONS)),
        directed_state=dice.choice([None, None, *STATES]),
        excluded_states=some(dice, STATES, 1),
        window=window(dice),
        tags=some(dice, TOPICS),
    )


def request(dice: random.Random) -> RequestProfile:
    items = (
        ItemProfile(
            id=str(n),
            topic=maybe(dice, TOPICS),
            modality=maybe(dice, HELPS),
            quantity=dice.choice([None, 5]),
            unit=maybe(dice, UNITS),
        )
        for n in range(dice.randint(0, 2))
    )
    return RequestProfile(
        id=str(uuid4()),
        items=tuple(items),
        state=maybe(dice, STATES),
        co_states=some(dice, STATES, 1),
        regions=some(dice, REGIONS),
        working_languages=some(dice, TONGUES),
        window=window(dice),
        excluded_organizations=some(dice, PROVIDERS, 1),
    )


@pytest.mark.parametrize("seed", range(3))
async def test_whatever_can_be_possible_passes(empty: None, seed: int) -> None:
    dice = random.Random(seed)  # noqa: S311 - no secret
    given = [offer(dice) for _ in range(300)]
    await filled(given, [[1.0] + [0.0] * 511] * len(given))
    possible = barred = 0
    for _ in range(150):
        one = request(dice)
        wanted = {each.id for each in given if not judge(one, each, today=TODAY).gates}
        found = await passing(one)
        assert wanted <= found
        possible += len(wanted)
        barred += len(given) - len(found)
    assert possible > 1_000
    assert barred > 10_000


def along(first: float) -> list[float]:
    """A place on one line: what is farther on it is nearer to `TOWARDS`."""
    return [first] + [0.0] * 511


TOWARDS = b"\x00\x00\x80\x3f" + bytes(4 * 511)
TREE = TopicTree(parents={"INV.02": "INV", "INV.03": "INV", "PRE.01": "PRE"})


async def test_the_nearest_of_its_topics_come_first(
    empty: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of a topic in ten, of one beside it in ten, and where these are few of any other."""
    given, vectors = [], []
    for n in range(600):
        topic = {0: "INV.02", 1: "INV.03"}.get(n % 10, "PRE.01")
        slot = SlotProfile(id="1", topic=topic, modality="training_course")
        given.append(
            OfferProfile(id=str(UUID(int=n + 1)), organization=PROVIDERS[0], slots=(slot,))
        )
        vectors.append(along(n / 600))
    await filled(given, vectors)
    one = RequestProfile(id="r", items=(ItemProfile("1", "INV.02", "training_course"),))
    for name, most in {"SAME_TOPIC": 4, "NEAR_TOPIC": 4, "ANY_TOPIC": 5}.items():
        monkeypatch.setattr(candidates, name, most)

    async def places(enough: int) -> set[int]:
        monkeypatch.setattr(candidates, "ENOUGH", enough)
        found = await candidates_of(one, TOWARDS, TREE, today=TODAY)
        assert set(found.values()) == {""}
        return {UUID(each).int - 1 for each in found}

    by_topic = {560, 570, 580, 590, 581, 591}
    assert await places(6) == by_topic
    assert await places(7) == by_topic | set(range(595, 600))


async def test_where_nothing_passes_the_nearest_are_looked_at(
    empty: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    dice = random.Random(8)  # noqa: S311 - no secret
    given = [offer(dice) for _ in range(20)]
    await filled(given, [along(float(n)) for n in range(20)])
    over = RequestProfile(id="r", window=Window(None, TODAY - timedelta(days=1)))
    monkeypatch.setattr(candidates, "ANY_TOPIC", 5)

    found = await candidates_of(over, TOWARDS, TREE, today=TODAY)

    assert set(found) == {each.id for each in given[-5:]}


@pytest.mark.parametrize("most", [3, 10])
async def test_what_hardly_any_offer_passes_is_looked_for_in_all(
    empty: None, monkeypatch: pytest.MonkeyPatch, most: int
) -> None:
    """The planner believes that many pass, and the vectors' index ends before it meets them."""
    given = [
        OfferProfile(
            id=str(UUID(int=n + 1)),
            organization=PROVIDERS[0],
            delivery_languages=("ar",) if n < 5 else ("en",),
        )
        for n in range(600)
    ]
    await filled(given, [along(n / 600) for n in range(600)])
    monkeypatch.setattr(
        candidates,
        "SETTINGS",
        candidates.SETTINGS.replace("'400'", "'10'").replace("'40000'", "'1'")
        + ", set_config('enable_bitmapscan', 'off', true)",
    )
    monkeypatch.setattr(candidates, "ANY_TOPIC", most)
    monkeypatch.setattr(candidates, "SAME_TOPIC", 0)
    one = RequestProfile(id="r", working_languages=("ar",))
    found = await candidates_of(one, TOWARDS, TREE, today=TODAY)
    assert sorted(UUID(each).int - 1 for each in found) == [0, 1, 2, 3, 4][-most:]
