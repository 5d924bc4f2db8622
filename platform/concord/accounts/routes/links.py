"""Pages behind mailed links: activation, a new second factor, a new password."""

from collections.abc import Sequence

from starlette.background import BackgroundTask
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response

from concord.accounts import actions, authenticator, forms, queries
from concord.accounts.limits import LINK_ADDRESS, RESET_ACCOUNT, RESET_ADDRESS, Use
from concord.accounts.models import Token
from concord.accounts.passwords import LEAST
from concord.accounts.routes.browser import (
    address_of,
    device_of,
    give_session,
    keys_of,
    recognize,
    throttled,
)
from concord.accounts.states import TokenPurpose
from concord.errors import Conflict, InvalidInput
from concord.web.flash import see_other
from concord.web.forms import reader
from concord.web.i18n import gettext as _
from concord.web.rendering import render
from concord.web.routing import page

GONE = 410
SETTING_UP = (TokenPurpose.ACTIVATION, TokenPurpose.ENROLMENT)


async def show_activation(request: Request) -> Response:
    link = await _link(request, *SETTING_UP)
    return _activation(request, link) if link else _ended(request)


async def activate(request: Request) -> Response:
    """Set up the account; the recovery codes are on the answer and nowhere else."""
    token = request.path_params["token"]
    link = await _link(request, *SETTING_UP)
    if link is None:
        return _ended(request)
    form = await reader(request)
    try:
        done = await actions.activate(
            token,
            forms.enrolment(form, with_password=link.purpose is TokenPurpose.ACTIVATION),
            keys=keys_of(request),
            now=request.state.now,
            device=device_of(request),
        )
    except InvalidInput as refused:
        return _activation(request, link, errors=refused.fields, status=422)
    except Conflict:
        return _ended(request)
    await recognize(request, done.session)
    codes = done.recovery_codes
    response = render(request, "accounts/recovery_codes.html", codes=codes, welcome=True)
    await give_session(request, response, done.session)
    return response


async def show_forgotten(request: Request) -> Response:
    return render(request, "accounts/forgotten.html", errors={}, email="", sent=False)


async def ask_reset(request: Request) -> Response:
    """One answer for every address; who it belongs to is looked up after it was given."""
    form = await reader(request)
    email = form.email("email")
    if form.errors:
        return render(
            request,
            "accounts/forgotten.html",
            status=422,
            errors=form.errors,
            email=email,
            sent=False,
        )
    response = render(request, "accounts/forgotten.html", errors={}, email=email, sent=True)
    response.background = BackgroundTask(_send_reset, request, email)
    return response


async def show_reset(request: Request) -> Response:
    link = await _link(request, TokenPurpose.RESET)
    return _reset(request) if link else _ended(request)


async def reset(request: Request) -> Response:
    if await _link(request, TokenPurpose.RESET) is None:
        return _ended(request)
    form = await reader(request)
    try:
        password = forms.new_password(form, "password")
        form.check()
        await actions.reset_password(request.path_params["token"], password, now=request.state.now)
    except InvalidInput as refused:
        return _reset(request, errors=refused.fields, status=422)
    except Conflict:
        return _ended(request)
    return see_other("/sign-in", _("Your password is changed. Sign in with the new one."))


async def _send_reset(request: Request, email: str) -> None:
    if await actions.ask_reset(email, now=request.state.now):
        await request.app.state.doorbell.ring()


async def _link(request: Request, *purposes: TokenPurpose) -> Token | None:
    token = request.path_params["token"]
    return await queries.open_link(token, *purposes, now=request.state.now)


def _ended(request: Request) -> Response:
    return render(request, "accounts/link_ended.html", status=GONE)


def _activation(
    request: Request, link: Token, *, errors: dict[str, str] | None = None, status: int = 200
) -> Response:
    secret = keys_of(request).enrolment_secret(request.path_params["token"])
    email = link.person.email
    return render(
        request,
        "accounts/activate.html",
        status=status,
        errors=errors or {},
        person=link.person,
        token=request.path_params["token"],
        new=link.purpose is TokenPurpose.ACTIVATION,
        least=LEAST,
        qr=authenticator.picture(secret, email=email, title=_("QR code of the second factor")),
        secret=authenticator.grouped(secret),
        address=authenticator.address(secret, email=email),
    )


def _reset(
    request: Request, *, errors: dict[str, str] | None = None, status: int = 200
) -> Response:
    token = request.path_params["token"]
    context = {"errors": errors or {}, "token": token, "least": LEAST}
    return render(request, "accounts/reset.html", status=status, **context)


def link_uses(request: Request, form: FormData) -> Sequence[Use]:
    return (Use(LINK_ADDRESS, address_of(request)),)


def reset_uses(request: Request, form: FormData) -> Sequence[Use]:
    email = str(form.get("email", "")).strip().lower()
    return (Use(RESET_ADDRESS, address_of(request)), Use(RESET_ACCOUNT, email))


routes = [
    page("/activate/{token}", show_activation, public=True),
    throttled("/activate/{token}", activate, uses=link_uses, public=True),
    page("/password/forgotten", show_forgotten, public=True),
    throttled("/password/forgotten", ask_reset, uses=reset_uses, public=True),
    page("/password/reset/{token}", show_reset, public=True),
    throttled("/password/reset/{token}", reset, uses=link_uses, public=True),
]
