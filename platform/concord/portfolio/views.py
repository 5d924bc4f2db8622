"""What the portfolio's page shows of a run."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from concord.actor import Actor
from concord.errors import Text
from concord.matches.states import MatchState
from concord.offers.models import Offer
from concord.pairings import wording
from concord.pairings.models import Pairing
from concord.portfolio.models import PortfolioRun
from concord.portfolio.queries import (
    ended_matches,
    offers_named,
    pairings_of,
    requests_named,
    units_of,
)
from concord.reference.code_lists import CodeLists
from concord.reference.queries import code_lists
from concord.requests.models import Request
from concord.web.code_names import unit_name
from concord.web.i18n import LazyMessage
from concord.web.i18n import lazy as N_

REASONS_SHOWN = 2
COMPARED: Mapping[str, LazyMessage] = {
    "plan": N_("This portfolio"),
    "without_floor": N_("Without the floor"),
    "each_best": N_("Each takes its best"),
    "first_come": N_("First come, first served"),
}
UNMET: Mapping[str, LazyMessage] = {
    "nothing": N_("No offer is possible at present"),
    "by_hand": N_(
        "Only by hand: units, dates or capacity need a second thought, or it is proposed already"
    ),
    "excluded": N_("You ruled its offers out"),
    "declined": N_(
        "Declined: to be proposed again 180 days later, or once one of them has changed"
    ),
    "far": N_("The slots that are left are on topics too far from it"),
    "floor": N_("Its offers are below the floor"),
    "taken": N_("The capacity that it could use serves others better"),
}


@dataclass(frozen=True, slots=True)
class RowView:
    """One row: a request with the offer proposed for it."""

    pair: str
    request: str
    title: str
    language: str
    state: str
    urgent: bool
    offer: str
    offer_title: str
    offer_language: str
    organization: str
    score: float
    rank: int
    lines: Sequence[tuple[str, int]]
    """Of each line the item and how much it would get, in the item's unit."""
    reasons: Sequence[str]
    kept: bool
    match: str = ""
    ended: MatchState | None = None
    """How the match came to nothing; the row may be proposed again."""
    refused: Sequence[Text] = ()


@dataclass(frozen=True, slots=True)
class Left:
    """An item that the plan leaves open."""

    request: str
    title: str
    language: str
    why: LazyMessage
    links_to_reasons: bool


@dataclass(frozen=True, slots=True)
class Compared:
    """One way to give out what there is, counted like the others."""

    label: LazyMessage
    served: int
    total: float
    least: float


def comparison(run: PortfolioRun) -> list[Compared]:
    return [
        Compared(label, found["served"], found["total"], found["least"])
        for name, label in COMPARED.items()
        if (found := run.figures.get(name))
        and (name != "without_floor" or run.figures.get("floor") is not None)
    ]


async def row_views(actor: Actor, run: PortfolioRun, part: slice) -> list[RowView]:
    """Rows of requests and offers that the actor still sees; four queries at most."""
    rows = run.rows[part]
    requests = await requests_named(actor, {row["request"] for row in rows})
    offers = await offers_named(actor, {row["offer"] for row in rows})
    pairings = await pairings_of(requests.values(), offers.values())
    ended = await ended_matches([run.outcomes.get(row["pair"], {}) for row in rows])
    lists = await code_lists()
    found = []
    for row in rows:
        request, offer = requests.get(row["request"]), offers.get(row["offer"])
        if request is None or offer is None:
            continue
        reasons = _reasons(pairings.get((request.id, offer.id)), lists)
        outcome = run.outcomes.get(row["pair"], {})
        end = ended.get(outcome.get("match", ""))
        found.append(_row(row, request, offer, reasons=reasons, outcome=outcome, ended=end))
    return found


def _row(
    row: Mapping[str, Any],
    request: Request,
    offer: Offer,
    *,
    reasons: Sequence[str],
    outcome: Mapping[str, Any],
    ended: MatchState | None,
) -> RowView:
    return RowView(
        **_of_request(request),
        pair=row["pair"],
        offer=offer.public_id,
        offer_title=offer.title,
        offer_language=offer.language,
        organization=offer.organization.name,
        score=row["score"],
        rank=row["rank"],
        lines=[(item, quantity) for item, _slot, quantity in row["lines"]],
        reasons=reasons,
        kept=row["kept"],
        match=outcome.get("match", ""),
        ended=ended,
        refused=[_text(each) for each in outcome.get("refused", ())],
    )


async def quantities(rows: Sequence[RowView]) -> dict[str, str]:
    """By pair what would be given in words, each unit by itself; one query."""
    units = await units_of({item for row in rows for item, _quantity in row.lines})
    return {row.pair: _quantities(row, units) for row in rows}


def _quantities(row: RowView, units: Mapping[str, str]) -> str:
    sums: dict[str, int] = {}
    for item, quantity in row.lines:
        unit = units.get(item, "")
        sums[unit] = sums.get(unit, 0) + quantity
    return "; ".join(f"{number} {unit_name(unit)}".strip() for unit, number in sums.items())


async def left_open(actor: Actor, run: PortfolioRun, part: slice) -> list[Left]:
    rows = run.unmet[part]
    requests = await requests_named(actor, {row["request"] for row in rows})
    return [
        Left(
            request=row["request"],
            title=requests[row["request"]].title,
            language=requests[row["request"]].language,
            why=UNMET[row["why"]],
            links_to_reasons=row["why"] == "nothing",
        )
        for row in rows
        if row["request"] in requests
    ]


def _of_request(request: Request) -> dict[str, Any]:
    return {
        "request": request.public_id,
        "title": request.title,
        "language": request.language,
        "state": request.lead_state_id,
        "urgent": request.urgent,
    }


def _reasons(pairing: Pairing | None, lists: CodeLists) -> list[str]:
    if pairing is None:
        return []
    explanation: Mapping[str, Any] = pairing.explanation
    first = explanation["reasons"][:REASONS_SHOWN]
    return [wording.reason(one["code"], one["parameters"], lists) for one in first]


def _text(kept: Mapping[str, Any]) -> Text:
    return Text(kept["words"], **kept["parameters"])
