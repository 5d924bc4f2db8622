"""One's own account: profile, password, recovery codes, sessions, seat."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID
from zoneinfo import available_timezones

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response

from concord.accounts import actions, forms, queries
from concord.accounts.lifetimes import IDLE
from concord.accounts.limits import PASSWORD_SESSION, Use
from concord.accounts.models import Person
from concord.accounts.passwords import LEAST
from concord.accounts.policy import may_list_people
from concord.accounts.routes.browser import give_session, keys_of, session_key, throttled
from concord.errors import InvalidInput, NotFound
from concord.reference.languages import UI_LANGUAGES
from concord.web.flash import local_path, see_other
from concord.web.forms import reader
from concord.web.i18n import gettext as _
from concord.web.rendering import render
from concord.web.routing import command, page


async def show_account(request: Request) -> Response:
    return await _page(request, await _person(request))


async def change_profile(request: Request) -> Response:
    try:
        values = forms.profile(await reader(request))
    except InvalidInput as refused:
        return await _refused(request, refused)
    await actions.change_profile(values, actor=request.state.actor, now=request.state.now)
    return see_other("/account", _("Your profile is saved."))


async def change_password(request: Request) -> Response:
    form = await reader(request)
    try:
        current = forms.secret(form, "current_password", required=True)
        password = forms.new_password(form)
        form.check()
        tokens = await actions.change_password(
            current,
            password,
            session_id=request.state.session_id,
            actor=request.state.actor,
            now=request.state.now,
        )
    except InvalidInput as refused:
        return await _refused(request, refused)
    message = _("Your password is changed. Other sessions are signed out.")
    response = see_other("/account", message)
    await give_session(request, response, tokens)
    return response


async def renew_recovery_codes(request: Request) -> Response:
    """Answers with the new codes, which are shown this once."""
    form = await reader(request)
    try:
        code = form.text("code", required=True, limit=forms.CODE_LENGTH)
        form.check()
        codes = await actions.renew_recovery_codes(
            await _person(request),
            code=code,
            keys=keys_of(request),
            actor=request.state.actor,
            now=request.state.now,
        )
    except InvalidInput as refused:
        return await _refused(request, refused)
    return render(request, "accounts/recovery_codes.html", codes=codes, welcome=False)


async def end_session(request: Request) -> Response:
    try:
        session_id = UUID(request.path_params["session"])
    except ValueError as error:
        raise NotFound from error
    await actions.end_session(session_id, actor=request.state.actor, now=request.state.now)
    return see_other("/account", _("The session is ended."))


async def end_other_sessions(request: Request) -> Response:
    await actions.end_other_sessions(
        request.state.session_id, actor=request.state.actor, now=request.state.now
    )
    return see_other("/account", _("You are signed out everywhere else."))


async def take_seat(request: Request) -> Response:
    form = await reader(request)
    membership_id = forms.identifier(form, "membership_id")
    tokens = await actions.take_seat(
        membership_id,
        session_id=request.state.session_id,
        actor=request.state.actor,
        now=request.state.now,
    )
    response = see_other(local_path(form.text("next")))
    await give_session(request, response, tokens)
    return response


def uses(request: Request, form: FormData) -> Sequence[Use]:
    return (Use(PASSWORD_SESSION, session_key(request, form)),)


async def _person(request: Request) -> Person:
    return await Person.get(id=request.state.actor.person_id)


async def _refused(request: Request, refused: InvalidInput) -> Response:
    typed = (await reader(request)).raw
    values = {name: texts[0] for name, texts in typed.items() if texts}
    person = await _person(request)
    return await _page(request, person, errors=refused.fields, typed=values, status=422)


async def _page(
    request: Request,
    person: Person,
    *,
    errors: dict[str, str] | None = None,
    typed: dict[str, str] | None = None,
    status: int = 200,
) -> Response:
    now = request.state.now
    profile: dict[str, Any] = {
        "name": person.name,
        "locale": person.locale,
        "timezone": person.timezone,
        "wants_email": person.wants_email,
    }
    if typed and "timezone" in typed:
        profile |= {name: typed.get(name, "") for name in ("name", "locale", "timezone")}
        profile["wants_email"] = "wants_email" in typed
    return render(
        request,
        "accounts/account.html",
        status=status,
        errors=errors or {},
        person=person,
        profile=profile,
        languages=list(UI_LANGUAGES.items()),
        timezones=[(name, name.replace("_", " ")) for name in sorted(available_timezones())],
        sessions=await queries.sessions_of(person.id, now=now, idle_since=now - IDLE),
        session_id=request.state.session_id,
        codes_left=await queries.recovery_codes_left(person.id),
        keeps_people=may_list_people(request.state.actor),
        least=LEAST,
    )


routes = [
    page("/account", show_account),
    command("/account", change_profile),
    throttled("/account/password", change_password, uses=uses),
    throttled("/account/recovery-codes", renew_recovery_codes, uses=uses),
    command("/account/sessions/{session}/end", end_session),
    command("/account/sessions/end-others", end_other_sessions),
    command("/account/seat", take_seat),
]
