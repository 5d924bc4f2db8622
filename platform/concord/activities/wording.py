"""What the codes of external activities are called on pages."""

from collections.abc import Mapping

from concord.web.i18n import LazyMessage
from concord.web.i18n import lazy as N_

STATUSES: Mapping[str, LazyMessage] = {
    "pipeline": N_("In preparation"),
    "implementation": N_("Under way"),
    "finalisation": N_("Being completed"),
    "closed": N_("Completed"),
    "cancelled": N_("Cancelled"),
    "suspended": N_("Suspended"),
}
ROLES: Mapping[str, LazyMessage] = {
    "funding": N_("Funds it"),
    "accountable": N_("Is accountable for it"),
    "extending": N_("Manages it"),
    "implementing": N_("Carries it out"),
}
MARKS: Mapping[str, LazyMessage] = {
    "identifier": N_("Its identifier does not begin with the publisher’s reference."),
    "made_identifier": N_("The file gave no identifier; it was made of the activity’s number."),
    "secondary": N_("Another organization than the publisher carries it out."),
    "dates": N_("The file says that it ends before it starts."),
}
