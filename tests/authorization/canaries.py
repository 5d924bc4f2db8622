"""Plants a string of its own in every confidential field, and gathers who meets it where."""

import re
from collections.abc import Mapping
from html import unescape
from urllib.parse import urlsplit

from tests.authorization import asking
from tests.authorization.deliveries import past_every_guard
from tests.authorization.stage import Stage, ask
from tests.authorization.world import World

FIELDS: Mapping[str, tuple[str, str]] = {
    "request": (
        "id",
        "title description outcome existing urgent_reason circulation_text override_reason"
        " referral_body",
    ),
    "request_item": ("request_id", "institution"),
    "request_step": ("request_id", "note"),
    "clarification": ("request_id", "question answer"),
    "match": ("id", "rationale risk_note risk_mitigation funding_note"),
    "match_line": ("match_id", "ratio_reason"),
    "match_step": ("match_id", "note"),
    "participant": ("match_id", "note"),
    "consent": ("match_id", "text on_behalf_note"),
    "terms": ("match_id", "body"),
    "delivery": ("match_id", "title place report dispute_note"),
    "delivery_participants": ("delivery_id", "institution"),
    "delivery_step": ("delivery_id", "note"),
    "milestone": ("delivery_id", "title"),
    "evaluation": ("match_id", "text change"),
    "lesson_draft": ("match_id", "title text"),
    "attachment": ("subject_id", "filename"),
    "act_on_behalf": ("id", "note_reference refusal"),
    "duplicate_flag": ("id", "answer_note"),
    "offer": ("id", "title description conditions"),
    "offer_step": ("offer_id", "note"),
    "offer_clarification": ("offer_id", "question answer"),
    "screening": ("organization_id", "sanctions_note decision_note decision_told"),
    "organization_step": ("organization_id", "note told"),
}
"""Table → the column that says whose row it is, and the columns in which words are written."""
APART = {
    "request_step.note": "note_seen_by",
    "match_step.note": "verb",
    "evaluation.text": "CASE WHEN state_id IS NULL THEN 'provider' ELSE 'state' END",
    "evaluation.change": "CASE WHEN state_id IS NULL THEN 'provider' ELSE 'state' END",
    "organization_step.told": "'told'",
}
"""Fields whose readers differ from row to row: what tells the rows apart."""
CANARY = re.compile(r"canary\.([a-z_]+\.[a-z_.]+)")
LINK = re.compile(r'(?:href|hx-get)="(/[^"#]*)"')
SEARCHES = ("/search?q=canary", "/requests?q=canary", "/offers?q=canary", "/matches?q=canary")


def owners(world: World) -> dict[str, str]:
    """Id of every subject, as it stands in rows, and the name of its case."""
    named = {
        "request": world.requests,
        "match": world.matches,
        "offer": world.offers,
        "organization": world.organizations,
        "delivery": world.deliveries,
        "duplicate": world.duplicates,
    }
    found = {str(one.id): case for cases in named.values() for case, one in cases.items()}
    return found | {str(world.act.id): "recorded"}


async def plant(world: World) -> None:
    """Write canaries past every trigger, after a word or two of what was there; nulls stay."""
    owned = owners(world)
    changes = []
    for table, (key, columns) in FIELDS.items():
        for subject, case in owned.items():
            values = ", ".join(_marked(table, column, case) for column in columns.split())
            changes.append(f"UPDATE {table} SET {values} WHERE {key} = '{subject}'")  # noqa: S608
    await past_every_guard(*changes)


def _marked(table: str, column: str, case: str) -> str:
    """`column = …` with the canary `canary.table.column.case`, and what tells rows apart."""
    apart = APART.get(f"{table}.{column}")
    more = f" || '.' || {apart}" if apart else ""
    return f"{column} = left({column}, 20) || ' canary.{table}.{column}.{case}'{more}"


def links(page: str) -> set[str]:
    """The addresses of this site that a page leads to."""
    return {unescape(link) for link in LINK.findall(page) if not link.startswith("/static")}


def shape(address: str) -> str:
    """Addresses that differ in the values of their query alone are visited once."""
    parts = urlsplit(address)
    keys = sorted({pair.partition("=")[0] for pair in parts.query.split("&")})
    return f"{parts.path}?{'&'.join(keys)}"


async def crawl(stage: Stage, visitor: str) -> dict[str, str]:
    """Every page that a visitor finds: by address, by link, by search and as CSV."""
    waiting = [*SEARCHES, *asking.every_address(stage.world, stage.addresses, "GET")]
    pages: dict[str, str] = {}
    while waiting:
        address = waiting.pop()
        if shape(address) in pages:
            continue
        answer = await ask(stage, visitor, "GET", address)
        pages[shape(address)] = answer.page
        waiting += sorted(links(answer.page))
    for address in asking.every_address(stage.world, stage.addresses, "POST"):
        answer = await ask(stage, visitor, "POST", address)
        pages[f"POST {address}"] = answer.page
    return pages
