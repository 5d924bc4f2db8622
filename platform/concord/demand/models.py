"""Table of what providers may know of unmet demand."""

from tortoise import fields

from concord.database import Record


class UnmetDemand(Record):
    """One day's table, suppressed before it was stored: nothing else of it is kept.

    `cells`: topic group, region, open requests, with None where the number is suppressed.
    """

    as_of = fields.DateField(unique=True)
    cells: fields.Field[list[list[str | int | None]]] = fields.JSONField()

    class Meta:
        table = "unmet_demand"
