"""How states, roles and classes are called, and in which tone they are shown."""

from concord.web.elements import Text
from concord.web.i18n import lazy as N_

Label = tuple[Text, str]
"""What is said, and one of the tones neutral, accent, good, warn, bad."""

DISCLAIMER = N_(
    "The designations employed and the presentation of the material do not imply the expression of"
    " any opinion whatsoever on the part of the Secretariat of the United Nations concerning the"
    " legal status of any country, territory, city or area, or of its authorities, or concerning"
    " the delimitation of its frontiers or boundaries."
)
"""On every page, and on every list that leaves the platform."""

STATES: dict[str, dict[str, Label]] = {
    "request": {
        "draft": (N_("Draft"), "neutral"),
        "submitted": (N_("Submitted"), "accent"),
        "returned": (N_("Returned"), "warn"),
        "no_objection": (N_("No-objection period"), "accent"),
        "open": (N_("Open"), "good"),
        "partially_met": (N_("Partially met"), "good"),
        "met": (N_("Met"), "good"),
        "closed": (N_("Closed"), "neutral"),
        "followed_up": (N_("Followed up"), "neutral"),
        "suspended": (N_("Suspended"), "warn"),
        "referred": (N_("Referred"), "neutral"),
        "withdrawn": (N_("Withdrawn"), "neutral"),
        "merged": (N_("Merged"), "neutral"),
    },
    "offer": {
        "draft": (N_("Draft"), "neutral"),
        "submitted": (N_("Submitted"), "accent"),
        "returned": (N_("Returned"), "warn"),
        "published": (N_("Published"), "good"),
        "expired": (N_("Expired"), "warn"),
        "withdrawn": (N_("Withdrawn"), "neutral"),
    },
    "match": {
        "proposed": (N_("Proposed"), "accent"),
        "state_consented": (N_("State consented"), "accent"),
        "partner_accepted": (N_("Accepted by partner"), "accent"),
        "approved": (N_("Approved"), "good"),
        "agreed": (N_("Agreed"), "good"),
        "in_delivery": (N_("In delivery"), "good"),
        "delivered": (N_("Delivered"), "good"),
        "evaluated": (N_("Evaluated"), "good"),
        "closed": (N_("Closed"), "neutral"),
        "suspended": (N_("Suspended"), "warn"),
        "declined_by_state": (N_("Declined by the State"), "bad"),
        "declined_by_partner": (N_("Declined by the partner"), "bad"),
        "rejected": (N_("Rejected"), "bad"),
        "lapsed": (N_("Lapsed"), "neutral"),
        "cancelled": (N_("Cancelled"), "neutral"),
        "ended": (N_("Ended"), "neutral"),
    },
    "verification": {
        "registered": (N_("Registered"), "neutral"),
        "screening": (N_("Screening"), "accent"),
        "verified": (N_("Verified"), "good"),
        "expired": (N_("Expired"), "warn"),
        "rejected": (N_("Rejected"), "bad"),
        "suspended": (N_("Suspended"), "warn"),
    },
    "accreditation": {
        "nominated": (N_("Nominated"), "accent"),
        "accredited": (N_("Accredited"), "good"),
        "ended": (N_("Ended"), "neutral"),
    },
    "delivery": {
        "planned": (N_("Planned"), "neutral"),
        "running": (N_("Running"), "accent"),
        "reported": (N_("Reported"), "accent"),
        "confirmed": (N_("Confirmed"), "good"),
        "disputed": (N_("Disputed"), "bad"),
        "cancelled": (N_("Cancelled"), "neutral"),
    },
    "task": {
        "done": (N_("Completed"), "good"),
        "incomplete": (N_("To do"), "accent"),
        "optional": (N_("Optional"), "neutral"),
        "blocked": (N_("Cannot start yet"), "neutral"),
        "error": (N_("There is a problem"), "bad"),
    },
}

CONFIDENTIALITY: dict[str, tuple[Text, Text]] = {
    "public": (N_("Public"), N_("A summary may be published.")),
    "partners": (N_("Partners"), N_("Shown to verified providers.")),
    "restricted": (N_("Restricted"), N_("Shown to UNODC and to providers that the State names.")),
    "sealed": (N_("Sealed"), N_("Shown only to UNODC officers assigned by name.")),
}

ROLES: dict[str, Text] = {
    "focal_point": N_("Focal point"),
    "alternate": N_("Alternate focal point"),
    "drafter": N_("Drafter"),
    "observer": N_("Observer"),
    "partner_admin": N_("Provider administrator"),
    "partner_member": N_("Provider member"),
    "coordinator": N_("Coordinator"),
    "approver": N_("Approver"),
    "due_diligence": N_("Due diligence officer"),
    "auditor": N_("Auditor"),
    "admin": N_("Administrator"),
    "donor": N_("Donor"),
}


def state_label(machine: str, state: str) -> Text:
    return STATES[machine][state][0]


def state_tone(machine: str, state: str) -> str:
    return STATES[machine][state][1]


def role_name(role: str) -> Text:
    return ROLES.get(role, "")
