"""How the sections, steps and gaps of requests are called on pages."""

from concord.requests.completeness import Part
from concord.requests.values import FollowUp
from concord.web.i18n import LazyMessage
from concord.web.i18n import lazy as N_

UNODC = N_("UNODC")
CLOCK = N_("When the period ended")

FIELDS: dict[str, LazyMessage] = {
    "title": N_("Title"),
    "description": N_("What is needed"),
    "language": N_("Language of this text"),
    "tags": N_("Further topics"),
    "circulation_text": N_("Text for verified providers"),
    "public_summary": N_("Public summary"),
    "outcome": N_("Expected outcome"),
    "existing": N_("What exists already"),
    "starts_on": N_("From"),
    "ends_on": N_("Until"),
    "working_languages": N_("Working languages"),
    "other_languages": N_("Other working languages"),
    "urgent": N_("Urgent"),
    "urgent_reason": N_("Why it is urgent"),
    "needed_by": N_("Needed by"),
    "confidentiality": N_("Confidentiality"),
    "coordinators": N_("Coordinators who may see it"),
    "approver": N_("The one approver who may see it"),
    "excluded": N_("Providers that you will not take"),
    "co_states": N_("States that make this request with you"),
    "topic": N_("Topic"),
    "modality": N_("Form of assistance"),
    "beneficiary": N_("Kind of institution"),
    "institution": N_("Institution"),
    "quantity": N_("Quantity"),
    "unit": N_("Unit"),
}
GAPS: dict[Part, LazyMessage] = {
    Part.DESCRIPTION: N_("Describe more fully what is needed."),
    Part.BOILERPLATE: N_("Say in your own words what is needed: the description says little."),
    Part.OUTCOME: N_("Say what will be different afterwards."),
    Part.EXISTING: N_("Say what exists already, even if that is nothing."),
    Part.ITEMS: N_("Add at least one thing that is asked for."),
    Part.INSTITUTION: N_("Name the institution for everything that is asked for."),
    Part.QUANTITY: N_("Give a quantity and a unit for everything that is asked for."),
    Part.WINDOW: N_("Give both a start and an end date."),
    Part.LANGUAGE: N_("Name the working languages."),
}
GAP_SECTIONS: dict[Part, str] = {
    Part.DESCRIPTION: "need",
    Part.BOILERPLATE: "need",
    Part.OUTCOME: "outcome",
    Part.EXISTING: "outcome",
    Part.ITEMS: "items",
    Part.INSTITUTION: "items",
    Part.QUANTITY: "items",
    Part.WINDOW: "timing",
    Part.LANGUAGE: "timing",
}
VERBS: dict[str, LazyMessage] = {
    "submit": N_("Submitted"),
    "confirm": N_("Confirmed by a co-requesting State"),
    "decline": N_("A co-requesting State does not take part"),
    "review": N_("Accepted by UNODC"),
    "return": N_("Returned to the State"),
    "ask_referral": N_("Referral proposed"),
    "refuse_referral": N_("Referral not agreed: back to review"),
    "refer": N_("Referred to a competent body"),
    "agree": N_("Agreed to circulation"),
    "object": N_("Objected to circulation: now restricted, and open"),
    "open": N_("Opened"),
    "import": N_("Opened from an import"),
    "change_scope": N_("Changed"),
    "derive": N_("Deliveries confirmed"),
    "close": N_("Closed"),
    "follow_up": N_("Followed up"),
    "suspend": N_("Suspended"),
    "resume": N_("Resumed"),
    "withdraw": N_("Withdrawn"),
    "ask_merge": N_("Asked to be merged into another request"),
    "confirm_merge": N_("A State confirmed that it is merged"),
    "decline_merge": N_("Not merged: a State did not agree"),
    "drop_merge": N_("Not merged: UNODC no longer asks for it"),
    "merge": N_("Merged into another request"),
}
STOPS = frozenset({"decline", "return", "refer", "withdraw", "merge", "suspend"})
OF_SECRETARIAT = frozenset(
    {
        "review",
        "return",
        "ask_referral",
        "refuse_referral",
        "refer",
        "ask_merge",
        "drop_merge",
        "import",
    }
)
TASKS: dict[str, LazyMessage] = {
    "request_review": N_("Review"),
    "request_confirm": N_("Confirmation by a co-requesting State"),
    "request_returned": N_("Revision by the State"),
    "request_referral": N_("Decision on the referral"),
    "request_no_objection": N_("Objection or agreement to both texts"),
    "request_clarification": N_("Answer to a question"),
    "request_unmatched": N_("Unmatched for long: what would help?"),
    "request_follow_up": N_("Was it met?"),
    "request_merge": N_("Confirmation that it is merged into another request"),
    "propose_match": N_("Proposal of a match"),
}
ANSWERS: dict[str, LazyMessage] = {
    FollowUp.YES: N_("Yes"),
    FollowUp.PARTLY: N_("Partly"),
    FollowUp.NO: N_("No"),
    FollowUp.NO_ANSWER: N_("No answer"),
}
