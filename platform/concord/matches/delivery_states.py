"""The life of a delivery under a match: states, transitions, and who may make them."""

from enum import StrEnum

from concord.actor import FOCAL_POINTS, PROVIDER_ROLES, Role
from concord.machine import Machine, rule, stay


class DeliveryState(StrEnum):
    PLANNED = "planned"
    RUNNING = "running"
    REPORTED = "reported"
    CONFIRMED = "confirmed"
    DISPUTED = "disputed"
    CANCELLED = "cancelled"


_S = DeliveryState
TERMINAL = frozenset({_S.CONFIRMED, _S.CANCELLED})
LIVE = frozenset(_S) - TERMINAL
OPEN = frozenset({_S.PLANNED, _S.RUNNING})
"""Not yet reported: plans can still change."""
AWAITING = frozenset({_S.REPORTED, _S.DISPUTED})
"""Reported and not yet decided: the delivered part that an exit settles first."""

MACHINE: Machine[DeliveryState] = Machine(
    name="delivery",
    states=DeliveryState,
    initial=_S.PLANNED,
    terminal=TERMINAL,
    rules={
        "change": stay(set(OPEN), PROVIDER_ROLES),
        "begin": rule({_S.PLANNED}, {_S.RUNNING}, PROVIDER_ROLES, clock=True),
        "report": rule({_S.RUNNING, _S.DISPUTED}, {_S.REPORTED}, PROVIDER_ROLES),
        "confirm": rule({_S.REPORTED}, {_S.CONFIRMED}, FOCAL_POINTS, clock=True),
        "dispute": rule({_S.REPORTED}, {_S.DISPUTED}, FOCAL_POINTS),
        "decide": rule({_S.DISPUTED}, {_S.CONFIRMED, _S.CANCELLED}, {Role.APPROVER}),
        "settle": rule(
            set(AWAITING), {_S.CONFIRMED, _S.CANCELLED}, FOCAL_POINTS | {Role.APPROVER}
        ),
        "cancel": rule(set(LIVE), {_S.CANCELLED}, {Role.PARTNER_ADMIN, Role.APPROVER}, clock=True),
        "acknowledge": stay({_S.CONFIRMED}, FOCAL_POINTS),
    },
)
