"""Counts open requests with something unmet, for the clock alone: nobody else reads them so."""

from tortoise.connection import get_connection

from concord.reference.queries import code_lists
from concord.requests.states import CIRCULATED_CLASSES, MATCHABLE
from concord.small_cells import Cell, Key

# Hidden: what not every verified provider sees in the list of requests. One that excludes anybody
# is among them for all alike, so that what the table has and a list lacks never proves it; what a
# list has and the table lacks may be reserved, which providers are not told.
UNMET = """
SELECT DISTINCT i.topic_id, r.id, r.lead_state_id AS state,
  NOT (r.confidentiality = ANY($2) AND r.circulated_at IS NOT NULL)
  OR EXISTS (SELECT FROM request_exclusion e WHERE e.request_id = r.id) AS hidden
FROM request r JOIN request_item i ON i.request_id = r.id
WHERE r.state = ANY($1) AND i.reserved + i.delivered < coalesce(i.quantity, 1)
"""


async def unmet_cells() -> dict[Key, Cell]:
    """By topic group and the region of the lead State; a cell for every combination."""
    rows = await get_connection("default").execute_query_dict(
        UNMET, [sorted(MATCHABLE), sorted(CIRCULATED_CLASSES)]
    )
    lists = await code_lists()
    regions = sorted({state.region for state in lists.states.values() if state.region})
    groups = sorted({lists.topic_group(code).code for code in lists.topics})
    found: dict[Key, set[tuple[str, str, bool]]] = {
        (group, region): set() for group in groups for region in regions
    }
    for row in rows:
        place = lists.topic_group(row["topic_id"]).code, lists.states[row["state"]].region
        found.setdefault(place, set()).add((str(row["id"]), row["state"], row["hidden"]))
    return {key: _cell(requests) for key, requests in found.items()}


def _cell(requests: set[tuple[str, str, bool]]) -> Cell:
    shown = [state for _id, state, hidden in requests if not hidden]
    sealed = [state for _id, state, hidden in requests if hidden]
    return Cell(
        shown=len(shown),
        shown_states=len(set(shown)),
        hidden=len(sealed),
        hidden_states=len(set(sealed)),
        states=len({*shown, *sealed}),
    )
