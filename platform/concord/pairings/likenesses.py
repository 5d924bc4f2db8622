"""What is known already of the closest sentences of a request and its candidates."""

import json
from uuid import UUID

from tortoise.connection import get_connection

from concord.pairings.values import Likeness

KNOWN = """
SELECT offer_id, explanation->'closest' AS closest FROM pairing
WHERE request_id = $1 AND explanation ? 'closest'
"""


async def likenesses_of(request_id: UUID) -> dict[str, Likeness]:
    """By offer; each says with its mark of which texts it was found."""
    rows = await get_connection("default").execute_query_dict(KNOWN, [request_id])
    return {str(row["offer_id"]): json.loads(row["closest"]) for row in rows}
