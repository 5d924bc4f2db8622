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
    "organization": "/organizations",
    "act_on_behalf": "/acts-on-behalf",
    "duplicate": "/duplicates",
}

WORDS: Mapping[str, LazyMessage] = {
    "propose_match": N_("Propose a match for this request"),
    "consent_to_match": N_("Consent to a proposed match"),
    "accept_match": N_("Accept or decline a match"),
    "approve_match": N_("Approve or reject a match"),
    "decide_suspended_match": N_("Decide on a suspended match"),
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
    words = WORDS.get(task.kind)
    href = f"{COLLECTIONS[task.subject_kind]}/{task.subject_public_id}"
    return WaitingTask(
        words=str(words) if words else task.kind.replace("_", " ").capitalize(),
        href=f"{href}/pairings" if task.kind == "propose_match" else href,
        public_id=task.subject_public_id,
        since=task.opened_at,
        until=task.due_at,
    )
