"""Messages about a request: each class is one event for one audience."""

from datetime import date

from notifications.messages.base import Audience, Message, Party, Urgency
from notifications.messages.fields import Count, ReasonCode, RequestId, SubjectId


class RequestMessage(Message, frozen=True, kw_only=True):
    link = "/requests/{request}"
    request: RequestId


class RequestSubmitted(RequestMessage, frozen=True, kw_only=True):
    name = "request_submitted"
    audience = Audience.COORDINATORS
    urgency = Urgency.ACT
    due: date


class RequestConfirmationAsked(RequestMessage, frozen=True, kw_only=True):
    """Each co-requesting State confirms that it makes the request too."""

    name = "request_confirmation_asked"
    audience = Audience.CO_FOCAL_POINTS
    urgency = Urgency.ACT
    due: date | None = None


class RequestReturned(RequestMessage, frozen=True, kw_only=True):
    name = "request_returned"
    audience = Audience.STATE_TEAM
    urgency = Urgency.ACT
    reasons: tuple[ReasonCode, ...]


class RequestReferralAsked(RequestMessage, frozen=True, kw_only=True):
    name = "request_referral_asked"
    audience = Audience.APPROVERS
    urgency = Urgency.ACT
    reason: ReasonCode
    due: date | None = None


class RequestReferralRefused(RequestMessage, frozen=True, kw_only=True):
    name = "request_referral_refused"
    audience = Audience.COORDINATORS
    urgency = Urgency.ACT
    due: date | None = None


class RequestReferred(RequestMessage, frozen=True, kw_only=True):
    name = "request_referred"
    audience = Audience.STATE_TEAM
    reason: ReasonCode


class NoObjectionBegun(RequestMessage, frozen=True, kw_only=True):
    name = "no_objection_begun"
    audience = Audience.FOCAL_POINTS
    urgency = Urgency.ACT
    due: date


class RequestObjected(RequestMessage, frozen=True, kw_only=True):
    name = "request_objected"
    audience = Audience.COORDINATORS


class RequestOpened(RequestMessage, frozen=True, kw_only=True):
    name = "request_opened"
    audience = Audience.STATE_TEAM
    waiting_for = Party.SECRETARIAT


class RequestRanked(RequestMessage, frozen=True, kw_only=True):
    """Pairings of a newly opened request are ready for the coordinator."""

    name = "request_ranked"
    audience = Audience.COORDINATORS
    urgency = Urgency.ACT
    link = "/requests/{request}/pairings"
    pairings: Count


class RequestCirculated(RequestMessage, frozen=True, kw_only=True):
    """Only for requests circulated to verified providers: never restricted or sealed ones."""

    name = "request_circulated"
    audience = Audience.CIRCULATION


class RequestOpenAgain(RequestMessage, frozen=True, kw_only=True):
    name = "request_open_again"
    audience = Audience.TOLD_PROVIDERS


class RequestNoLongerOpen(RequestMessage, frozen=True, kw_only=True):
    """One neutral wording for suspended, withdrawn, merged and closed."""

    name = "request_no_longer_open"
    audience = Audience.TOLD_PROVIDERS


class RequestSuspendedToState(RequestMessage, frozen=True, kw_only=True):
    name = "request_suspended_to_state"
    audience = Audience.STATE_TEAM
    waiting_for = Party.STATE


class RequestSuspendedToCoordinators(RequestMessage, frozen=True, kw_only=True):
    name = "request_suspended_to_coordinators"
    audience = Audience.COORDINATORS
    waiting_for = Party.STATE


class RequestResumedToState(RequestMessage, frozen=True, kw_only=True):
    name = "request_resumed_to_state"
    audience = Audience.STATE_TEAM
    waiting_for = Party.SECRETARIAT


class RequestResumedToCoordinators(RequestMessage, frozen=True, kw_only=True):
    name = "request_resumed_to_coordinators"
    audience = Audience.COORDINATORS


class RequestWithdrawnToState(RequestMessage, frozen=True, kw_only=True):
    name = "request_withdrawn_to_state"
    audience = Audience.STATE_TEAM


class RequestWithdrawnToCoordinators(RequestMessage, frozen=True, kw_only=True):
    name = "request_withdrawn_to_coordinators"
    audience = Audience.COORDINATORS


class RequestMergeAsked(RequestMessage, frozen=True, kw_only=True):
    """Each focal point confirms that the request is merged into the survivor."""

    name = "request_merge_asked"
    audience = Audience.FOCAL_POINTS
    urgency = Urgency.ACT
    survivor: RequestId
    due: date | None = None


class RequestMerged(RequestMessage, frozen=True, kw_only=True):
    name = "request_merged"
    audience = Audience.STATE_TEAM
    link = "/requests/{survivor}"
    survivor: RequestId


class RequestMergedToCoordinators(RequestMessage, frozen=True, kw_only=True):
    name = "request_merged_to_coordinators"
    audience = Audience.COORDINATORS
    link = "/requests/{survivor}"
    survivor: RequestId


class RequestMergeDeclined(RequestMessage, frozen=True, kw_only=True):
    name = "request_merge_declined"
    audience = Audience.COORDINATORS
    survivor: RequestId


class RequestMergeDropped(RequestMessage, frozen=True, kw_only=True):
    """Nothing is left to confirm: UNODC no longer asks, or a State did not agree."""

    name = "request_merge_dropped"
    audience = Audience.FOCAL_POINTS
    survivor: RequestId


class RequestUnmatchedToState(RequestMessage, frozen=True, kw_only=True):
    name = "request_unmatched_to_state"
    link = "/requests/{request}/outlook"
    audience = Audience.STATE_TEAM
    waiting_for = Party.SECRETARIAT
    days: Count


class RequestUnmatchedToCoordinators(RequestMessage, frozen=True, kw_only=True):
    name = "request_unmatched_to_coordinators"
    link = "/requests/{request}/outlook"
    audience = Audience.COORDINATORS
    urgency = Urgency.ACT
    days: Count


class DuplicateFlagged(Message, frozen=True, kw_only=True):
    """Two records of one kind may repeat each other; a coordinator answers."""

    name = "duplicate_flagged"
    audience = Audience.COORDINATORS
    urgency = Urgency.ACT
    link = "/{collection}/{subject}"
    subject: SubjectId
    other: SubjectId


class RepetitionFlagged(RequestMessage, frozen=True, kw_only=True):
    """A request may repeat what is done in its State already; a coordinator answers."""

    name = "repetition_flagged"
    audience = Audience.COORDINATORS
    urgency = Urgency.ACT
    link = "/duplicates?request={request}"
    warnings: Count


class ClarificationAskedOfState(RequestMessage, frozen=True, kw_only=True):
    name = "clarification_asked_of_state"
    audience = Audience.STATE_TEAM
    urgency = Urgency.ACT
    due: date | None = None


class ClarificationAnswered(Message, frozen=True, kw_only=True):
    """To the person who asked."""

    name = "clarification_answered"
    audience = Audience.PERSON
    link = "/{collection}/{subject}"
    subject: SubjectId


class ClarificationShared(RequestMessage, frozen=True, kw_only=True):
    """An answer went to everyone who may see the text."""

    name = "clarification_shared"
    audience = Audience.TOLD_PROVIDERS
