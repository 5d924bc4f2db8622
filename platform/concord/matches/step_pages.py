"""Steps of a match with a page of their own: what each asks, and what its button says."""

from dataclasses import dataclass

from concord.web.i18n import LazyMessage
from concord.web.i18n import lazy as N_


@dataclass(frozen=True, slots=True)
class StepPage:
    """A step with a page of its own: what it asks, and what its button says."""

    title: LazyMessage
    lead: LazyMessage
    button: LazyMessage
    kind: str
    flash: LazyMessage


STEP_PAGES = {
    "decline_by_state": StepPage(
        N_("Decline this match"),
        N_("The provider never learns the reason; UNODC does, to propose better."),
        N_("Decline"),
        "danger",
        N_("The match was declined. What was held for it is free again."),
    ),
    "decline_by_partner": StepPage(
        N_("Decline this match"),
        N_("The State never learns the reason; UNODC does, to propose better."),
        N_("Decline"),
        "danger",
        N_("The match was declined. Your capacity is free again."),
    ),
    "reject": StepPage(
        N_("Reject this match"),
        N_("Both sides are told in neutral words that it has ended."),
        N_("Reject"),
        "danger",
        N_("The match was rejected."),
    ),
    "cancel": StepPage(
        N_("Cancel this match"),
        N_(
            "Everyone who had been told hears in neutral words that it has ended."
            " What was delivered stays delivered."
        ),
        N_("Cancel the match"),
        "danger",
        N_("The match was cancelled."),
    ),
    "withdraw_consent": StepPage(
        N_("Withdraw consent"),
        N_(
            "Sharing stops at once and the provider deletes what it received within 30 days."
            " An approved match is cancelled, any other waits for your consent again."
        ),
        N_("Withdraw consent"),
        "danger",
        N_("Your State's consent was withdrawn."),
    ),
    "stop_sharing": StepPage(
        N_("Stop sharing the request"),
        N_(
            "The provider no longer sees the request and deletes what it received within 30 days."
            " What was agreed goes on."
        ),
        N_("Stop sharing"),
        "danger",
        N_("The request is no longer shown to the provider."),
    ),
    "suspend": StepPage(
        N_("Suspend this match"),
        N_("Reservations stay. After six months an approver decides whether it ends."),
        N_("Suspend"),
        "primary",
        N_("The match was suspended."),
    ),
    "resume": StepPage(
        N_("Resume this match"),
        N_("It goes on from where it was."),
        N_("Resume"),
        "primary",
        N_("The match goes on."),
    ),
    "end_suspension": StepPage(
        N_("End this suspended match"),
        N_("It is cancelled, and everything that was reserved and not delivered is free again."),
        N_("End the match"),
        "danger",
        N_("The match was ended."),
    ),
}
