"""Every write to accounts: one verb, one transaction."""

from concord.accounts.actions.activation import Activated, activate
from concord.accounts.actions.browsers import (
    SessionTokens,
    end_other_sessions,
    end_session,
    sign_out,
    take_seat,
)
from concord.accounts.actions.erasing import erase, is_erased
from concord.accounts.actions.factors import renew_recovery_codes, reset_second_factor
from concord.accounts.actions.leaving import change_states, deactivate, end_membership
from concord.accounts.actions.passwords import ask_reset, change_password, reset_password
from concord.accounts.actions.people import add_membership, admit, invite, resend_invitation
from concord.accounts.actions.profile import change_profile, choose_locale
from concord.accounts.actions.signing_in import Proof, prove, refusal, sign_in

__all__ = [
    "Activated",
    "Proof",
    "SessionTokens",
    "activate",
    "add_membership",
    "admit",
    "ask_reset",
    "change_password",
    "change_profile",
    "change_states",
    "choose_locale",
    "deactivate",
    "end_membership",
    "end_other_sessions",
    "end_session",
    "erase",
    "invite",
    "is_erased",
    "prove",
    "refusal",
    "renew_recovery_codes",
    "resend_invitation",
    "reset_password",
    "reset_second_factor",
    "sign_in",
    "sign_out",
    "take_seat",
]
