"""PostgreSQL's full text search as a ranking, to be compared with."""

import asyncio
from collections.abc import Coroutine, Iterator, Sequence
from typing import Any, TypeVar

import asyncpg

from matching.excerpts import whole
from matching.packs import Scored
from matching.types import OfferProfile, RequestProfile

T = TypeVar("T")
STEMMERS = {
    "ar": "arabic",
    "de": "german",
    "en": "english",
    "es": "spanish",
    "fr": "french",
    "ru": "russian",
}
"""By language; what has no stemmer is cut into words alone."""
TABLE = "CREATE TEMP TABLE offered (id text PRIMARY KEY, words tsvector)"
FILL = """
INSERT INTO offered SELECT id, to_tsvector(stemmer::regconfig, body)
FROM unnest($1::text[], $2::text[], $3::text[]) AS t (id, stemmer, body)
"""
ASK = """
WITH asked AS (
    SELECT string_agg(quote_literal(lexeme), ' | ')::tsquery AS query
    FROM unnest(to_tsvector($1::regconfig, $2)) AS t (lexeme, positions, weights))
SELECT o.id, ts_rank(o.words, a.query, 1) AS score
FROM offered o, asked a WHERE o.words @@ a.query ORDER BY 2 DESC, 1
"""
DROP = "DROP TABLE offered"


class FullText:
    """Any of the request's words, `ts_rank` by the length of the text; ties by id."""

    def __init__(self, connection: asyncpg.Connection, loop: asyncio.AbstractEventLoop) -> None:
        self._connection, self._loop = connection, loop

    def ranked(
        self, requests: Sequence[RequestProfile], offers: Sequence[OfferProfile]
    ) -> Iterator[tuple[str, Scored]]:
        self._run(self._connection.execute(TABLE))
        bodies = ["\n".join((whole(each.title, each.text), *each.past)) for each in offers]
        stemmers = [_stemmer(each.language) for each in offers]
        self._run(self._connection.execute(FILL, [each.id for each in offers], stemmers, bodies))
        everything = sorted(each.id for each in offers)
        for request in requests:
            text = whole(request.title, request.text)
            rows = self._run(self._connection.fetch(ASK, _stemmer(request.language), text))
            found = [(row["id"], float(row["score"])) for row in rows]
            seen = {offer for offer, _ in found}
            yield request.id, found + [(each, 0.0) for each in everything if each not in seen]
        self._run(self._connection.execute(DROP))

    def _run(self, work: Coroutine[Any, Any, T]) -> T:
        return self._loop.run_until_complete(work)


def _stemmer(language: str | None) -> str:
    return STEMMERS.get(language or "", "simple")
