"""No table is forgotten: each has policies, or says here why it needs none."""

import pytest
from tortoise.connection import get_connection

pytestmark = pytest.mark.usefixtures("database")

OPEN_TO_ALL = "a code list that everybody reads"
ASKED_FIRST = "read before it is known who acts: sign-in, sessions and links, secrets hashed"
NAMES = "names of people and places stand beside every step; no case is in it"
NO_POLICIES = {
    "state": OPEN_TO_ALL,
    "topic": OPEN_TO_ALL,
    "modality": OPEN_TO_ALL,
    "beneficiary": OPEN_TO_ALL,
    "unit": OPEN_TO_ALL,
    "reason": OPEN_TO_ALL,
    "session": ASKED_FIRST,
    "token": ASKED_FIRST,
    "recovery_code": ASKED_FIRST,
    "person": NAMES,
    "membership": NAMES,
    "organization": NAMES,
    "external_activity": "what others have published; its file is shown to UNODC alone",
    "activity_import": "which files were imported",
    "imported_name": "names of places in imported files",
    "legal_move": "the moves of every state machine, which triggers read",
    "audit_check": "when the trail was recomputed, and whether it was whole",
    "unmet_demand": "totals for providers, suppressed before they are stored",
    "matcher_model": "what was learned, in numbers and weights; no text",
    "rerank_run": "when and why everything was ranked anew",
    "rerank_chunk": "ids alone, in chunks for the worker; UNODC is shown how many are done",
    "equity_weight": "one number that a person set",
    "outbox": "ids and codes of what is to be done; shown to administrators as it stands",
    "tortoise_migrations": "which migrations were applied; nobody but the owner writes it",
}

TABLES = """
SELECT c.relname AS name, c.relrowsecurity AS walled,
       array(SELECT p.polname::text FROM pg_policy p WHERE p.polrelid = c.oid) AS policies
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p') ORDER BY 1
"""


async def test_every_table_has_policies_or_a_reason() -> None:
    rows = await get_connection("default").execute_query_dict(TABLES)
    walled = {row["name"] for row in rows if row["walled"]}
    assert walled & set(NO_POLICIES) == set()
    assert {row["name"] for row in rows} == walled | set(NO_POLICIES)
    for row in rows:
        if row["walled"]:
            assert {"commanded", "work"} <= set(row["policies"]), row["name"]
