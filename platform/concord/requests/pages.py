"""What the page of one request shows: its steps, what waits, and what this reader may do."""

from datetime import datetime

from starlette.requests import Request as HttpRequest

from concord.actor import Actor, Role
from concord.errors import NotFound
from concord.requests import policy
from concord.requests.actions import note_reading
from concord.requests.dossier import Stage, Waiting
from concord.requests.models import Request
from concord.requests.queries import request_for
from concord.requests.sections import SECTIONS, Section
from concord.requests.states import EDITABLE, RequestState
from concord.requests.values import DraftValues
from concord.requests.views import RequestView
from concord.requests.wording import CLOCK, OF_SECRETARIAT, STOPS, TASKS, UNODC, VERBS
from concord.web.code_names import reason_name
from concord.web.elements import Progress, Step, Task, TaskStatus
from concord.web.formats import state_name
from concord.web.i18n import gettext as _

LONGEST_ID = 20
STATE_ROLES = {Role.FOCAL_POINT.value, Role.ALTERNATE.value, Role.DRAFTER.value}


async def request_at(http: HttpRequest) -> Request:
    """The request of this address; unseen and unknown are the same 404.

    Whatever page of it is opened: the State reads who did.
    """
    found: str = http.path_params["public_id"]
    if len(found) > LONGEST_ID:
        raise NotFound
    request = await request_for(http.state.actor, found)
    await note_reading(request, actor=http.state.actor, now=http.state.now)
    return request


def timeline_of(view: RequestView) -> list[Step]:
    """What was done, by whom and when."""
    return [_done(step, view) for step in view.steps]


def waits_of(view: RequestView) -> list[Step]:
    """Waiting for whom, since when, until when; one step for each open task."""
    tasks = {(task.kind, task.state): task for task in view.tasks if task.kind in TASKS}
    return [_waiting(task) for task in tasks.values()]


def _done(step: Stage, view: RequestView) -> Step:
    reasons = " · ".join(reason_name(code) for code in step.reasons)
    return Step(
        VERBS.get(step.verb, step.verb),
        Progress.STOPPED if step.verb in STOPS else Progress.DONE,
        who=_who(step, view),
        at=step.at,
        note=" — ".join(filter(None, (reasons, step.note))),
    )


def _who(step: Stage, view: RequestView) -> str:
    """The side, and the person where a name is kept for this reader."""
    if step.person_id is None:
        return str(CLOCK)
    if step.verb in OF_SECRETARIAT:
        side = str(UNODC)
    else:
        speaker = step.on_behalf_of or view.lead_state
        side = state_name(speaker) if speaker else _("The State")
    return f"{side} · {step.name}" if step.name else side


def _waiting(task: Waiting) -> Step:
    of_state = bool(set(task.roles) & STATE_ROLES)
    whom = state_name(task.state) if of_state and task.state else str(UNODC)
    return Step(
        TASKS[task.kind],
        Progress.WAITING,
        waiting_for=whom,
        since=task.opened_at,
        until=task.due_at,
    )


def may(actor: Actor, request: Request, view: RequestView, now: datetime) -> dict[str, bool]:
    """What the page offers to do, by the policy alone."""
    waiting = request.state is RequestState.CLOSED and request.follow_up_asked_at is not None
    return {
        "edit": policy.may_edit(actor, request),
        "attach": policy.may_attach(actor, request),
        "submit": policy.may_submit(actor, request),
        "confirm": policy.may_confirm(actor, request) and _unconfirmed(actor, view),
        "review": policy.may_review(actor, request),
        "decide_referral": policy.may_decide_referral(actor, request),
        "no_objection": policy.may_object(actor, request),
        "publish": policy.may_publish(actor, request),
        "close": policy.may_close(actor, request),
        "follow_up": policy.may_follow_up(actor, request) and waiting,
        "suspend": policy.may_suspend(actor, request),
        "resume": policy.may_resume(actor, request),
        "withdraw": policy.may_withdraw(actor, request),
        "change": policy.may_change_scope(actor, request),
        "merge": policy.may_ask_merge(actor, request) and request.merge_asked_into_id is None,
        "answer_merge": policy.may_merge(actor, request),
        "see_merge": policy.speaks_for(actor, request) or policy.handles(actor, request),
        "ask": policy.may_ask(actor, request, view.level),
        "answer": policy.may_answer(actor, request),
        "assign": policy.may_assign(actor, request),
        "name_provider": policy.may_name_provider(actor, request),
        "see_pairings": actor.is_coordinator and request.submitted_at is not None,
        "read_log": policy.may_read_log(actor, request),
        "take_up": policy.may_take_up(actor, request),
    }


def _unconfirmed(actor: Actor, view: RequestView) -> bool:
    return any(one.state == actor.state and one.confirmed_at is None for one in view.parties)


def publishes(actor: Actor, view: RequestView) -> bool:
    """Whether this reader's own State has given its word to publish."""
    if actor.state == view.lead_state:
        return view.lead_publish_agreed_at is not None
    return any(one.state == actor.state and one.publish_agreed_at for one in view.parties)


def task_list_of(values: DraftValues, base: str) -> list[Task]:
    """The short pages of a draft and what remains of each; the things asked for come second."""
    items = Task(
        _("What is asked for"),
        f"{base}/items",
        TaskStatus.DONE if values.items else TaskStatus.INCOMPLETE,
        _("Topic, form of assistance, institution and quantity of each thing"),
    )
    tasks = [
        Task(section.label, f"{base}/{name}", _status(values, section), section.hint)
        for name, section in SECTIONS.items()
    ]
    return [tasks[0], items, *tasks[1:]]


def _status(values: DraftValues, section: Section) -> TaskStatus:
    if section.is_done(values):
        return TaskStatus.DONE
    return TaskStatus.OPTIONAL if section.optional else TaskStatus.INCOMPLETE


def is_editable(request: Request) -> bool:
    return request.state in EDITABLE
