"""How the parts, steps and kinds of offers are called on pages."""

from concord.offers.listing import Part
from concord.offers.states import OfferState
from concord.web.i18n import LazyMessage
from concord.web.i18n import lazy as N_

PARTS: dict[Part, LazyMessage] = {
    Part.MINE: N_("Your offers"),
    Part.REVIEW: N_("To review"),
    Part.PUBLISHED: N_("Published"),
    Part.ALL: N_("All"),
}
FUNDING: dict[str, LazyMessage] = {
    "full": N_("Full: the provider pays for everything"),
    "partial": N_("Partial: some costs remain"),
    "none": N_("None: somebody else has to pay"),
}
FUNDING_SHORT: dict[str, LazyMessage] = {
    "full": N_("Full"),
    "partial": N_("Partial"),
    "none": N_("None"),
}
KINDS: dict[str, LazyMessage] = {
    "state": N_("State"),
    "intergovernmental": N_("Intergovernmental organization"),
    "private_sector": N_("Private sector"),
    "civil_society": N_("Civil society"),
    "academia": N_("Academia"),
    "secretariat": N_("UNODC programme"),
}
VERBS: dict[str, LazyMessage] = {
    "submit": N_("Submitted for review"),
    "publish": N_("Published"),
    "return": N_("Returned to the provider"),
    "change_scope": N_("Changed, and submitted again"),
    "expire": N_("Expired"),
    "reconfirm": N_("Confirmed for another year"),
    "withdraw": N_("Withdrawn"),
}
WAITS: dict[OfferState, LazyMessage] = {
    OfferState.SUBMITTED: N_("Review"),
    OfferState.RETURNED: N_("Revision"),
    OfferState.PUBLISHED: N_("On offer"),
    OfferState.EXPIRED: N_("Confirmation that it still stands"),
}
"""What a state waits for; a draft and a withdrawn offer wait for nothing."""
FIELDS: dict[str, LazyMessage] = {
    "title": N_("Title"),
    "description": N_("Description"),
    "language": N_("Language of this text"),
    "conditions": N_("Conditions"),
    "delivery_languages": N_("Languages of delivery"),
    "other_languages": N_("Other languages of delivery"),
    "regions": N_("Regions"),
    "tags": N_("Further topics"),
    "past": N_("Past work of this kind"),
    "starts_on": N_("From"),
    "ends_on": N_("Until"),
    "directed_state": N_("Directed to one State"),
    "excluded_states": N_("States that you cannot serve"),
}
LINE_FIELDS: dict[str, LazyMessage] = {
    "topic": N_("Topic"),
    "modality": N_("Form of assistance"),
    "capacity": N_("How many"),
    "unit": N_("Unit"),
    "funding": N_("Funding"),
    "starts_on": N_("From"),
    "ends_on": N_("Until"),
}
UNODC = N_("UNODC")
