"""Messages about a match, from proposal to approval and every exit on the way."""

from datetime import date

from notifications.messages.base import Audience, Message, Party, Urgency
from notifications.messages.fields import Count, MatchId, OfferId, ReasonCode, RequestId


class MatchMessage(Message, frozen=True, kw_only=True):
    link = "/matches/{match}"
    match: MatchId


class StateMatchMessage(MatchMessage, frozen=True, kw_only=True):
    """To the focal points of each requesting State."""

    audience = Audience.FOCAL_POINTS
    request: RequestId


class ProviderMatchMessage(MatchMessage, frozen=True, kw_only=True):
    """To participants that have been asked; names the provider's offer, never the request."""

    audience = Audience.PARTICIPANTS
    offer: OfferId


class CoordinatorMatchMessage(MatchMessage, frozen=True, kw_only=True):
    audience = Audience.COORDINATORS
    request: RequestId


class MatchProposedToState(StateMatchMessage, frozen=True, kw_only=True):
    name = "match_proposed_to_state"
    urgency = Urgency.ACT
    due: date


class MatchProposedToApprovers(MatchMessage, frozen=True, kw_only=True):
    name = "match_proposed_to_approvers"
    audience = Audience.APPROVERS
    waiting_for = Party.STATE
    request: RequestId
    due: date | None = None


class MatchConsentedToState(StateMatchMessage, frozen=True, kw_only=True):
    name = "match_consented_to_state"
    waiting_for = Party.PROVIDERS
    due: date | None = None


class MatchConsentedToCoordinators(CoordinatorMatchMessage, frozen=True, kw_only=True):
    name = "match_consented_to_coordinators"
    waiting_for = Party.PROVIDERS
    due: date | None = None


class MatchAcceptanceAsked(ProviderMatchMessage, frozen=True, kw_only=True):
    name = "match_acceptance_asked"
    urgency = Urgency.ACT
    due: date


class MatchAcceptedByParticipant(CoordinatorMatchMessage, frozen=True, kw_only=True):
    """One of several participants accepted; `remaining` have not answered yet."""

    name = "match_accepted_by_participant"
    waiting_for = Party.PROVIDERS
    remaining: Count
    due: date | None = None


class MatchAcceptedToState(StateMatchMessage, frozen=True, kw_only=True):
    """Every participant accepted."""

    name = "match_accepted_to_state"
    waiting_for = Party.SECRETARIAT
    due: date | None = None


class MatchApprovalAsked(MatchMessage, frozen=True, kw_only=True):
    name = "match_approval_asked"
    audience = Audience.APPROVERS
    urgency = Urgency.ACT
    request: RequestId
    due: date


class MatchApprovedToState(StateMatchMessage, frozen=True, kw_only=True):
    name = "match_approved_to_state"
    waiting_for = Party.STATE_AND_PROVIDERS
    due: date | None = None


class MatchApprovedToProviders(ProviderMatchMessage, frozen=True, kw_only=True):
    name = "match_approved_to_providers"
    waiting_for = Party.STATE_AND_PROVIDERS
    due: date | None = None


class MatchApprovedToCoordinators(CoordinatorMatchMessage, frozen=True, kw_only=True):
    name = "match_approved_to_coordinators"
    waiting_for = Party.STATE_AND_PROVIDERS
    due: date | None = None


class MatchDeclinedByState(CoordinatorMatchMessage, frozen=True, kw_only=True):
    """The only message that carries a State's reason: no provider ever gets one."""

    name = "match_declined_by_state"
    reason: ReasonCode


class MatchDeclinedByPartner(CoordinatorMatchMessage, frozen=True, kw_only=True):
    name = "match_declined_by_partner"
    reason: ReasonCode


class MatchRejected(CoordinatorMatchMessage, frozen=True, kw_only=True):
    name = "match_rejected"
    reason: ReasonCode


class MatchLapsed(CoordinatorMatchMessage, frozen=True, kw_only=True):
    name = "match_lapsed"


class MatchCancelled(CoordinatorMatchMessage, frozen=True, kw_only=True):
    name = "match_cancelled"
    reason: ReasonCode


class MatchEndedToState(StateMatchMessage, frozen=True, kw_only=True):
    """One neutral wording for every exit, so that it tells nothing of who ended it or why."""

    name = "match_ended_to_state"


class MatchEndedToProviders(ProviderMatchMessage, frozen=True, kw_only=True):
    """One neutral wording for every exit; what was shared is deleted by `delete_by`."""

    name = "match_ended_to_providers"
    delete_by: date


class MatchJoinedToState(StateMatchMessage, frozen=True, kw_only=True):
    """The match and another serve one purpose: they are coordinated as one undertaking."""

    name = "match_joined_to_state"


class MatchJoinedToProviders(ProviderMatchMessage, frozen=True, kw_only=True):
    name = "match_joined_to_providers"


class MatchBackToProposedToState(StateMatchMessage, frozen=True, kw_only=True):
    name = "match_back_to_proposed_to_state"
    urgency = Urgency.ACT
    due: date


class MatchBackToProposedToProviders(ProviderMatchMessage, frozen=True, kw_only=True):
    name = "match_back_to_proposed_to_providers"
    waiting_for = Party.STATE


class MatchBackToProposedToCoordinators(CoordinatorMatchMessage, frozen=True, kw_only=True):
    name = "match_back_to_proposed_to_coordinators"
    waiting_for = Party.STATE
    due: date | None = None


class MatchHoldLapsesSoon(CoordinatorMatchMessage, frozen=True, kw_only=True):
    name = "match_hold_lapses_soon"
    urgency = Urgency.ACT
    due: date


class MatchStepOverdue(CoordinatorMatchMessage, frozen=True, kw_only=True):
    name = "match_step_overdue"
    urgency = Urgency.ACT
    since: date


class MatchSuspendedToState(StateMatchMessage, frozen=True, kw_only=True):
    name = "match_suspended_to_state"
    waiting_for = Party.SECRETARIAT


class MatchSuspendedToProviders(ProviderMatchMessage, frozen=True, kw_only=True):
    name = "match_suspended_to_providers"


class MatchSuspendedToCoordinators(CoordinatorMatchMessage, frozen=True, kw_only=True):
    name = "match_suspended_to_coordinators"


class MatchResumedToState(StateMatchMessage, frozen=True, kw_only=True):
    name = "match_resumed_to_state"


class MatchResumedToProviders(ProviderMatchMessage, frozen=True, kw_only=True):
    name = "match_resumed_to_providers"


class MatchResumedToCoordinators(CoordinatorMatchMessage, frozen=True, kw_only=True):
    name = "match_resumed_to_coordinators"


class ConsentWithdrawnToState(StateMatchMessage, frozen=True, kw_only=True):
    name = "consent_withdrawn_to_state"


class ConsentWithdrawnToProviders(ProviderMatchMessage, frozen=True, kw_only=True):
    name = "consent_withdrawn_to_providers"
    delete_by: date


class ConsentWithdrawnToCoordinators(CoordinatorMatchMessage, frozen=True, kw_only=True):
    name = "consent_withdrawn_to_coordinators"
