"""What is asked for and not given: by topic and region, for those who could give it."""

from starlette.requests import Request as WebRequest
from starlette.responses import Response

from concord.demand.policy import may_see_demand
from concord.demand.queries import Demand, unmet_demand
from concord.errors import NotFound
from concord.web.code_names import topic_name
from concord.web.elements import Column
from concord.web.i18n import gettext as _
from concord.web.pagination import csv_response
from concord.web.rendering import render
from concord.web.routing import page


async def demand(request: WebRequest) -> Response:
    """Unknown to everyone else."""
    if not may_see_demand(request.state.actor):
        raise NotFound
    found = await unmet_demand()
    if request.query_params.get("format") == "csv":
        return _csv(found)
    regions = [_(region) for region in found.regions] if found else []
    columns = [
        Column(_("Topics")),
        *(Column(region, numeric=True) for region in regions),
        Column(_("Everywhere"), numeric=True),
    ]
    return render(request, "demand/show.html", found=found, regions=regions, columns=columns)


def _csv(found: Demand | None) -> Response:
    regions = [_(region) for region in found.regions] if found else []
    rows = found.rows if found else []
    return csv_response(
        "unmet-demand.csv",
        [_("Topics"), *regions, _("Everywhere")],
        ([topic_name(row.group), *map(_cell, row.cells), _cell(row.total)] for row in rows),
    )


def _cell(value: int | None) -> str:
    """An empty cell and a small one look alike."""
    return "" if value is None else str(value)


routes = [page("/demand", demand, name="demand")]
