"""Acts on a request that a State took on paper and that touch its matches."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from concord.actor import Actor
from concord.matches import actions
from concord.matches.on_paper import NOTE, paper
from concord.matches.values import OnBehalf
from concord.organizations import on_behalf
from concord.organizations.on_behalf import Field, Handler, Subject
from concord.requests import behalf
from concord.requests.models import Request
from concord.requests.queries import request_for
from concord.requests.states import MACHINE, MERGEABLE
from concord.web.i18n import LazyMessage
from concord.web.i18n import lazy as N_

Arguments = Mapping[str, object]
Act = Callable[[Request, Arguments, Actor, datetime, OnBehalf], Awaitable[Any]]
WITHDRAW = "requests.withdraw"
SUSPEND = "requests.suspend"
RESUME = "requests.resume"
MERGE = "requests.merge_confirm"


async def of_lead(actor: Actor, public_id: str) -> Subject:
    """The request; only its lead State withdraws, suspends and resumes it."""
    request = await request_for(actor, public_id)
    found = await behalf.subject(actor, public_id)
    return replace(found, states=frozenset({request.lead_state_id}))


async def _withdraw(
    request: Request, arguments: Arguments, actor: Actor, now: datetime, said: OnBehalf
) -> None:
    note = str(arguments.get("note", ""))
    await actions.withdraw_request(request, note=note, actor=actor, now=now, on_behalf=said)


async def _suspend(
    request: Request, arguments: Arguments, actor: Actor, now: datetime, said: OnBehalf
) -> None:
    note = str(arguments.get("note", ""))
    await actions.suspend_request(request, note=note, actor=actor, now=now, on_behalf=said)


async def _resume(
    request: Request, arguments: Arguments, actor: Actor, now: datetime, said: OnBehalf
) -> None:
    await actions.resume_request(request, actor=actor, now=now, on_behalf=said)


async def _confirm_merge(
    request: Request, arguments: Arguments, actor: Actor, now: datetime, said: OnBehalf
) -> None:
    await actions.confirm_merge(request, actor=actor, now=now, on_behalf=said)


def _handler(act: Act) -> Handler:
    async def carried_out(
        arguments: Arguments, /, *, actor: Actor, state: str, now: datetime
    ) -> None:
        request = await Request.get(id=str(arguments["subject_id"]))
        await act(request, arguments, actor, now, paper(arguments, state))

    return carried_out


def _applies(verb: str) -> Callable[[Request], bool]:
    return lambda request: request.state in MACHINE.rules[verb].sources


def _is_asked(request: Request) -> bool:
    return request.merge_asked_into_id is not None and request.state in MERGEABLE


ACTS: dict[str, tuple[LazyMessage, Act, tuple[Field, ...], Callable[[Request], bool]]] = {
    WITHDRAW: (N_("Withdraw the request"), _withdraw, (NOTE,), _applies("withdraw")),
    SUSPEND: (N_("Suspend the request"), _suspend, (NOTE,), _applies("suspend")),
    RESUME: (N_("Resume the request"), _resume, (), _applies("resume")),
    MERGE: (N_("Confirm that it is merged"), _confirm_merge, (), _is_asked),
}


def register() -> None:
    """Called once, where the routes are put together."""
    for command, (label, act, fields, applies) in ACTS.items():
        whose = behalf.subject if command == MERGE else of_lead
        on_behalf.register(command, _handler(act), label=label, subject=whose, fields=fields)
        behalf.add(command, label, applies)
