"""The main navigation of each role."""

from collections.abc import Sequence

from starlette.requests import Request

from concord.actor import PROVIDER_ROLES, PUBLIC, STATE_ROLES, Actor, Role
from concord.web.elements import NavItem
from concord.web.i18n import LazyMessage
from concord.web.i18n import lazy as N_

HOME = (N_("Home"), "/")
REQUESTS = (N_("Requests"), "/requests")
OFFERS = (N_("Offers"), "/offers")
MATCHES = (N_("Matches"), "/matches")
DELIVERIES = (N_("Deliveries"), "/deliveries")
WORKBENCH = (N_("Workbench"), "/workbench")
PORTFOLIO = (N_("Portfolio"), "/portfolio")
DUPLICATES = (N_("Duplicates"), "/duplicates")
ACTIVITIES = (N_("Activities"), "/activities")
ORGANIZATIONS = (N_("Organizations"), "/organizations")
PEOPLE = (N_("People"), "/admin/people")
CODE_LISTS = (N_("Code lists"), "/admin/code-lists")
DEMAND = (N_("Unmet demand"), "/demand")
MATCHER = (N_("Matcher"), "/matcher/models")
AUDIT = (N_("Audit trail"), "/audit")
SUMMARIES = (N_("Public requests"), "/summaries")
STATISTICS = (N_("Statistics"), "/statistics")
HELP = (N_("Help"), "/help")

Place = tuple[LazyMessage, str]
OF_STATES = (HOME, REQUESTS, MATCHES, DELIVERIES, OFFERS, ACTIVITIES)
OF_PROVIDERS = (HOME, OFFERS, REQUESTS, MATCHES, DELIVERIES, DEMAND, ACTIVITIES)
PLACES: dict[Role | None, tuple[Place, ...]] = {
    **{role: OF_STATES for role in STATE_ROLES},
    **{role: OF_PROVIDERS for role in PROVIDER_ROLES},
    Role.COORDINATOR: (
        *(HOME, WORKBENCH, PORTFOLIO, REQUESTS, OFFERS, MATCHES, DELIVERIES),
        *(DUPLICATES, ACTIVITIES, ORGANIZATIONS),
    ),
    Role.APPROVER: (HOME, MATCHES, DELIVERIES, REQUESTS, OFFERS, ACTIVITIES, ORGANIZATIONS),
    Role.DUE_DILIGENCE: (HOME, ORGANIZATIONS, OFFERS),
    Role.AUDITOR: (HOME, AUDIT, REQUESTS, MATCHES, ORGANIZATIONS, MATCHER),
    Role.ADMIN: (HOME, PEOPLE, ORGANIZATIONS, ACTIVITIES, CODE_LISTS, MATCHER),
    Role.DONOR: (HOME, OFFERS),
    None: (HOME, OFFERS, SUMMARIES, STATISTICS, HELP),
}


def navigation(request: Request) -> Sequence[NavItem]:
    """What the top bar shows to whoever asks; the place that is open is marked."""
    actor: Actor = getattr(request.state, "actor", PUBLIC)
    path = request.url.path
    return [NavItem(label, href, _is_open(href, path)) for label, href in PLACES[actor.role]]


def _is_open(href: str, path: str) -> bool:
    return path == href if href == "/" else path == href or path.startswith(f"{href}/")
