"""The life of a match: states, transitions, and who may make them."""

from enum import StrEnum

from concord.actor import FOCAL_POINTS, Role
from concord.machine import Machine, either, rule, stay


class MatchState(StrEnum):
    PROPOSED = "proposed"
    STATE_CONSENTED = "state_consented"
    PARTNER_ACCEPTED = "partner_accepted"
    APPROVED = "approved"
    AGREED = "agreed"
    IN_DELIVERY = "in_delivery"
    DELIVERED = "delivered"
    EVALUATED = "evaluated"
    CLOSED = "closed"
    SUSPENDED = "suspended"
    DECLINED_BY_STATE = "declined_by_state"
    DECLINED_BY_PARTNER = "declined_by_partner"
    REJECTED = "rejected"
    LAPSED = "lapsed"
    CANCELLED = "cancelled"


_S = MatchState
EXITS = frozenset(
    {_S.DECLINED_BY_STATE, _S.DECLINED_BY_PARTNER, _S.REJECTED, _S.LAPSED, _S.CANCELLED}
)
TERMINAL = EXITS | {_S.CLOSED}
PENDING = frozenset({_S.PROPOSED, _S.STATE_CONSENTED, _S.PARTNER_ACCEPTED})
"""Before approval: lines are held, not reserved."""
LIVE = frozenset(_S) - TERMINAL
WORKING = frozenset({_S.AGREED, _S.IN_DELIVERY})
"""Under terms of reference, and not yet delivered."""
SUSPENDABLE = WORKING | {_S.APPROVED}
AGREED_ON = WORKING | {_S.DELIVERED, _S.EVALUATED}
"""From the agreement on: a consent can no longer be taken back, only further sharing stopped."""
_COORDINATOR = {Role.COORDINATOR}
_ADMIN = {Role.PARTNER_ADMIN}
_APPROVER = {Role.APPROVER}

MACHINE: Machine[MatchState] = Machine(
    name="match",
    states=MatchState,
    initial=_S.PROPOSED,
    terminal=TERMINAL,
    rules={
        "consent": rule({_S.PROPOSED}, {_S.PROPOSED, _S.STATE_CONSENTED}, FOCAL_POINTS),
        "decline_by_state": rule(
            {_S.PROPOSED, _S.STATE_CONSENTED, _S.PARTNER_ACCEPTED},
            {_S.DECLINED_BY_STATE},
            FOCAL_POINTS,
        ),
        "accept": rule({_S.STATE_CONSENTED}, {_S.STATE_CONSENTED, _S.PARTNER_ACCEPTED}, _ADMIN),
        "decline_by_partner": rule(
            {_S.STATE_CONSENTED, _S.PARTNER_ACCEPTED}, {_S.DECLINED_BY_PARTNER}, _ADMIN
        ),
        "approve": rule({_S.PARTNER_ACCEPTED}, {_S.APPROVED}, {Role.APPROVER}),
        "reject": rule({_S.PARTNER_ACCEPTED}, {_S.REJECTED}, {Role.APPROVER}),
        "change_scope": rule(
            {_S.STATE_CONSENTED, _S.PARTNER_ACCEPTED},
            {_S.PROPOSED},
            FOCAL_POINTS | _ADMIN | _COORDINATOR,
        ),
        "withdraw_consent": either(
            rule(set(PENDING), {_S.PROPOSED}, FOCAL_POINTS),
            rule({_S.APPROVED, _S.SUSPENDED}, {_S.CANCELLED}, FOCAL_POINTS),
        ),
        "stop_sharing": stay(set(AGREED_ON) | {_S.SUSPENDED}, FOCAL_POINTS),
        "cancel": rule(
            set(PENDING | SUSPENDABLE),
            {_S.CANCELLED},
            _COORDINATOR | FOCAL_POINTS | _ADMIN | _APPROVER,
        ),
        "lapse": rule(set(PENDING) | {_S.APPROVED, _S.AGREED}, {_S.LAPSED}, clock=True),
        "draft_terms": stay({_S.APPROVED}, _COORDINATOR | FOCAL_POINTS | _ADMIN),
        "agree": rule({_S.APPROVED}, {_S.APPROVED, _S.AGREED}, FOCAL_POINTS | _ADMIN),
        "start": rule({_S.AGREED}, {_S.IN_DELIVERY}, _ADMIN),
        "deliver": rule({_S.IN_DELIVERY}, {_S.DELIVERED}, FOCAL_POINTS | _APPROVER, clock=True),
        "evaluate": rule({_S.DELIVERED}, {_S.DELIVERED, _S.EVALUATED}, FOCAL_POINTS | _ADMIN),
        "close": rule(
            {_S.DELIVERED, _S.EVALUATED}, {_S.CLOSED}, _COORDINATOR | FOCAL_POINTS, clock=True
        ),
        "suspend": rule(set(SUSPENDABLE), {_S.SUSPENDED}, FOCAL_POINTS | _ADMIN | _APPROVER),
        "resume": rule({_S.SUSPENDED}, set(SUSPENDABLE), FOCAL_POINTS | _ADMIN | _APPROVER),
        "end_suspension": rule({_S.SUSPENDED}, {_S.CANCELLED}, _APPROVER, clock=True),
    },
)
