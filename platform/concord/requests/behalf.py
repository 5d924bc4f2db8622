"""Acts that a State took on paper: what each does to a request once a second person confirms."""

from collections.abc import Callable, Mapping
from datetime import datetime
from uuid import UUID

from concord.actor import Actor
from concord.organizations import on_behalf
from concord.organizations.on_behalf import Field, Handler, Subject
from concord.requests import actions
from concord.requests.models import Request
from concord.requests.policy import coordinates, states_of
from concord.requests.queries import assigned, lock, request_for
from concord.requests.states import OPEN_STATES, Confidentiality, RequestState
from concord.requests.values import FollowUp
from concord.requests.wording import ANSWERS
from concord.web.i18n import LazyMessage
from concord.web.i18n import lazy as N_

Arguments = Mapping[str, object]
SUBMIT = "requests.submit"
CONFIRM = "requests.confirm"
AGREE = "requests.agree"
OBJECT = "requests.object"
CLOSE = "requests.close"
FOLLOW_UP = "requests.follow_up"


async def subject(actor: Actor, public_id: str) -> Subject:
    """The request as far as the actor may see it."""
    request = await request_for(actor, public_id)
    named = None
    if request.confidentiality is Confidentiality.SEALED:
        named = frozenset(row.person_id for row in await assigned(request.id))
    return Subject(
        kind="request",
        id=request.id,
        public_id=request.public_id,
        states=states_of(request),
        assigned=named,
    )


async def submit(arguments: Arguments, /, *, actor: Actor, state: str, now: datetime) -> None:
    request = await _request(arguments)
    await actions.submit(
        request,
        version=request.version,
        override_reason=_text(arguments, "override_reason"),
        actor=actor,
        now=now,
        on_behalf_of=state,
    )


async def confirm(arguments: Arguments, /, *, actor: Actor, state: str, now: datetime) -> None:
    request = await _request(arguments)
    await actions.confirm_party(
        request, version=request.version, actor=actor, now=now, on_behalf_of=state
    )


async def agree(arguments: Arguments, /, *, actor: Actor, state: str, now: datetime) -> None:
    request = await _request(arguments)
    await actions.agree_to_circulation(
        request,
        publish=arguments.get("publish") in {True, "yes"},
        version=request.version,
        actor=actor,
        now=now,
        on_behalf_of=state,
    )


async def object_to_it(
    arguments: Arguments, /, *, actor: Actor, state: str, now: datetime
) -> None:
    request = await _request(arguments)
    await actions.object_to_circulation(
        request, version=request.version, actor=actor, now=now, on_behalf_of=state
    )


async def close(arguments: Arguments, /, *, actor: Actor, state: str, now: datetime) -> None:
    request = await _request(arguments)
    await actions.close(request, version=request.version, actor=actor, now=now, on_behalf_of=state)


async def follow_up(arguments: Arguments, /, *, actor: Actor, state: str, now: datetime) -> None:
    request = await _request(arguments)
    await actions.follow_up(
        request,
        answer=FollowUp(_text(arguments, "answer")),
        version=request.version,
        actor=actor,
        now=now,
        on_behalf_of=state,
    )


async def _request(arguments: Arguments) -> Request:
    """Locked by who confirms: the version is the one that is there now."""
    return await lock(UUID(str(arguments["subject_id"])))


def _text(arguments: Arguments, name: str) -> str:
    found = arguments.get(name)
    return found if isinstance(found, str) else ""


async def _answers() -> list[tuple[str, str]]:
    return [(value, str(label)) for value, label in ANSWERS.items() if value != "no_answer"]


def on_paper(actor: Actor, request: Request) -> list[tuple[LazyMessage, str]]:
    """What a coordinator may record for the State now: the act, and the page to record it on."""
    if not coordinates(actor, request):
        return []
    found = [(command, LABELS[command]) for command in _commands(request)]
    found += [(command, label) for command, (label, applies) in ADDED.items() if applies(request)]
    return [(label, on_behalf.address(command, request.public_id)) for command, label in found]


def add(command: str, label: LazyMessage, applies: Callable[[Request], bool]) -> None:
    """Offer an act that another area carries out, on requests to which it applies."""
    ADDED[command] = (label, applies)


def _commands(request: Request) -> tuple[str, ...]:
    if request.state is RequestState.SUBMITTED:
        return (CONFIRM,) if request.co_states else ()
    if request.state is RequestState.CLOSED and request.follow_up_asked_at is not None:
        return (FOLLOW_UP,)
    return COMMANDS.get(request.state, ())


ADDED: dict[str, tuple[LazyMessage, Callable[[Request], bool]]] = {}
COMMANDS: dict[RequestState, tuple[str, ...]] = {
    RequestState.DRAFT: (SUBMIT,),
    RequestState.RETURNED: (SUBMIT,),
    RequestState.NO_OBJECTION: (AGREE, OBJECT),
    **{state: (CLOSE,) for state in OPEN_STATES},
}
LABELS: dict[str, LazyMessage] = {
    SUBMIT: N_("Submit the request"),
    CONFIRM: N_("Confirm a joint request"),
    AGREE: N_("Agree to circulation"),
    OBJECT: N_("Object to circulation"),
    CLOSE: N_("Close the request"),
    FOLLOW_UP: N_("Answer the follow-up"),
}
HANDLERS: dict[str, tuple[Handler, tuple[Field, ...]]] = {
    SUBMIT: (
        submit,
        (
            Field(
                "override_reason",
                N_("Why it is submitted although details are missing"),
                kind="prose",
                required=False,
            ),
        ),
    ),
    CONFIRM: (confirm, ()),
    AGREE: (
        agree,
        (
            Field(
                "publish",
                N_("The State also agrees to publish the summary"),
                kind="yes",
                required=False,
            ),
        ),
    ),
    OBJECT: (object_to_it, ()),
    CLOSE: (close, ()),
    FOLLOW_UP: (
        follow_up,
        (Field("answer", N_("Was it met?"), kind="choice", options=_answers),),
    ),
}


def register() -> None:
    """Make these acts known to the pages on which they are recorded and confirmed."""
    for command, (handler, fields) in HANDLERS.items():
        on_behalf.register(command, handler, label=LABELS[command], subject=subject, fields=fields)


register()
