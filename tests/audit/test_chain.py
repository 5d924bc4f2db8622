"""Whoever owns the database can write anything; the chain then names what was done."""

from uuid import uuid4

import pytest
from tortoise.connection import get_connection

from concord import audit
from concord.actor import CLOCK
from concord.audit import chain
from concord.audit.chain import Break, Head, Kind, head, verify
from tests.conftest import NOW
from tests.factories.history import unguarded

pytestmark = pytest.mark.usefixtures("database")
LENGTH = 12
CHANGE = """UPDATE audit_entry SET facts = '{"count": 99}' WHERE seq = 5;"""
REHASH = "UPDATE audit_entry SET hash = audit_hash(audit_entry) WHERE seq = 5;"
REMOVE = "DELETE FROM audit_entry WHERE seq IN (5, 6);"
CLOSE_GAP = """
UPDATE audit_entry SET seq = -seq WHERE seq > 6;
UPDATE audit_entry SET seq = -seq - 2 WHERE seq < 0;
"""
OPEN_GAP = """
UPDATE audit_entry SET seq = -seq WHERE seq > 4;
UPDATE audit_entry SET seq = -seq + 1 WHERE seq < 0;
"""
FORGE = """
INSERT INTO audit_entry (seq, at, action, subject_kind, subject_id, facts, previous, hash)
SELECT {seq}, at, 'match.approve', subject_kind, subject_id, '{{}}', {previous}, 'forged'
FROM audit_entry WHERE seq = 4;
"""
SWAP = """
UPDATE audit_entry SET seq = -seq WHERE seq IN ({a}, {b});
UPDATE audit_entry SET seq = CASE seq WHEN -{a} THEN {b} ELSE {a} END WHERE seq < 0;
"""
TRICKS = {
    "a fact is changed": (CHANGE, Break(Kind.CHANGED, 5, 5)),
    "a fact is changed and its hash too": (CHANGE + REHASH, Break(Kind.CHANGED, 5, 5)),
    "a time is moved": (
        "UPDATE audit_entry SET at = at - interval '1 day' WHERE seq = 9;",
        Break(Kind.CHANGED, 9, 9),
    ),
    "a hash is changed": (
        "UPDATE audit_entry SET hash = sha256('other') WHERE seq = 5;",
        Break(Kind.CHANGED, 5, 5),
    ),
    "the first is removed": (
        "DELETE FROM audit_entry WHERE seq = 1;",
        Break(Kind.REMOVED, 1, 1),
    ),
    "two are removed": (REMOVE, Break(Kind.REMOVED, 5, 6)),
    "two are removed and the rest numbered anew": (
        REMOVE + CLOSE_GAP,
        Break(Kind.REMOVED, 5, 6),
    ),
    "two change places": (SWAP.format(a=5, b=9), Break(Kind.REORDERED, 5, 5)),
    "two neighbours change places": (SWAP.format(a=5, b=6), Break(Kind.REORDERED, 5, 5)),
    "the last two change places": (SWAP.format(a=11, b=12), Break(Kind.REORDERED, 11, 11)),
    "one is slipped in": (
        OPEN_GAP + FORGE.format(seq=5, previous="hash"),
        Break(Kind.INSERTED, 5, 5),
    ),
    "one is slipped in with its hash": (
        OPEN_GAP + FORGE.format(seq=5, previous="hash") + REHASH,
        Break(Kind.INSERTED, 5, 5),
    ),
    "one is put at the end": (
        FORGE.format(seq=13, previous="'none'"),
        Break(Kind.CHANGED, 13, 13),
    ),
}
REWRITE = """
DO $$ DECLARE each record; BEGIN
    FOR each IN SELECT seq FROM audit_entry WHERE seq >= 5 ORDER BY seq LOOP
        UPDATE audit_entry e SET previous = b.hash FROM audit_entry b
        WHERE e.seq = each.seq AND b.seq = each.seq - 1;
        UPDATE audit_entry e SET hash = audit_hash(e) WHERE e.seq = each.seq;
    END LOOP;
END $$;
"""


async def written(length: int = LENGTH) -> list[Head]:
    """So many entries; the head after each."""
    heads = []
    for number in range(length):
        await audit.record(
            "match.propose",
            actor=CLOCK,
            subject_kind="match",
            subject_id=uuid4(),
            now=NOW,
            count=number,
            reason="Ünïcode, ‘quoted’",
        )
        heads.append(await head())
    return heads


async def tamper(statements: str) -> None:
    async with unguarded():
        await get_connection("default").execute_script(statements)


async def test_a_chain_as_it_was_written_is_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chain, "CHUNK", 5)
    heads = await written()

    found = await verify(noted=tuple(heads))

    assert (found.first, found.entries, found.head, found.broken) == (1, LENGTH, heads[-1], None)
    assert (await verify(start=8)).entries == 5
    assert (await verify(start=8)).broken is None


async def test_an_empty_trail_is_whole() -> None:
    found = await verify()

    assert (found.entries, found.head, found.broken) == (0, Head(0, b""), None)


@pytest.mark.parametrize("trick", TRICKS)
async def test_what_was_done_is_named(trick: str) -> None:
    statements, expected = TRICKS[trick]
    await written()
    await tamper(statements)

    found = await verify()

    assert found.broken == expected


async def test_a_replaced_hash_function_is_not_believed() -> None:
    await written()
    await tamper(
        CHANGE + "CREATE OR REPLACE FUNCTION audit_hash(e audit_entry) RETURNS bytea"
        " LANGUAGE sql IMMUTABLE RETURN e.hash;"
    )
    try:
        found = await verify()
    finally:
        await tamper(
            "CREATE OR REPLACE FUNCTION audit_hash(e audit_entry) RETURNS bytea"
            " LANGUAGE sql IMMUTABLE RETURN sha256(e.previous || convert_to(jsonb_build_array("
            " e.seq, extract(epoch FROM e.at), e.person_id, e.role, e.organization_id,"
            " e.on_behalf_of, e.action, e.subject_kind, e.subject_id, e.facts)::text, 'UTF8'))"
        )

    assert found.broken == Break(Kind.CHANGED, 5, 5)


async def test_a_tail_that_was_cut_is_missed_by_its_noted_head() -> None:
    heads = await written()
    await tamper("DELETE FROM audit_entry WHERE seq > 9")

    assert (await verify()).broken is None
    assert (await verify(noted=(heads[6],))).broken is None
    assert (await verify(noted=(heads[-1],))).broken == Break(Kind.REMOVED, 10, 12)


async def test_a_chain_written_anew_differs_from_its_noted_head() -> None:
    heads = await written()
    await tamper(CHANGE + REWRITE)

    assert (await verify()).broken is None
    assert (await verify(noted=(heads[-1],))).broken == Break(Kind.CHANGED, 12, 12)
    assert (await verify(noted=(heads[3], heads[7]))).broken == Break(Kind.CHANGED, 8, 8)


async def test_a_start_whose_forerunner_is_gone_is_refused() -> None:
    await written()
    await tamper("DELETE FROM audit_entry WHERE seq = 7")

    assert (await verify(start=8)).broken == Break(Kind.REMOVED, 7, 7)
    assert (await verify(start=9)).broken is None
