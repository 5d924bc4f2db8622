"""Sign-in, sign-out and the choice of a language."""

from collections.abc import Sequence
from uuid import UUID

import structlog
from starlette.background import BackgroundTask
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from concord.accounts import actions, forms
from concord.accounts.limits import SIGN_IN_ACCOUNT, SIGN_IN_ADDRESS, Use
from concord.accounts.routes.browser import (
    address_of,
    device_of,
    give_session,
    keys_of,
    limits_of,
    take_session,
    throttled,
)
from concord.errors import InvalidInput
from concord.web.flash import see_other
from concord.web.forms import reader
from concord.web.i18n import ENDONYMS
from concord.web.i18n import gettext as _
from concord.web.language import choose_language, is_local
from concord.web.rendering import render
from concord.web.routing import command, page

_log = structlog.get_logger("concord.accounts")


async def show_sign_in(request: Request) -> Response:
    if request.state.actor.is_signed_in:
        return RedirectResponse(_local(request.query_params.get("next", "")), 303)
    return _page(request, next=request.query_params.get("next", ""))


async def prove(request: Request) -> None:
    """The costly part, before the transaction: no connection waits for argon2."""
    request.state.credentials = forms.credentials(await reader(request))
    request.state.proof = await actions.prove(
        request.state.credentials, keys=keys_of(request), now=request.state.now
    )


async def sign_in(request: Request) -> Response:
    form = await reader(request)
    proof: actions.Proof = request.state.proof
    back = form.text("next")
    try:
        tokens = await actions.sign_in(proof, device=device_of(request), now=request.state.now)
    except InvalidInput as refused:
        person = str(proof.person.id) if proof.person else None
        _log.info("sign-in refused", person=person)
        typed = request.state.credentials.email
        return _page(request, email=typed, next=back, errors=refused.fields, status=422)
    left: UUID | None = request.state.session_id
    if left is not None:
        await actions.sign_out(left, actor=request.state.actor, now=request.state.now)
    response = RedirectResponse(_local(back), 303)
    response.background = BackgroundTask(  # after the transaction: it asks Redis
        limits_of(request).forgive, _account(request.state.credentials.email)
    )
    await give_session(request, response, tokens)
    return response


async def sign_out(request: Request) -> Response:
    await actions.sign_out(
        request.state.session_id, actor=request.state.actor, now=request.state.now
    )
    response = see_other("/sign-in", _("You are signed out."))
    take_session(request, response)
    return response


async def language(request: Request) -> Response:
    """Kept in a cookie for everyone, and with the person who is signed in."""
    response = await choose_language(request)
    chosen = (await reader(request)).text("lang")
    if request.state.actor.is_signed_in and chosen in ENDONYMS:
        await actions.choose_locale(chosen, actor=request.state.actor)
    return response


def uses(request: Request, form: FormData) -> Sequence[Use]:
    return (
        Use(SIGN_IN_ADDRESS, address_of(request)),
        _account(str(form.get("email", "")).strip().lower()),
    )


def _account(email: str) -> Use:
    return Use(SIGN_IN_ACCOUNT, email)


def _local(address: str) -> str:
    return address if is_local(address) and address != "/sign-in" else "/"


def _page(
    request: Request,
    *,
    email: str = "",
    next: str = "",  # noqa: A002 - the field's name
    errors: dict[str, str] | None = None,
    status: int = 200,
) -> Response:
    return render(
        request,
        "accounts/sign_in.html",
        status=status,
        email=email,
        next=next if is_local(next) else "",
        errors=errors or {},
    )


routes = [
    page("/sign-in", show_sign_in, public=True),
    throttled("/sign-in", sign_in, uses=uses, prepare=prove, public=True),
    command("/sign-out", sign_out),
    command("/language", language, public=True),
]
