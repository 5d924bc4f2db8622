"""Sessions: the visitor behind a cookie, in one query that also tells the database who acts."""

import json
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from starlette.requests import Request
from tortoise.connection import get_connection

from concord.accounts.lifetimes import IDLE
from concord.accounts.secrets import digest
from concord.actor import STATE_ROLES, Actor, Role, Seat
from concord.web.visitor import Visitor

TOUCH_EVERY = timedelta(minutes=1)

LOAD = """
SELECT s.id AS session_id, s.csrf_token, s.seen_at, p.id AS person_id, p.name, p.locale,
       m.id AS membership_id, m.role, m.states, m.accreditation,
       o.id AS organization_id, o.name AS organization_name, o.kind, o.state_id, o.verification,
       unread_notices(p.id) AS unread,
       (SELECT jsonb_agg(jsonb_build_array(x.id, x.role, y.id, y.name) ORDER BY y.name, x.role)
          FROM membership x JOIN organization y ON y.id = x.organization_id
         WHERE x.person_id = p.id AND x.ended_at IS NULL) AS seats,
       set_config('app.beyond', '', true), set_config('app.actor', p.id::text, true),
       set_config('app.role', coalesce(m.role, ''), true),
       set_config('app.organization', coalesce(o.id::text, ''), true),
       set_config('app.state', CASE WHEN m.role = ANY($4) THEN coalesce(o.state_id, '')
                  ELSE '' END, true),
       set_config('app.states', coalesce(m.states::text, ''), true),
       set_config('app.standing', CASE WHEN m.role = ANY($4) AND m.accreditation = 'accredited'
                  OR m.role <> ALL($4) AND o.verification = 'verified' THEN 'good'
                  ELSE '' END, true)
FROM session s
JOIN person p ON p.id = s.person_id AND p.state = 'active'
LEFT JOIN membership m ON m.id = s.membership_id AND m.ended_at IS NULL
LEFT JOIN organization o ON o.id = m.organization_id
WHERE s.digest = $1 AND s.ended_at IS NULL AND s.expires_at > $2 AND s.seen_at > $3
"""


def cookie_digest(token: str) -> str:
    """What is stored of a session's 256-bit token."""
    return digest(token)


async def load_visitor(request: Request, now: datetime) -> Visitor:
    """Who is behind the session cookie; nobody, when it is missing, ended, idle or too old."""
    token = request.cookies.get(request.app.state.settings.cookie_name)
    return await visitor_of(token, now) if token else Visitor()


async def visitor_of(token: str, now: datetime) -> Visitor:
    """Who is behind a session's token."""
    rows = await get_connection("default").execute_query_dict(
        LOAD, [cookie_digest(token), now, now - IDLE, sorted(STATE_ROLES)]
    )
    if not rows:
        return Visitor()
    row = rows[0]
    if now - row["seen_at"] > TOUCH_EVERY:
        await get_connection("default").execute_query(
            "UPDATE session SET seen_at = $1 WHERE id = $2", [now, row["session_id"]]
        )
    return Visitor(_actor(row), row["session_id"], row["csrf_token"], row["unread"])


def _actor(row: dict[str, Any]) -> Actor:
    role = Role(row["role"]) if row["role"] else None
    accredited = row["accreditation"] == "accredited"
    return Actor(
        person_id=row["person_id"],
        name=row["name"],
        role=role,
        membership_id=row["membership_id"],
        organization_id=row["organization_id"],
        organization_name=row["organization_name"] or "",
        organization_kind=row["kind"] or "",
        organization_verified=row["verification"] == "verified",
        state=row["state_id"] if role in STATE_ROLES else None,
        states=frozenset(row["states"] or ()),
        accredited=accredited,
        locale=row["locale"],
        seats=tuple(
            Seat(UUID(membership), Role(held), UUID(organization), name)
            for membership, held, organization, name in json.loads(row["seats"] or "[]")
        ),
    )
