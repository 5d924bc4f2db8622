"""What the preselection is and how it stands, for whoever operates the platform."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from tortoise.connection import get_connection

from concord.pairings.preselecting.editions import edition_in_force
from concord.pairings.preselecting.rows import differing

FACTS = """
SELECT (SELECT made_at FROM preselection.edition) AS made_at,
  (SELECT count(*) FROM preselection.offer) AS offers,
  (SELECT count(*) FROM preselection.offer WHERE id < $1) AS reference,
  (SELECT count(*) FROM offer WHERE state = 'published') AS published,
  pg_total_relation_size('preselection.offer') / 1048576 AS megabytes
"""


@dataclass(frozen=True, slots=True)
class Standing:
    """`differ`: offers that workers have yet to bring up to date."""

    edition: UUID
    encoder: str
    made_at: datetime
    offers: int
    reference: int
    published: int
    differ: int
    megabytes: int

    def words(self, threshold: int) -> list[str]:
        used = bool(threshold) and self.published >= threshold
        return [
            f"Edition {self.edition} of {self.made_at:%Y-%m-%d %H:%M} UTC, {self.encoder}.",
            f"{self.offers} offers, {self.megabytes} MB; {self.reference} are the reference.",
            f"{self.differ} offers differ from what is published.",
            f"{self.published} offers are published, it is used from {threshold or 'none'} on: "
            + ("the nearest are looked at." if used else "every offer is looked at."),
        ]


async def standing() -> Standing | None:
    """None where no preselection was built."""
    edition = await edition_in_force()
    if edition is None:
        return None
    rows = await get_connection("default").execute_query_dict(FACTS, [edition.bound])
    differ = len(await differing())
    return Standing(edition.id, edition.encoder, differ=differ, **rows[0])
