"""Every write of offers: one verb, one transaction."""

from concord.offers.actions.changing import (
    ask_to_reconfirm,
    change_scope,
    mark_expired,
    mark_withdrawn,
    reconfirm,
)
from concord.offers.actions.clarifying import answer_clarification, ask_clarification
from concord.offers.actions.drafting import Imported, create_draft, import_offer, save
from concord.offers.actions.reviewing import publish, return_, submit

__all__ = [
    "Imported",
    "answer_clarification",
    "ask_clarification",
    "ask_to_reconfirm",
    "change_scope",
    "create_draft",
    "import_offer",
    "mark_expired",
    "mark_withdrawn",
    "publish",
    "reconfirm",
    "return_",
    "save",
    "submit",
]
