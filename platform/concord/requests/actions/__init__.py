"""Every write to requests: one verb each, one transaction each."""

from concord.requests.actions.attaching import attach
from concord.requests.actions.circulation import (
    agree_to_circulation,
    object_to_circulation,
    open_,
    set_publication,
)
from concord.requests.actions.clarifying import answer_clarification, ask_clarification
from concord.requests.actions.disclosing import (
    assign,
    disclose,
    end_disclosures,
    name_provider,
    note_reading,
    note_readings,
)
from concord.requests.actions.drafting import create_draft, edit
from concord.requests.actions.ending import ask_follow_up, close, derive, flag_unmatched, follow_up
from concord.requests.actions.following import take_up
from concord.requests.actions.importing import Imported, import_request
from concord.requests.actions.marking import (
    mark_resumed,
    mark_suspended,
    mark_withdrawn,
)
from concord.requests.actions.merging import (
    ask_merge,
    confirm_merge,
    decline_merge,
    drop_merge,
    mark_merged,
)
from concord.requests.actions.review import ask_referral, decide_referral, return_, review
from concord.requests.actions.scope import change_scope
from concord.requests.actions.submission import confirm_party, decline_party, submit

__all__ = [
    "Imported",
    "agree_to_circulation",
    "answer_clarification",
    "ask_clarification",
    "ask_follow_up",
    "ask_merge",
    "ask_referral",
    "assign",
    "attach",
    "change_scope",
    "close",
    "confirm_merge",
    "confirm_party",
    "create_draft",
    "decide_referral",
    "decline_merge",
    "decline_party",
    "derive",
    "disclose",
    "drop_merge",
    "edit",
    "end_disclosures",
    "flag_unmatched",
    "follow_up",
    "import_request",
    "mark_merged",
    "mark_resumed",
    "mark_suspended",
    "mark_withdrawn",
    "name_provider",
    "note_reading",
    "note_readings",
    "object_to_circulation",
    "open_",
    "return_",
    "review",
    "set_publication",
    "submit",
    "take_up",
]
