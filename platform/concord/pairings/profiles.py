"""Rows of requests and offers as the matcher's profiles."""

import json
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from tortoise.connection import get_connection

from concord.reference.code_lists import CodeLists
from concord.reference.queries import code_lists
from concord.requests.states import MATCHABLE
from matching.types import (
    Funding,
    ItemProfile,
    OfferProfile,
    RequestProfile,
    SlotProfile,
    TopicTree,
    Window,
)

# Of an offer's provider, in the topics that the offer names: a look into an index for each offer
# took less time than joining a sum over all of them.
DELIVERIES = """
  (SELECT count(DISTINCT t.delivery_id) FROM offer_slot s
     JOIN track_record t ON t.organization_id = o.organization_id AND t.topic_id = s.topic_id
    WHERE s.offer_id = o.id AND s.retired_at IS NULL)"""

OFFER_FINGERPRINTS = f"""
SELECT o.id, concat_ws('|', o.version, extract(epoch FROM o.updated_at), p.version,
  (SELECT string_agg(concat_ws(',', s.id, s.version, s.capacity, s.held, s.reserved, s.delivered),
                     ';' ORDER BY s.id) FROM offer_slot s WHERE s.offer_id = o.id
      AND s.retired_at IS NULL),
  (SELECT string_agg(e.state_id, ',' ORDER BY e.state_id) FROM offer_exclusion e
    WHERE e.offer_id = o.id),{DELIVERIES}) AS fingerprint
FROM offer o JOIN organization p ON p.id = o.organization_id
WHERE o.state = 'published' AND p.verification = 'verified'
  AND ($1::uuid[] IS NULL OR o.id = ANY($1))
"""  # noqa: S608 - constants

REQUEST_FINGERPRINTS = """
SELECT r.id, concat_ws('|', r.version, extract(epoch FROM r.updated_at),
  (SELECT string_agg(concat_ws(',', i.id, i.version, i.topic_id, i.modality_id, i.quantity,
                     i.unit_id, i.reserved, i.delivered), ';' ORDER BY i.id)
     FROM request_item i WHERE i.request_id = r.id),
  (SELECT string_agg(q.state_id, ',' ORDER BY q.state_id) FROM request_party q
    WHERE q.request_id = r.id),
  (SELECT string_agg(x.organization_id::text, ',' ORDER BY x.organization_id)
     FROM request_exclusion x WHERE x.request_id = r.id)) AS fingerprint
FROM request r WHERE r.state = ANY($2) AND ($1::uuid[] IS NULL OR r.id = ANY($1))
"""

OFFERS = f"""
SELECT o.id, o.title, o.description, o.language, o.organization_id, p.kind, p.state_id,
  p.verification = 'verified' AS verified,
  o.directed_state_id, o.delivery_languages, o.regions, o.tags, o.past, o.starts_on, o.ends_on,
  (SELECT jsonb_agg(jsonb_build_array(s.id, s.topic_id, s.modality_id,
       s.capacity - s.held - s.reserved - s.delivered, s.unit_id, s.funding,
       s.starts_on, s.ends_on) ORDER BY s.position)
     FROM offer_slot s
    WHERE s.offer_id = o.id AND s.retired_at IS NULL) AS slots,
  (SELECT array_agg(e.state_id ORDER BY e.state_id) FROM offer_exclusion e
    WHERE e.offer_id = o.id) AS excluded,
  {DELIVERIES.strip()} AS track_record
FROM offer o JOIN organization p ON p.id = o.organization_id
WHERE o.id = ANY($1)
"""  # noqa: S608 - constants

REQUESTS = """
SELECT r.id, r.title, r.description, r.outcome, r.language, r.lead_state_id, r.working_languages,
  r.tags, r.starts_on, r.ends_on, r.urgent,
  (SELECT jsonb_agg(jsonb_build_array(i.id, i.topic_id, i.modality_id, i.beneficiary_id,
       i.quantity - i.reserved - i.delivered, i.unit_id) ORDER BY i.position)
     FROM request_item i WHERE i.request_id = r.id
      AND (i.quantity IS NULL OR i.reserved + i.delivered < i.quantity)) AS items,
  (SELECT array_agg(q.state_id ORDER BY q.state_id) FROM request_party q
    WHERE q.request_id = r.id) AS co_states,
  (SELECT array_agg(x.organization_id::text ORDER BY x.organization_id) FROM request_exclusion x
    WHERE x.request_id = r.id) AS excluded
FROM request r WHERE r.id = ANY($1)
"""


async def offer_fingerprints(
    among: Sequence[str] | None = None, *, below: UUID | None = None
) -> dict[str, str]:
    """Every offer that may be ranked, with a text that changes whenever its profile may have.

    `below`: those alone whose id is less.
    """
    if below is None:
        return await _fingerprints(OFFER_FINGERPRINTS, [among])
    return await _fingerprints(f"{OFFER_FINGERPRINTS} AND o.id < $2", [among, below])


async def request_fingerprints(among: Sequence[str] | None = None) -> dict[str, str]:
    """Every request that is being matched, with such a text."""
    return await _fingerprints(REQUEST_FINGERPRINTS, [among, sorted(MATCHABLE)])


async def _fingerprints(query: str, values: list[Any]) -> dict[str, str]:
    rows = await get_connection("default").execute_query_dict(query, values)
    return {str(row["id"]): row["fingerprint"] for row in rows}


async def offer_profiles(ids: Sequence[str]) -> list[OfferProfile]:
    rows = await get_connection("default").execute_query_dict(OFFERS, [[UUID(i) for i in ids]])
    return [_offer(row) for row in rows]


async def request_profiles(ids: Sequence[str]) -> list[RequestProfile]:
    rows = await get_connection("default").execute_query_dict(REQUESTS, [list(ids)])
    lists = await code_lists()
    return [_request(row, lists) for row in rows]


async def request_profile(request_id: UUID) -> RequestProfile | None:
    found = await request_profiles([str(request_id)])
    return found[0] if found else None


async def topic_tree() -> TopicTree:
    topics = (await code_lists()).topics.values()
    return TopicTree(
        parents={topic.code: topic.parent_code for topic in topics if topic.parent_code},
        related={topic.code: tuple(topic.related) for topic in topics if topic.related},
    )


def _offer(row: Mapping[str, Any]) -> OfferProfile:
    return OfferProfile(
        id=str(row["id"]),
        title=row["title"],
        text=row["description"],
        language=row["language"],
        organization=str(row["organization_id"]),
        organization_kind=row["kind"],
        organization_state=row["state_id"] if row["kind"] == "state" else None,
        verified=row["verified"],
        slots=tuple(_slot(values) for values in json.loads(row["slots"] or "[]")),
        delivery_languages=tuple(row["delivery_languages"]),
        regions=tuple(row["regions"]),
        directed_state=row["directed_state_id"],
        excluded_states=tuple(row["excluded"] or ()),
        window=Window(row["starts_on"], row["ends_on"]),
        past=tuple(row["past"]),
        tags=tuple(row["tags"]),
        track_record=row["track_record"],
    )


def _slot(values: list[Any]) -> SlotProfile:
    identifier, topic, modality, left, unit, funding, start, end = values
    return SlotProfile(
        id=identifier,
        topic=topic,
        modality=modality,
        capacity_left=left,
        unit=unit,
        funding=Funding(funding),
        window=Window(_date(start), _date(end)),
    )


def _request(row: Mapping[str, Any], lists: CodeLists) -> RequestProfile:
    state = lists.states[row["lead_state_id"]]
    items = (
        ItemProfile(
            id=i, topic=topic, modality=modality, beneficiary=institution, quantity=n, unit=u
        )
        for i, topic, modality, institution, n, u in json.loads(row["items"] or "[]")
    )
    return RequestProfile(
        id=str(row["id"]),
        title=row["title"],
        text="\n".join(filter(None, (row["description"], row["outcome"]))),
        language=row["language"],
        items=tuple(items),
        state=state.code,
        co_states=tuple(row["co_states"] or ()),
        regions=(state.region, state.subregion),
        ldc=state.ldc,
        lldc=state.lldc,
        sids=state.sids,
        working_languages=tuple(row["working_languages"]),
        window=Window(row["starts_on"], row["ends_on"]),
        tags=tuple(row["tags"]),
        excluded_organizations=tuple(row["excluded"] or ()),
        urgent=row["urgent"],
    )


def _date(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
