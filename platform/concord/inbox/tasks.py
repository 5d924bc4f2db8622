"""How each kind of waiting task is worded, and where it is done."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from concord.inbox.models import Task
from concord.web.i18n import LazyMessage
from concord.web.i18n import lazy as N_

COLLECTIONS = {
    "request": "/requests",
    "offer": "/offers",
    "match": "/matches",
    "delivery": "/deliveries",
    "organization": "/organizations",
    "act_on_behalf": "/acts-on-behalf",
}


@dataclass(frozen=True, slots=True)
class Kind:
    """What is to be done, and on which page under the subject's own."""

    words: LazyMessage
    page: str = ""


KINDS: Mapping[str, Kind] = {
    "request_review": Kind(N_("Review this request"), "/review"),
    "request_confirm": Kind(N_("Confirm that your State joins this request")),
    "request_returned": Kind(N_("Complete this request and submit it again"), "/draft"),
    "request_referral": Kind(N_("Decide whether this request is referred"), "/referral"),
    "request_no_objection": Kind(N_("Agree to these texts, or object"), "/no-objection"),
    "request_clarification": Kind(N_("Answer a question on this request")),
    "request_unmatched": Kind(N_("Find help for this request: it has no match"), "/outlook"),
    "request_follow_up": Kind(N_("Say whether the need was met")),
    "request_merge": Kind(N_("Say whether two requests ask for the same"), "/merge"),
    "propose_match": Kind(N_("Propose a match for this request"), "/pairings"),
    "review_offer": Kind(N_("Review this offer"), "/review"),
    "revise_offer": Kind(N_("Complete this offer and submit it again"), "/edit"),
    "reconfirm_offer": Kind(N_("Confirm that this offer still stands")),
    "answer_offer_clarification": Kind(N_("Answer a question on this offer")),
    "consent_to_match": Kind(N_("Consent to this match, or decline")),
    "accept_match": Kind(N_("Accept this match, or decline")),
    "approve_match": Kind(N_("Approve or reject this match")),
    "decide_suspended_match": Kind(N_("Decide what becomes of this suspended match")),
    "draft_terms": Kind(N_("Draft terms of reference for this match")),
    "agree_terms": Kind(N_("Agree to the terms of reference of this match")),
    "start_match": Kind(N_("Start what was agreed")),
    "plan_delivery": Kind(N_("Plan a delivery under this match")),
    "decide_stalled_match": Kind(N_("Decide what becomes of this match: it stands still")),
    "evaluate_match": Kind(N_("Say how this match went")),
    "report_delivery": Kind(N_("Report on this delivery")),
    "confirm_delivery": Kind(N_("Confirm this delivery, or dispute it")),
    "revise_delivery": Kind(N_("Report again on this disputed delivery")),
    "decide_delivery": Kind(N_("Decide how much of this delivery counts")),
    "accredit_focal_point": Kind(N_("Accredit a focal point of this authority")),
    "recognize_provider": Kind(N_("Recognize this organization")),
    "screen_provider": Kind(N_("Screen this provider"), "/review"),
    "renew_verification": Kind(N_("Renew the verification of your organization")),
    "confirm_on_behalf": Kind(N_("Confirm an act recorded for a State")),
    "answer_repetition": Kind(N_("Say whether this request repeats other work")),
    "name_imported_states": Kind(N_("Say which States imported names mean")),
    "answer_duplicate": Kind(N_("Say whether these two are the same")),
}


@dataclass(frozen=True, slots=True)
class WaitingTask:
    """One row of “waiting for you”."""

    words: str
    href: str
    public_id: str
    since: datetime
    until: datetime | None


def waiting_task(task: Task) -> WaitingTask:
    kind = KINDS[task.kind]
    return WaitingTask(
        words=str(kind.words),
        href=_address(task, kind),
        public_id=task.subject_public_id,
        since=task.opened_at,
        until=task.due_at,
    )


def _address(task: Task, kind: Kind) -> str:
    if task.kind == "answer_repetition":
        return f"/duplicates?request={task.subject_public_id}"
    if task.subject_kind == "imported_name":
        return "/activities/names"
    if task.subject_kind == "duplicate":
        return "/duplicates?kind=offers" if task.subject_public_id[:3] == "OFR" else "/duplicates"
    return f"{COLLECTIONS[task.subject_kind]}/{task.subject_public_id}{kind.page}"
