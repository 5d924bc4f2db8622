"""Every write on matches: one verb, one transaction."""

from concord.matches.actions.accepting import accept
from concord.matches.actions.approving import approve
from concord.matches.actions.cascading import (
    change_offer,
    change_request,
    resume_request,
    scope_changed,
    suspend_request,
    withdraw_offer,
    withdraw_request,
)
from concord.matches.actions.consenting import consent, withdraw_consent
from concord.matches.actions.covering import Repeats, flag_repetition
from concord.matches.actions.ending import (
    cancel,
    decline_by_partner,
    decline_by_state,
    end_suspension,
    reject,
    undo,
)
from concord.matches.actions.lapsing import ask_decision, lapse, overdue, warn
from concord.matches.actions.merging import confirm_merge
from concord.matches.actions.proposing import propose
from concord.matches.actions.sharing import stop_sharing
from concord.matches.actions.standing import provider_reinstated, provider_suspended
from concord.matches.actions.suspending import resume, suspend

__all__ = [
    "Repeats",
    "accept",
    "approve",
    "ask_decision",
    "cancel",
    "change_offer",
    "change_request",
    "confirm_merge",
    "consent",
    "decline_by_partner",
    "decline_by_state",
    "end_suspension",
    "flag_repetition",
    "lapse",
    "overdue",
    "propose",
    "provider_reinstated",
    "provider_suspended",
    "reject",
    "resume",
    "resume_request",
    "scope_changed",
    "stop_sharing",
    "suspend",
    "suspend_request",
    "undo",
    "warn",
    "withdraw_consent",
    "withdraw_offer",
    "withdraw_request",
]
