"""The nearest offers that can be possible for a request, by a few ordered scans."""

from collections.abc import Collection
from datetime import date

from tortoise.backends.base.client import TransactionalDBClient
from tortoise.transactions import in_transaction

from concord.pairings.preselecting.rows import ANYTHING
from concord.pairings.preselecting.tables import NEAREST_INDEX
from concord.reference.queries import code_lists
from matching.placing import languages, written_bytes
from matching.topics import RELATED_GROUP, closeness
from matching.types import RequestProfile, TopicTree
from matching.windows import clip

# Measured with 200,000 and with 1,000,000 offers, against looking at every one.
SAME_TOPIC = 1_600
NEAR_TOPIC = 800
ENOUGH = 1_000
ANY_TOPIC = 600
"""How many each scan gives, and when the one over all topics is spared."""
# Every plan is made for its own values. `seqscan` is the last resort of a planner that misjudges
# how many offers pass; the others stay, for few that pass are found faster by their topic.
SETTINGS = """
SELECT set_config('plan_cache_mode', 'force_custom_plan', true),
  set_config('hnsw.iterative_scan', 'relaxed_order', true),
  set_config('hnsw.ef_search', '400', true),
  set_config('hnsw.max_scan_tuples', '40000', true),
  set_config('enable_seqscan', 'off', true), set_config('jit', 'off', true)
"""
WHATEVER = """
SELECT id::text AS id, fingerprint FROM preselection.offer
ORDER BY embedding <#> $1::text::halfvec(512) LIMIT $2
"""
Asked = tuple[str, list[object]]
"""A condition, and its parameters from $3 on."""


async def candidates_of(
    request: RequestProfile, direction: bytes, topics: TopicTree, *, today: date
) -> dict[str, str]:
    """Ids of the offers to look at, with the fingerprint of each.

    `direction`: the request's vector, less what all requests have in common where that is known.
    The nearest with its topics, with topics near to these, and where those are few with any.
    Where no offer passes the gates the nearest of all, so that what is in the way can be counted.
    """
    asked = {item.topic for item in request.items if item.topic} | set(request.tags)
    gates = gates_of(request, today=today)
    place = written_bytes(direction)
    found: dict[str, str] = {}
    async with in_transaction() as connection:
        await connection.execute_query(SETTINGS)
        if gates is not None:
            if asked:
                for some, most in (
                    (asked, SAME_TOPIC),
                    (near(asked, topics, (await code_lists()).topics), NEAR_TOPIC),
                ):
                    found |= await _scan(connection, place, gates, most, sorted(some))
            if len(found) < ENOUGH:
                most = ANY_TOPIC if asked else SAME_TOPIC + ANY_TOPIC
                found |= await _scan(connection, place, gates, most)
        return found or await _marks(connection, WHATEVER, [place, ANY_TOPIC])


def near(asked: Collection[str], topics: TopicTree, known: Collection[str]) -> set[str]:
    """Topics that touch the same matter as one asked for, those included."""
    return {
        other
        for other in (*known, *asked)
        if any(closeness(one, other, topics) >= RELATED_GROUP for one in asked)
    }


def gates_of(request: RequestProfile, *, today: date) -> Asked | None:
    """Passed by whatever `matching.eligibility` lets pass: a side that says nothing passes.

    None when the time for it is over. Exclusions of either side are left to the ranking: a State
    reads how many offers would be possible, and no exclusion may move that number. What can be
    answered by the index comes first.
    """
    window = clip(request.window, today)
    if window is None:
        return None
    values: list[object] = []

    def given(value: object) -> str:
        values.append(value)
        return f"${len(values) + 2}"

    parts = []
    if tongues := languages(request.working_languages):
        parts.append(f"delivery_languages && {given([*tongues, ANYTHING])}::text[]")
    if any(not item.modality for item in request.items):
        parts.append("modalities <> '{}'")
    elif request.items:
        helps = sorted({item.modality for item in request.items if item.modality})
        parts.append(f"modalities && {given([*helps, ANYTHING])}::text[]")
    parts.append(f"(ends_on IS NULL OR ends_on >= {given(window.start)}::date)")
    if window.end is not None:
        parts.append(f"(starts_on IS NULL OR starts_on <= {given(window.end)}::date)")
    if request.states:
        states = f"{given(list(request.states))}::text[]"
        parts.append(f"(organization_state IS NULL OR organization_state <> ALL({states}))")
        parts.append(f"(directed_state IS NULL OR directed_state = ANY({states}))")
    if places := [*request.states, *request.regions]:
        parts.append(f"(regions = '{{}}' OR regions && {given(places)}::text[])")
    return " AND ".join(parts), values


async def _scan(
    connection: TransactionalDBClient,
    place: str,
    gates: Asked,
    most: int,
    topics: Collection[str] = (),
) -> dict[str, str]:
    """The nearest that pass. The vectors' index gives up where hardly any offer does: a short
    answer of it is made again by looking at every one that passes."""
    condition, values = gates
    if topics:
        condition = f"topics && ${len(values) + 3}::text[] AND {condition}"
        values = [*values, list(topics)]
    given = [place, most, *values]
    found = await _marks(connection, scan(condition), given)
    if len(found) < most and await _uses_vectors_index(connection, scan(condition), given):
        return await _marks(connection, scan_all(condition), given)
    return found


def scan(condition: str) -> str:
    return f"""SELECT id::text AS id, fingerprint FROM preselection.offer WHERE {condition}
    ORDER BY embedding <#> $1::text::halfvec(512) LIMIT $2"""  # noqa: S608 - own words


def scan_all(condition: str) -> str:
    return f"""WITH passing AS MATERIALIZED (
    SELECT id, fingerprint, embedding FROM preselection.offer WHERE {condition})
    SELECT id::text AS id, fingerprint FROM passing
    ORDER BY embedding <#> $1::text::halfvec(512) LIMIT $2"""  # noqa: S608 - own words


async def _uses_vectors_index(
    connection: TransactionalDBClient, statement: str, values: list[object]
) -> bool:
    plan = await connection.execute_query_dict(f"EXPLAIN {statement}", values)
    return any(NEAREST_INDEX in row["QUERY PLAN"] for row in plan)


async def _marks(
    connection: TransactionalDBClient, statement: str, values: list[object]
) -> dict[str, str]:
    rows = await connection.execute_query_dict(statement, values)
    return {row["id"]: row["fingerprint"] for row in rows}
