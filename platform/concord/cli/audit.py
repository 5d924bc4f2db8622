"""`concord audit`: whether the trail is as it was written, and its head, to be noted elsewhere."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Annotated, Any, TypeVar

import typer
from tortoise.context import TortoiseContext

from concord.audit.chain import Head, head
from concord.audit.checks import look
from concord.audit.models import AuditCheck
from concord.cli.running import application, read_settings, refuse, services, utc_now
from concord.database import connected

T = TypeVar("T")
BROKEN = 3
"""The exit status for a chain that is not whole; 1 means that it could not be looked at."""
SAID = {
    "changed": "Entry {first} is not as it was written.",
    "removed": "Entry {first} is missing.",
    "reordered": "Entry {first} stands in another's place.",
    "inserted": "Entry {first} was slipped in.",
}
MISSING = "Entries {first} to {last} are missing."
app = application("Look at the audit trail.")


@app.command(name="head")
def show_head() -> None:
    """Print number and hash of the last entry, to be noted where no one here can change it."""
    print(as_owner(head))


@app.command(name="verify")
def verify_chain(
    start: Annotated[
        int, typer.Option("--from", min=1, help="Begin at this entry; the one before is believed.")
    ] = 1,
    noted: Annotated[
        list[str] | None,
        typer.Option(
            "--head", help="What `concord audit head` printed once; several may be given."
        ),
    ] = None,
) -> None:
    """Recompute the whole chain and name the first entry that is not as it was written.

    Exit status 0: whole. 3: broken, and where is printed. 1: it could not be looked at.
    """
    heads = tuple(parse_head(each) for each in noted or [])

    async def command() -> AuditCheck:
        return await look(now=utc_now(), start=start, noted=heads)

    found = as_owner(command)
    print(words_of(found))
    if found.found:
        raise typer.Exit(BROKEN)


def parse_head(text: str) -> Head:
    """`SEQ:HASH` as `concord audit head` prints it."""
    seq, _, digest = text.partition(":")
    try:
        return Head(int(seq), bytes.fromhex(digest))
    except ValueError:
        refuse(f"{text!r} is no head: give it as `concord audit head` printed it.")


def words_of(check: AuditCheck) -> str:
    """The verdict as one sentence."""
    if check.found:
        several = check.found == "removed" and check.found_to != check.found_at
        said = MISSING if several else SAID[check.found]
        return said.format(first=check.found_at, last=check.found_to)
    return (
        f"The chain is whole: {check.entries} entries, up to"
        f" {Head(check.last_seq, bytes(check.head))}"
    )


def as_owner(command: Callable[[], Coroutine[Any, Any, T]]) -> T:
    """With the owner's eyes: row security hides nothing of the trail from it."""
    settings = read_settings()

    async def within(url: str) -> T:
        async with TortoiseContext(), connected(url, pool_size=2, beyond=True):
            return await command()

    with services(settings) as ready:
        return asyncio.run(within(ready.owner_database_url))
