"""The table of unmet demand as it was stored: small cells are not in it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from concord.demand.models import UnmetDemand


@dataclass(frozen=True, slots=True)
class Row:
    """A topic group; `cells` in the order of the regions, None for “few”."""

    group: str
    cells: Sequence[int | None]
    total: int | None


@dataclass(frozen=True, slots=True)
class Demand:
    as_of: date
    regions: Sequence[str]
    rows: Sequence[Row]


async def unmet_demand() -> Demand | None:
    """The latest table; a total is told only where every cell under it is."""
    found = await UnmetDemand.all().order_by("-as_of").first()
    if found is None:
        return None
    cells = {(str(group), str(region)): _number(value) for group, region, value in found.cells}
    regions = sorted({region for _group, region in cells})
    groups = sorted({group for group, _region in cells})
    rows = [_row(group, [cells.get((group, region)) for region in regions]) for group in groups]
    return Demand(found.as_of, regions, rows)


def _row(group: str, cells: list[int | None]) -> Row:
    known = [value for value in cells if value is not None]
    return Row(group, cells, sum(known) if len(known) == len(cells) else None)


def _number(value: str | int | None) -> int | None:
    return value if isinstance(value, int) else None
