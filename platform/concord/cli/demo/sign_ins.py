"""How to sign in as each of the demo's people."""

from datetime import datetime

from rich.table import Table

from concord.accounts.keys import derive
from concord.cli.running import console
from concord.demo.authenticators import sign_ins
from concord.demo.cast import PASSWORD
from concord.settings import Settings


async def show_sign_ins(settings: Settings, *, now: datetime) -> None:
    """A table of people with their authenticators, everybody's password, and the address."""
    table = Table(box=None, pad_edge=False)
    for heading in ("sign in as", "role", "for", "authenticator secret", "code now"):
        table.add_column(heading, no_wrap=True)
    for each in await sign_ins(derive(settings.secret_key), now=now):
        place = ", ".join(each.states) or each.organization
        table.add_row(each.email, each.role.value.replace("_", " "), place, each.secret, each.code)
    out = console()
    out.print(table)
    out.print(
        f"\nPassword of everybody: {PASSWORD}"
        "\nCurrent codes: `concord demo --code EMAIL`, or the page of people below."
        f"\n\nConcord is ready: {settings.public_url}"
        f"\nPeople and codes: {settings.public_url}/demo/people"
        f"\nMails:            {settings.public_url}/demo/mail",
        highlight=False,
        soft_wrap=True,
    )
    out.file.flush()
