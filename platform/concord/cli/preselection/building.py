"""Builds an edition of the preselection aside, or brings the one in force up to date."""

import time
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from uuid import UUID

from tortoise.connection import get_connection

from concord.cli.preselection.encoding import Reader
from concord.pairings.preselecting import tables
from concord.pairings.preselecting.editions import Edition, edition_in_force
from concord.pairings.preselecting.rows import differing, drop_offers, held, keep_offers
from concord.pairings.profiles import offer_fingerprints, offer_profiles
from matching.placing import Means, home_of, works_of
from matching.types import OfferProfile

REFERENCE = 20_000
BATCH = 500
DRAFTED = "SELECT language, mean FROM preselection_draft.usual"
NEXT = """
SELECT id::text AS id FROM offer WHERE state = 'published' AND id > $1 AND id < $2
ORDER BY offer.id LIMIT $3
"""
FIRST = UUID(int=0)
LAST = UUID(int=(1 << 128) - 1)
HOW_MANY = "SELECT count(*) AS n FROM offer WHERE state = 'published'"
Said = Callable[[str], None]
Marks = dict[str, str]


@dataclass(frozen=True, slots=True)
class Indexing:
    """`memory` and processes of the database for the index; empty memory: as much as it needs."""

    memory: str = ""
    parallel: int = 2


async def build(
    reader: Reader, *, anew: bool, indexing: Indexing, say: Said, reference: int = REFERENCE
) -> None:
    """What was begun is taken up; what is in force is brought up to date, unless `anew`."""
    say(f"The extension vector is there, version {await tables.require_vectors()}.")
    encoder = await reader.version()
    edition, draft = await edition_in_force(), await tables.draft_in_hand(encoder)
    anew = anew or (edition is not None and await _is_outgrown(edition, reference))
    if edition is not None and edition.encoder == encoder and not anew and draft is None:
        changed = await _catch_up(reader, edition, draft=False)
        say(f"The edition in force holds; {changed} offers were brought up to date.")
        return
    if draft is None:
        await _begin(reader, encoder, reference, say)
    else:
        say("An edition was begun earlier: it is taken up.")
    await _fill(reader, encoder, say)
    await _index(indexing, say)
    made = await _drafted(encoder)
    await _catch_up(reader, made, draft=True)
    await tables.put_in_force()
    await _catch_up(reader, made, draft=False)
    say("The edition is in force; workers load it by themselves.")


async def _is_outgrown(edition: Edition, reference: int) -> bool:
    """Begun with so few offers that all of them are its reference collection, then and now."""
    count = (await get_connection("default").execute_query_dict(HOW_MANY))[0]["n"]
    return bool(edition.bound == LAST and count > 2 * reference)


async def _begin(reader: Reader, encoder: str, reference: int, say: Said) -> None:
    """The reference collection is read first: what is usual in each language."""
    bound, means, count = await tables.begin_draft(reference=reference), Means(), 0
    async for offers, _ in _batches(below=bound):
        vectors = await reader.vectors_of(offers, encoder)
        for offer in offers:
            means.add(home_of(offer), works_of(offer, vectors))
        count += len(offers)
    await tables.keep_edition(encoder, bound, means.stored())
    say(f"The reference collection has {count} offers; {reader.count} texts were encoded.")


async def _fill(reader: Reader, encoder: str, say: Said) -> None:
    edition, began, done = await _drafted(encoder), time.monotonic(), 0
    total = (await get_connection("default").execute_query_dict(HOW_MANY))[0]["n"]
    told = began
    async for offers, marks in _batches(below=LAST):
        known = await held(list(marks), draft=True)
        wanted = [offer for offer in offers if known.get(offer.id) != marks[offer.id]]
        if wanted:
            vectors = await reader.vectors_of(wanted, encoder)
            await keep_offers(wanted, marks, vectors, edition, draft=True)
        done += len(offers)
        if time.monotonic() - told > 5:
            told = time.monotonic()
            say(f"{done} of {total} offers, {reader.count} texts encoded, {told - began:.0f} s.")
    say(f"{done} offers are in it; {time.monotonic() - began:.0f} s.")


async def _index(indexing: Indexing, say: Said) -> None:
    began = time.monotonic()
    count = await tables.count(draft=True)
    memory = indexing.memory or f"{max(64, count // 400)}MB"
    await tables.make_indexes(memory=memory, parallel=indexing.parallel)
    say(f"Indexed with {memory} of memory; {time.monotonic() - began:.0f} s.")


async def _catch_up(reader: Reader, edition: Edition, *, draft: bool) -> int:
    """What changed meanwhile; the number of offers."""
    ids = await differing(draft=draft)
    for n in range(0, len(ids), BATCH):
        part = ids[n : n + BATCH]
        marks = await offer_fingerprints(part)
        offers = await offer_profiles(list(marks))
        vectors = await reader.vectors_of(offers, edition.encoder)
        await keep_offers(offers, marks, vectors, edition, draft=draft)
        await drop_offers(part, draft=draft)
    return len(ids)


async def _drafted(encoder: str) -> Edition:
    draft = await tables.draft_in_hand(encoder)
    if draft is None:
        raise RuntimeError("the draft is gone: another build runs")
    rows = await get_connection("default").execute_query_dict(DRAFTED)
    usual = {row["language"]: row["mean"] for row in rows}
    return Edition(draft.id, encoder, draft.bound, usual)


async def _batches(*, below: UUID) -> AsyncIterator[tuple[list[OfferProfile], Marks]]:
    """All offers that may be ranked, by id, each with the fingerprint it was read under."""
    last = str(FIRST)
    while True:
        rows = await get_connection("default").execute_query_dict(NEXT, [last, below, BATCH])
        if not rows:
            return
        last = rows[-1]["id"]
        marks = await offer_fingerprints([row["id"] for row in rows])
        if marks:
            yield await offer_profiles(list(marks)), marks
