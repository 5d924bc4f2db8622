"""The nearest offers that can be possible for a request, by a few ordered scans."""

from datetime import date

from tortoise.backends.base.client import TransactionalDBClient
from tortoise.transactions import in_transaction

from matching.placing import languages, written_bytes
from matching.types import RequestProfile
from matching.windows import clip

NEAREST = 400
"""How many each scan gives."""
# Every plan is made for its own values. `seqscan` is the last resort of a planner that misjudges
# how many offers pass; the others stay, for few that pass are found faster by their topic.
SETTINGS = """
SELECT set_config('plan_cache_mode', 'force_custom_plan', true),
  set_config('hnsw.iterative_scan', 'relaxed_order', true),
  set_config('hnsw.ef_search', '400', true),
  set_config('hnsw.max_scan_tuples', '40000', true),
  set_config('enable_seqscan', 'off', true), set_config('jit', 'off', true)
"""
# Passed by whatever `matching.eligibility` lets pass: a side that says nothing passes.
GATES = """
(starts_on IS NULL OR $3::date IS NULL OR starts_on <= $3)
AND (ends_on IS NULL OR ends_on >= $2::date)
AND organization <> ALL($4::uuid[])
AND NOT excluded_states && $5::text[]
AND (organization_state IS NULL OR organization_state <> ALL($5))
AND (directed_state IS NULL OR $5 = '{}' OR directed_state = ANY($5))
AND (regions = '{}' OR $6::text[] = '{}' OR regions && $6)
AND (delivery_languages = '{}' OR $7::text[] = '{}' OR delivery_languages && $7)
AND (modalities IS NULL OR $8::text[] IS NULL OR modalities && $8
     OR ($9::boolean AND modalities <> '{}'))
"""
OWN, OTHER = "AND language = $11", "AND language <> $11"
TOPIC = "AND topics && $12::text[]"
SCANS = (f"{OWN} {TOPIC}", f"{OTHER} {TOPIC}", OWN, OTHER)
WHATEVER = """
SELECT id::text AS id, fingerprint FROM preselection.offer
ORDER BY embedding <#> $1::text::halfvec(512) LIMIT $2
"""


async def candidates_of(
    request: RequestProfile, direction: bytes, language: str, *, today: date, each: int = NEAREST
) -> dict[str, str]:
    """Ids of the offers to look at, with the fingerprint of each.

    `direction`: the request's vector, less what all requests have in common where that is known.
    The nearest in the request's own `language` and in others, with its topics and with any; so
    that neither a common language nor words that resemble each other crowd out the rest. Where
    no offer passes the gates the nearest of all, so that what is in the way can be counted.
    """
    async with in_transaction() as connection:
        await connection.execute_query(SETTINGS)
        values = gate_values(request, today=today)
        found: dict[str, str] = {}
        topics = sorted({item.topic for item in request.items if item.topic} | set(request.tags))
        if values is not None:
            given = [written_bytes(direction), *values, each, language]
            for more in SCANS:
                if TOPIC not in more:
                    found |= await _marks(connection, scan(more), given)
                elif topics:
                    found |= await _marks(connection, scan(more), [*given, topics])
        return found or await _marks(connection, WHATEVER, [written_bytes(direction), each])


def scan(more: str) -> str:
    """One of the ordered scans as a statement."""
    return f"""SELECT id::text AS id, fingerprint FROM preselection.offer WHERE {GATES} {more}
    ORDER BY embedding <#> $1::text::halfvec(512) LIMIT $10"""  # noqa: S608 - constants


def gate_values(request: RequestProfile, *, today: date) -> list[object] | None:
    """What the gates ask for, $2 to $9; None when the time for it is over."""
    window = clip(request.window, today)
    if window is None:
        return None
    helps = sorted({item.modality for item in request.items if item.modality})
    return [
        window.start,
        window.end,
        list(request.excluded_organizations),
        list(request.states),
        [*request.states, *request.regions],
        languages(request.working_languages),
        helps if request.items else None,
        any(not item.modality for item in request.items),
    ]


async def _marks(
    connection: TransactionalDBClient, statement: str, values: list[object]
) -> dict[str, str]:
    rows = await connection.execute_query_dict(statement, values)
    return {row["id"]: row["fingerprint"] for row in rows}
