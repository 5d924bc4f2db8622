"""The reader's choice of language, kept in a cookie."""

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from concord.web.i18n import COOKIE, ENDONYMS

YEAR = 365 * 24 * 3600


async def choose_language(request: Request) -> Response:
    """Answer `POST /language` (fields `lang` and `next`) by going back in the chosen language."""
    form = await request.form()
    chosen, back = str(form.get("lang", "")), str(form.get("next", ""))
    response = RedirectResponse(back if is_local(back) else "/", 303)
    if chosen in ENDONYMS:
        response.set_cookie(
            COOKIE,
            chosen,
            YEAR,
            secure=request.url.scheme == "https",
            httponly=True,
            samesite="lax",
        )
    return response


def is_local(address: str) -> bool:
    """Whether an address stays on this site whatever a browser makes of it."""
    return (
        address.startswith("/")
        and not address.startswith("//")
        and "\\" not in address
        and address.isprintable()
    )
