"""The few numbers that each role reads first."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from concord.actor import PROVIDER_ROLES, STATE_ROLES, Actor, Role
from concord.home.queries import delivery_counts, match_counts, offer_counts, request_counts
from concord.web.elements import Tile
from concord.web.i18n import LazyMessage
from concord.web.i18n import lazy as N_

DECIDING = ("proposed", "state_consented", "partner_accepted")
SEVERAL = frozenset({"matches", "deliveries"})
"""Lists that take several states at once."""
AGREEING = ("approved", "agreed")
UNDER_WAY = ("planned", "running", "reported", "disputed")


@dataclass(frozen=True, slots=True)
class Figure:
    """A tile: what it counts, and the list behind it."""

    label: LazyMessage
    area: str
    states: Sequence[str]

    def tile(self, counts: Mapping[str, Mapping[str, int]]) -> Tile:
        value = sum(counts[self.area].get(state, 0) for state in self.states)
        query = "&".join(f"state={state}" for state in self.states)
        several = self.area in SEVERAL or len(self.states) == 1
        href = f"/{self.area}?{query}" if several else f"/{self.area}"
        return Tile(self.label, value, href)


OF_STATES = (
    Figure(N_("Drafts"), "requests", ("draft", "returned")),
    Figure(N_("Under review"), "requests", ("submitted", "no_objection")),
    Figure(N_("Open requests"), "requests", ("open", "partially_met")),
    Figure(N_("Matches being decided"), "matches", DECIDING),
    Figure(N_("Matches approved and agreed"), "matches", AGREEING),
    Figure(N_("Deliveries to confirm"), "deliveries", ("reported",)),
)
OF_PROVIDERS = (
    Figure(N_("Published offers"), "offers", ("published",)),
    Figure(N_("Open requests"), "requests", ("open", "partially_met")),
    Figure(N_("Matches being decided"), "matches", DECIDING),
    Figure(N_("Matches approved and agreed"), "matches", AGREEING),
    Figure(N_("Deliveries to report"), "deliveries", ("running", "disputed")),
)
OF_COORDINATORS = (
    Figure(N_("Requests to review"), "requests", ("submitted",)),
    Figure(N_("Open requests"), "requests", ("open", "partially_met")),
    Figure(N_("Offers to review"), "offers", ("submitted",)),
    Figure(N_("Published offers"), "offers", ("published",)),
    Figure(N_("Matches being decided"), "matches", DECIDING),
    Figure(N_("Matches approved and agreed"), "matches", AGREEING),
    Figure(N_("Deliveries under way"), "deliveries", UNDER_WAY),
)
OF_APPROVERS = (
    Figure(N_("To approve"), "matches", ("partner_accepted",)),
    Figure(N_("Matches being decided"), "matches", DECIDING),
    Figure(N_("Matches approved and agreed"), "matches", AGREEING),
    Figure(N_("Disputed deliveries"), "deliveries", ("disputed",)),
    Figure(N_("Open requests"), "requests", ("open", "partially_met")),
)
FIGURES: dict[Role, tuple[Figure, ...]] = {
    **{role: OF_STATES for role in STATE_ROLES},
    **{role: OF_PROVIDERS for role in PROVIDER_ROLES},
    Role.COORDINATOR: OF_COORDINATORS,
    Role.APPROVER: OF_APPROVERS,
}
COUNTS = {
    "requests": request_counts,
    "offers": offer_counts,
    "matches": match_counts,
    "deliveries": delivery_counts,
}


async def tiles(actor: Actor) -> list[Tile]:
    """One query an area; roles without case work have none."""
    wanted = FIGURES.get(actor.role, ()) if actor.role else ()
    counts = {area: await COUNTS[area](actor) for area in {figure.area for figure in wanted}}
    return [figure.tile(counts) for figure in wanted]
