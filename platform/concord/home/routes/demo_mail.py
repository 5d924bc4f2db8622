"""The demo's mails: without an SMTP server they are kept and shown here."""

from starlette.requests import Request
from starlette.responses import Response

from concord.errors import NotFound
from concord.web.rendering import render
from concord.web.routing import page
from notifications.channels.folder import FolderMailbox

MOST = 100


def _mailbox(request: Request) -> FolderMailbox:
    settings = request.app.state.settings
    if not settings.demo or settings.smtp:
        raise NotFound
    return FolderMailbox(settings.data_folder / "mail")


async def show(request: Request) -> Response:
    letters = _mailbox(request).letters()
    wanted = request.query_params.get("to", "").lower()
    shown = [letter for letter in letters if wanted in letter.to.lower()][:MOST]
    return render(request, "home/demo_mails.html", letters=shown, total=len(letters))


async def read(request: Request) -> Response:
    letter = _mailbox(request).letter(request.path_params["key"])
    if letter is None:
        raise NotFound
    return render(request, "home/demo_mail.html", letter=letter)


routes = [
    page("/demo/mail", show, name="demo_mails", public=True),
    page("/demo/mail/{key}", read, name="demo_mail", public=True),
]
