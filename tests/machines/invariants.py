"""What never holds in a sound database: one query for each way in which it could be broken."""

from tortoise.connection import get_connection

from concord.audit.chain import verify

ENDED = "('closed', 'declined_by_state', 'declined_by_partner', 'rejected', 'lapsed', 'cancelled')"
WAITING = "EXISTS (SELECT FROM task t WHERE t.subject_id = {}.id AND t.closed_at IS NULL)"
BREAKS = {
    "a slot's counts are not those of its lines": """
        SELECT s.id FROM offer_slot s LEFT JOIN match_line l ON l.slot_id = s.id
        LEFT JOIN match m ON m.id = l.match_id WHERE s.capacity IS NOT NULL
        GROUP BY s.id HAVING s.held + s.reserved + s.delivered > s.capacity
          OR s.held <> coalesce(sum(l.slot_quantity)
            FILTER (WHERE l.status = 'held' AND m.hold_lost_at IS NULL), 0)
          OR s.reserved <> coalesce(sum(l.slot_quantity - l.delivered_slot)
            FILTER (WHERE l.status = 'reserved'), 0)
          OR s.delivered <> coalesce(sum(l.delivered_slot), 0)""",
    "an item's counts are not those of its lines": """
        SELECT i.id FROM request_item i LEFT JOIN match_line l ON l.item_id = i.id
        GROUP BY i.id HAVING i.reserved + i.delivered > coalesce(i.quantity, 0)
          OR i.reserved <> coalesce(sum(l.item_quantity - l.delivered_item)
            FILTER (WHERE l.status = 'reserved'), 0)
          OR i.delivered <> coalesce(sum(l.delivered_item), 0)""",
    "a line's delivered part is not what its deliveries confirmed": """
        SELECT l.id FROM match_line l LEFT JOIN delivery_line d ON d.line_id = l.id
        LEFT JOIN delivery y ON y.id = d.delivery_id AND y.state = 'confirmed'
        GROUP BY l.id HAVING l.delivered_item <> coalesce(sum(d.confirmed_quantity)
          FILTER (WHERE y.id IS NOT NULL), 0)""",
    "an item's unconfirmed part is not what no State confirmed": """
        SELECT i.id FROM request_item i LEFT JOIN match_line l ON l.item_id = i.id
        LEFT JOIN delivery_line d ON d.line_id = l.id
        LEFT JOIN delivery y ON y.id = d.delivery_id AND y.confirmed_by IN ('silence', 'unodc')
        GROUP BY i.id HAVING i.unconfirmed <> coalesce(sum(d.confirmed_quantity)
          FILTER (WHERE y.id IS NOT NULL), 0)""",
    "the deliveries of a line exceed it": """
        SELECT l.id FROM match_line l JOIN delivery_line d ON d.line_id = l.id
        JOIN delivery y ON y.id = d.delivery_id AND y.state <> 'cancelled'
        GROUP BY l.id HAVING l.item_quantity
          < sum(coalesce(d.confirmed_quantity, d.reported_quantity, d.quantity))""",
    "lines are not where their match is": f"""
        SELECT m.id FROM match m JOIN match_line l ON l.match_id = m.id
        WHERE l.status <> CASE
          WHEN m.state IN {ENDED} OR m.state IN ('delivered', 'evaluated') THEN 'released'
          WHEN m.state IN ('proposed', 'state_consented', 'partner_accepted') THEN 'held'
          ELSE 'reserved' END""",
    "an ended match leaves something waiting, shared or going on": f"""
        SELECT m.id FROM match m WHERE m.state IN {ENDED} AND (
          {WAITING.format("m")}
          OR EXISTS (SELECT FROM disclosure d WHERE d.match_id = m.id AND d.ended_at IS NULL)
          OR EXISTS (SELECT FROM delivery y WHERE y.match_id = m.id
             AND (y.state NOT IN ('confirmed', 'cancelled') OR {WAITING.format("y")})))""",
    "nobody and no clock is waited for": f"""
        SELECT m.id FROM match m WHERE m.state NOT IN {ENDED} AND m.state <> 'suspended'
          AND m.due_at IS NULL AND NOT {WAITING.format("m")} AND NOT EXISTS (
            SELECT FROM delivery y WHERE y.match_id = m.id
            AND y.state NOT IN ('confirmed', 'cancelled'))
        UNION ALL SELECT y.id FROM delivery y WHERE y.state IN ('reported', 'disputed')
          AND y.due_at IS NULL
        UNION ALL SELECT r.id FROM request r WHERE r.due_at IS NULL
          AND r.state IN ('submitted', 'returned', 'no_objection', 'closed')
          AND NOT {WAITING.format("r")}
        UNION ALL SELECT o.id FROM offer o WHERE o.due_at IS NULL AND o.expires_at IS NULL
          AND o.state NOT IN ('draft', 'withdrawn') AND NOT {WAITING.format("o")}""",
    "a request or an offer that ended is still waited on": f"""
        SELECT r.id FROM request r WHERE {WAITING.format("r")}
          AND r.state IN ('followed_up', 'referred', 'withdrawn', 'merged')
        UNION ALL SELECT o.id FROM offer o WHERE {WAITING.format("o")}
          AND o.state = 'withdrawn'""",
    "two undertakings overlap": """
        SELECT a.undertaking_id FROM cover a JOIN cover b ON a.undertaking_id < b.undertaking_id
        AND a.state && b.state AND a.institution && b.institution AND a.topic && b.topic
        AND a.modality && b.modality AND a.period && b.period""",
    "what is reserved or delivered is not covered, or something else is": """
        SELECT m.id FROM match m LEFT JOIN cover_part p ON p.match_id = m.id
        GROUP BY m.id HAVING (count(p.match_id) > 0) <> EXISTS (SELECT FROM match_line l
          WHERE l.match_id = m.id AND (l.status = 'reserved' OR l.delivered_item > 0))""",
    "cover is not that of its parts": """
        SELECT undertaking_id FROM (SELECT DISTINCT undertaking_id FROM cover_part) p
        FULL JOIN (SELECT DISTINCT undertaking_id FROM cover) c USING (undertaking_id)
        WHERE p IS NULL OR c IS NULL""",
    "a match was approved twice, or by who proposed it": """
        SELECT m.id FROM match m LEFT JOIN match_step s ON s.match_id = m.id AND s.verb = 'approve'
        GROUP BY m.id HAVING count(s.id) > 1 OR m.approved_by_id = m.proposed_by_id
          OR (m.approved_by_id IS NULL) <> (count(s.id) = 0)""",
    "a match is not where its last step led": """
        SELECT m.id FROM match m JOIN LATERAL (SELECT target FROM match_step s
          WHERE s.match_id = m.id ORDER BY created_at DESC LIMIT 1) s ON true
        WHERE m.state <> s.target""",
    "a delivery is not where its last step led": """
        SELECT y.id FROM delivery y JOIN LATERAL (SELECT target FROM delivery_step s
          WHERE s.delivery_id = y.id ORDER BY created_at DESC LIMIT 1) s ON true
        WHERE y.state <> s.target""",
    "a step is not in the audit trail": """
        SELECT m.id FROM match m WHERE (SELECT count(*) FROM match_step s
          WHERE s.match_id = m.id) > (SELECT count(*) FROM audit_entry a
          WHERE a.subject_id = m.id AND a.subject_kind = 'match')
        UNION ALL SELECT y.id FROM delivery y WHERE (SELECT count(*) FROM delivery_step s
          WHERE s.delivery_id = y.id) <> (SELECT count(*) FROM audit_entry a
          WHERE a.subject_id = y.id AND a.subject_kind = 'delivery')""",
    "the audit trail ends elsewhere": """
        SELECT x.id FROM (SELECT id, state, version, 'match' AS kind FROM match
          UNION ALL SELECT id, state, version, 'request' FROM request) x
        JOIN LATERAL (SELECT facts FROM audit_entry a WHERE a.subject_id = x.id
          AND a.subject_kind = x.kind AND a.facts ? 'state' ORDER BY seq DESC LIMIT 1) a ON true
        WHERE a.facts->>'state' <> x.state""",
    "a request is not where its confirmed deliveries say": """
        SELECT r.id FROM request r JOIN request_item i ON i.request_id = r.id
        WHERE r.state IN ('open', 'partially_met', 'met') GROUP BY r.id
        HAVING r.state <> CASE
          WHEN bool_and(i.quantity IS NOT NULL AND i.delivered - i.unconfirmed >= i.quantity)
            THEN 'met'
          WHEN bool_or(i.delivered - i.unconfirmed > 0) THEN 'partially_met' ELSE 'open' END""",
    "a match outlives its request": f"""
        SELECT m.id FROM match m JOIN request r ON r.id = m.request_id
        WHERE m.state NOT IN {ENDED} AND r.state IN ('withdrawn', 'merged', 'followed_up')""",
    "a proposal goes on without a request that is open": """
        SELECT m.id FROM match m JOIN request r ON r.id = m.request_id
        WHERE m.state IN ('proposed', 'state_consented', 'partner_accepted')
        AND r.state NOT IN ('open', 'partially_met', 'met')""",
}
"""Each query finds the rows that break what its name says."""


async def breaks() -> list[str]:
    """Everything that is broken now."""
    connection = get_connection("default")
    return [
        f"{name}: {[str(row['id' if 'id' in row else 'undertaking_id']) for row in rows[:3]]}"
        for name, query in BREAKS.items()
        if (rows := await connection.execute_query_dict(query))
    ]


async def check() -> None:
    """Raise unless everything holds."""
    found = await breaks()
    assert not found, found


async def check_trail() -> None:
    """The hash chain from end to end."""
    assert (await verify()).broken is None
