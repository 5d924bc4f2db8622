"""The records that a duplicate warning is about, each as its reader may see it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from tortoise.connection import get_connection
from tortoise.queryset import QuerySet

from concord.activities.queries import visible_to as visible_activities
from concord.actor import Actor
from concord.offers.queries import visible_to as visible_offers
from concord.organizations.models import Organization
from concord.requests.queries import visible_to as visible_requests
from concord.web.elements import QueueRow
from concord.web.i18n import lazy as N_

HIDDEN = N_("An existing delivery; ask UNODC")
UNDERTAKINGS = """
SELECT DISTINCT ON (l.undertaking_id) l.undertaking_id AS id, m.public_id, m.state, m.request_id,
  m.approved_at, o.title, o.language, o.description, p.name AS provider, r.lead_state_id,
  (SELECT array_agg(DISTINCT t.code) FROM cover_part c JOIN topic t ON t.number = c.topic
    WHERE c.undertaking_id = l.undertaking_id) AS topics,
  (SELECT min(lower(c.period)) FROM cover_part c
    WHERE c.undertaking_id = l.undertaking_id) AS first,
  (SELECT max(upper(c.period)) - 1 FROM cover_part c
    WHERE c.undertaking_id = l.undertaking_id) AS last
FROM match_line l JOIN match m ON m.id = l.match_id JOIN offer o ON o.id = m.offer_id
JOIN organization p ON p.id = o.organization_id JOIN request r ON r.id = m.request_id
WHERE l.undertaking_id = ANY($1::uuid[]) AND m.approved_at IS NOT NULL
ORDER BY l.undertaking_id, m.approved_at DESC
"""


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two records; `text` is in its own `language`. A hidden one says nothing."""

    row: QueueRow
    text: str = ""
    language: str = ""
    states: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    period: tuple[date | None, date | None] = (None, None)
    provider: str = ""
    hidden: bool = False

    @property
    def state(self) -> str:
        return next(iter(self.states), "")


Sides = dict[UUID, Side]


async def request_sides(actor: Actor, ids: Sequence[UUID]) -> Sides:
    if not ids:
        return {}
    rows = await visible_requests(actor).filter(id__in=ids).prefetch_related("items")
    return {
        one.id: Side(
            row=QueueRow(
                href=f"/requests/{one.public_id}",
                public_id=one.public_id,
                title=one.title,
                machine="request",
                state=one.state.value,
                since=one.submitted_at,
                lang=one.language,
            ),
            text=one.description,
            language=one.language,
            states=(one.lead_state_id, *one.co_states),
            topics=tuple(item.topic_id for item in one.items),
            period=(one.starts_on, one.ends_on),
        )
        for one in rows
    }


async def offer_sides(actor: Actor, ids: Sequence[UUID]) -> Sides:
    if not ids:
        return {}
    rows = await visible_offers(actor).filter(id__in=ids).prefetch_related("slots")
    return {
        one.id: Side(
            row=QueueRow(
                href=f"/offers/{one.public_id}",
                public_id=one.public_id,
                title=one.title,
                machine="offer",
                state=one.state.value,
                since=one.submitted_at,
                lang=one.language,
            ),
            text=one.description,
            language=one.language,
            topics=tuple(slot.topic_id for slot in one.slots),
            period=(one.starts_on, one.ends_on),
        )
        for one in rows
    }


async def organization_sides(actor: Actor, ids: Sequence[UUID]) -> Sides:
    """To UNODC alone, which sees every organization."""
    if not ids or not actor.is_secretariat:
        return {}
    found: QuerySet[Organization] = Organization.filter(id__in=ids)
    return {
        one.id: Side(
            row=QueueRow(
                href=f"/organizations/{one.public_id}",
                public_id=one.public_id,
                title=one.name,
                machine="verification",
                state=one.verification.value if one.verification else "",
            ),
            states=(one.state_id,) if one.state_id else (),
            provider=one.kind.value,
        )
        for one in await found
    }


async def activity_sides(actor: Actor, ids: Sequence[UUID]) -> Sides:
    if not ids:
        return {}
    rows = await visible_activities(actor).filter(id__in=ids)
    return {
        one.id: Side(
            row=QueueRow(
                href=f"/activities/{one.id}",
                public_id=one.identifier,
                title=one.title,
                machine="activity",
                state="",
                lang=one.language,
            ),
            text=one.description,
            language=one.language,
            states=tuple(one.states),
            topics=tuple(one.topics),
            period=(one.starts_on, one.ends_on),
            provider=one.provider,
        )
        for one in rows
    }


async def undertaking_sides(actor: Actor, ids: Sequence[UUID]) -> Sides:
    """By the latest match under each; hidden where its request is not the reader's to see."""
    if not ids:
        return {}
    rows = await get_connection("default").execute_query_dict(UNDERTAKINGS, [list(ids)])
    asked = visible_requests(actor).filter(id__in=[row["request_id"] for row in rows])
    seen = {UUID(str(found)) for found in await asked.values_list("id", flat=True)}
    shown = {row["id"]: _undertaking(row) for row in rows if row["request_id"] in seen}
    nothing = Side(
        row=QueueRow(href="", public_id="", title=str(HIDDEN), machine="match", state=""),
        hidden=True,
    )
    return {identifier: shown.get(identifier, nothing) for identifier in ids}


def _undertaking(row: Mapping[str, Any]) -> Side:
    return Side(
        row=QueueRow(
            href=f"/matches/{row['public_id']}",
            public_id=row["public_id"],
            title=row["title"],
            machine="match",
            state=row["state"],
            since=row["approved_at"],
            lang=row["language"],
        ),
        text=row["description"],
        language=row["language"],
        states=(row["lead_state_id"],),
        topics=tuple(row["topics"] or ()),
        period=(row["first"], row["last"]),
        provider=row["provider"],
    )
