"""Every write to organizations: one verb, one transaction."""

from concord.organizations.actions.accreditation import accredit, end_accreditation, nominate
from concord.organizations.actions.attachments import add_document, store_attachment
from concord.organizations.actions.code_lists import edit_code
from concord.organizations.actions.profiles import create, edit_profile, register
from concord.organizations.actions.screening import (
    decide,
    open_screening,
    recognize,
    save_screening,
)
from concord.organizations.actions.standing import (
    mark_expired,
    mark_expiry_told,
    mark_suspended,
    reinstate,
)

__all__ = [
    "accredit",
    "add_document",
    "create",
    "decide",
    "edit_code",
    "edit_profile",
    "end_accreditation",
    "mark_expired",
    "mark_expiry_told",
    "mark_suspended",
    "nominate",
    "open_screening",
    "recognize",
    "register",
    "reinstate",
    "save_screening",
    "store_attachment",
]
