"""The life of an offer: states, transitions, and who may make them."""

from enum import StrEnum

from concord.actor import Role
from concord.machine import Machine, rule


class OfferState(StrEnum):
    DRAFT = "draft"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    PUBLISHED = "published"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"


class Funding(StrEnum):
    """How much of a slot the provider pays for."""

    FULL = "full"
    PARTIAL = "partial"
    NONE = "none"


_S = OfferState
TERMINAL = frozenset({_S.WITHDRAWN})
EDITABLE = frozenset({_S.DRAFT, _S.RETURNED})
_ADMIN = {Role.PARTNER_ADMIN}

MACHINE: Machine[OfferState] = Machine(
    name="offer",
    states=OfferState,
    initial=_S.DRAFT,
    terminal=TERMINAL,
    rules={
        "submit": rule({_S.DRAFT, _S.RETURNED}, {_S.SUBMITTED}, _ADMIN),
        "publish": rule({_S.SUBMITTED}, {_S.PUBLISHED}, {Role.COORDINATOR}),
        "return": rule({_S.SUBMITTED}, {_S.RETURNED}, {Role.COORDINATOR}),
        "change_scope": rule({_S.PUBLISHED}, {_S.SUBMITTED}, _ADMIN),
        "expire": rule({_S.PUBLISHED}, {_S.EXPIRED}, clock=True),
        "reconfirm": rule({_S.EXPIRED, _S.PUBLISHED}, {_S.PUBLISHED}, _ADMIN),
        "withdraw": rule(set(_S) - TERMINAL, {_S.WITHDRAWN}, _ADMIN | {Role.COORDINATOR}),
    },
)
