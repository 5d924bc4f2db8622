"""The life of a request: states, transitions, and who may make them."""

from enum import StrEnum

from concord.actor import FOCAL_POINTS, Role
from concord.machine import Machine, rule, stay


class RequestState(StrEnum):
    DRAFT = "draft"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    NO_OBJECTION = "no_objection"
    OPEN = "open"
    PARTIALLY_MET = "partially_met"
    MET = "met"
    CLOSED = "closed"
    FOLLOWED_UP = "followed_up"
    SUSPENDED = "suspended"
    REFERRED = "referred"
    WITHDRAWN = "withdrawn"
    MERGED = "merged"


class Confidentiality(StrEnum):
    """Who may learn of a request, from everyone to those named."""

    PUBLIC = "public"
    PARTNERS = "partners"
    RESTRICTED = "restricted"
    SEALED = "sealed"


_S = RequestState
TERMINAL = frozenset({_S.FOLLOWED_UP, _S.REFERRED, _S.WITHDRAWN, _S.MERGED})
EDITABLE = frozenset({_S.DRAFT, _S.RETURNED})
OPEN_STATES = frozenset({_S.OPEN, _S.PARTIALLY_MET, _S.MET})
"""States in which a request is worked on with providers."""
MATCHABLE = frozenset({_S.OPEN, _S.PARTIALLY_MET})
"""States in which new pairings are ranked and proposed."""
DISCLOSABLE = OPEN_STATES | {_S.SUSPENDED, _S.CLOSED, _S.FOLLOWED_UP}
"""States in which a provider with the State's consent goes on seeing a request."""
SUMMARIZED = OPEN_STATES | {_S.CLOSED, _S.FOLLOWED_UP}
"""States in which a published summary stays public."""
CIRCULATED_CLASSES = frozenset({Confidentiality.PUBLIC, Confidentiality.PARTNERS})
STRICTNESS = tuple(Confidentiality)
"""From the widest class to the narrowest."""
ENDED_MATCHES = frozenset(
    {"closed", "declined_by_state", "declined_by_partner", "rejected", "lapsed", "cancelled"}
)
"""Terminal states of a match, named here since matches build on requests."""
SUSPENDABLE = frozenset({_S.NO_OBJECTION, _S.OPEN, _S.PARTIALLY_MET, _S.MET})
MERGEABLE = SUSPENDABLE | {_S.SUBMITTED, _S.SUSPENDED}
COORDINATOR = {Role.COORDINATOR}

MACHINE: Machine[RequestState] = Machine(
    name="request",
    states=RequestState,
    initial=_S.DRAFT,
    terminal=TERMINAL,
    rules={
        "submit": rule({_S.DRAFT, _S.RETURNED}, {_S.SUBMITTED}, FOCAL_POINTS),
        "confirm": stay({_S.SUBMITTED}, FOCAL_POINTS),
        "decline": rule({_S.SUBMITTED}, {_S.RETURNED}, FOCAL_POINTS),
        "review": rule({_S.SUBMITTED}, {_S.NO_OBJECTION, _S.OPEN}, COORDINATOR),
        "return": rule({_S.SUBMITTED}, {_S.RETURNED}, COORDINATOR),
        "ask_referral": stay({_S.SUBMITTED}, COORDINATOR),
        "refuse_referral": stay({_S.SUBMITTED}, {Role.APPROVER}),
        "refer": rule({_S.SUBMITTED}, {_S.REFERRED}, {Role.APPROVER}),
        "agree": stay({_S.NO_OBJECTION}, FOCAL_POINTS),
        "object": rule({_S.NO_OBJECTION}, {_S.OPEN}, FOCAL_POINTS),
        "open": rule({_S.NO_OBJECTION}, {_S.OPEN}, FOCAL_POINTS, clock=True),
        "import": rule({_S.DRAFT}, {_S.OPEN}, COORDINATOR),
        "change_scope": stay(set(OPEN_STATES), FOCAL_POINTS),
        "derive": rule(set(OPEN_STATES), set(OPEN_STATES), FOCAL_POINTS, clock=True),
        "close": rule(set(OPEN_STATES), {_S.CLOSED}, FOCAL_POINTS, clock=True),
        "follow_up": rule({_S.CLOSED}, {_S.FOLLOWED_UP}, FOCAL_POINTS, clock=True),
        "suspend": rule(set(SUSPENDABLE), {_S.SUSPENDED}, FOCAL_POINTS),
        "resume": rule({_S.SUSPENDED}, set(SUSPENDABLE), FOCAL_POINTS),
        "withdraw": rule(
            set(_S) - TERMINAL - {_S.CLOSED}, {_S.WITHDRAWN}, FOCAL_POINTS | COORDINATOR
        ),
        "ask_merge": stay(set(MERGEABLE), COORDINATOR),
        "confirm_merge": stay(set(MERGEABLE), FOCAL_POINTS),
        "decline_merge": stay(set(MERGEABLE), FOCAL_POINTS),
        "drop_merge": stay(set(MERGEABLE), COORDINATOR),
        "merge": rule(set(MERGEABLE), {_S.MERGED}, FOCAL_POINTS),
    },
)
