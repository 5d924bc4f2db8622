"""`concord import`: requests, offers and activities from files, checked one by one."""

import hashlib
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from concord.activities.actions import import_activities
from concord.activities.iati.prolog import LOOKED_AT, looks_like_xml, read_prolog
from concord.activities.queries import name_answers
from concord.activities.values import Imported, Provenance
from concord.actor import Actor, Role
from concord.cli.actors import acting
from concord.cli.imports.activities import Read, read_activities
from concord.cli.imports.iati import bring_iati
from concord.cli.imports.offers import NamedOffer, read_offers
from concord.cli.imports.providers import provider_named
from concord.cli.imports.records import Record
from concord.cli.imports.report import report, report_activities
from concord.cli.imports.requests import read_requests
from concord.cli.imports.storing import Outcome, store
from concord.cli.imports.table import LARGEST_FILE
from concord.cli.running import application, read_settings, refuse, run, told, utc_now
from concord.offers.actions import import_offer
from concord.reference.queries import code_lists
from concord.requests.actions import import_request
from concord.requests.values import DraftValues
from concord.settings import Settings

File = Annotated[Path, typer.Argument(exists=True, dir_okay=False, readable=True)]
SkipBad = Annotated[
    bool, typer.Option("--skip-bad", help="Import what is good in spite of what is bad.")
]
Source = Annotated[str, typer.Option(help="Where the file comes from; its name unless given.")]
Email = Annotated[str, typer.Option(help="Who imports; the operator of the machine unless given.")]
app = application("Import CSV and IATI files; everything bad is named with its line and reason.")
IMPORTERS = frozenset({Role.COORDINATOR, Role.ADMIN})


@app.command()
def requests(
    file: File,
    skip_bad: SkipBad = False,
    as_open: Annotated[
        bool, typer.Option("--as-open", help="Open at once; needs --actor, --reason, --source.")
    ] = False,
    reason: Annotated[str, typer.Option(help="Why they need no review.")] = "",
    source: Source = "",
    actor: Email = "",
) -> None:
    """Requests as drafts that are marked imported; known external_ids are not made again."""
    if as_open and not (reason and source and actor):
        refuse("--as-open needs a coordinator (--actor), a --reason and the --source.", status=2)
    content = content_of(file)

    async def command(settings: Settings) -> Outcome:
        who = await acting(actor, roles={Role.COORDINATOR}, otherwise=Role.COORDINATOR)
        return await bring_requests(
            content,
            skip_bad=skip_bad,
            as_open=reason if as_open else "",
            source=source or file.name,
            actor=who,
            now=utc_now(),
        )

    report(run(read_settings(), command), "request")


@app.command()
def offers(file: File, skip_bad: SkipBad = False, source: Source = "", actor: Email = "") -> None:
    """Offers as drafts; a provider that is not known is registered, not verified."""
    content = content_of(file)

    async def command(settings: Settings) -> Outcome:
        who = await acting(actor, roles=IMPORTERS, otherwise=Role.ADMIN)
        return await bring_offers(
            content, skip_bad=skip_bad, source=source or file.name, actor=who, now=utc_now()
        )

    report(run(read_settings(), command), "offer")


@app.command()
def activities(
    file: File,
    skip_bad: SkipBad = False,
    publisher: Annotated[
        str, typer.Option(help="Whose file it is, by IATI reference or name: you vouch for it.")
    ] = "",
    for_others: Annotated[
        bool, typer.Option("--for-others", help="The publisher reports for other organizations.")
    ] = False,
    actor: Email = "",
) -> None:
    """Other parties' projects: IATI files (1.x, 2.0x), our columns, or World Bank exports."""
    if for_others and not publisher:
        refuse("--for-others needs the --publisher.", status=2)
    with file.open("rb") as opened:
        xml = looks_like_xml(opened.read(1000))
    content = b"" if xml else content_of(file)
    with told():
        kept = provenance_of(file, publisher=publisher)

    async def command(settings: Settings) -> tuple[Read, Imported | None]:
        who = await acting(actor, roles=IMPORTERS, otherwise=Role.ADMIN)
        if not xml:
            return await bring_activities(
                content, skip_bad=skip_bad, actor=who, now=utc_now(), provenance=kept
            )
        with file.open("rb") as opened:
            return await bring_iati(
                opened, provenance=kept, for_others=for_others, actor=who, now=utc_now()
            )

    report_activities(*run(read_settings(), command))


def provenance_of(file: Path, *, publisher: str = "") -> Provenance:
    """What is kept of the file itself."""
    with file.open("rb") as opened:
        digest = hashlib.file_digest(opened, "sha256").hexdigest()
        opened.seek(0)
        start = opened.read(LOOKED_AT)
    version = f"iati {read_prolog(start).version or '1.0'}" if looks_like_xml(start) else "csv"
    return Provenance(
        file_name=file.name[:300], sha256=digest, format=version, publisher=publisher[:200]
    )


def content_of(file: Path) -> bytes:
    """The whole file; exits for one that is too large before it is read."""
    if file.stat().st_size > LARGEST_FILE:
        refuse(f"{file} is larger than {LARGEST_FILE // 2**20} MB; split it.")
    return file.read_bytes()


async def bring_requests(
    content: bytes, *, skip_bad: bool, as_open: str, source: str, actor: Actor, now: datetime
) -> Outcome:
    """Read, check and store requests; `as_open` is the reason for opening them, or empty."""
    table, records = read_requests(content, await code_lists())

    async def write(record: Record[DraftValues]) -> bool:
        imported = await import_request(
            record.values,
            external_id=record.identifier,
            source=source,
            as_open=as_open,
            actor=actor,
            now=now,
        )
        return imported.created

    return await store(
        [] if table.fatal else records,
        write,
        problems=table.problems,
        skip_bad=skip_bad and not table.fatal,
        title="Importing requests",
    )


async def bring_offers(
    content: bytes, *, skip_bad: bool, source: str, actor: Actor, now: datetime
) -> Outcome:
    """Read, check and store offers."""
    table, records = read_offers(content, await code_lists())

    async def write(record: Record[NamedOffer]) -> bool:
        named = record.values
        provider = await provider_named(named.organization, named.kind, actor=actor, now=now)
        imported = await import_offer(
            named.values,
            organization_id=provider.id,
            external_id=record.identifier,
            source=source,
            actor=actor,
            now=now,
        )
        return imported.created

    return await store(
        [] if table.fatal else records,
        write,
        problems=table.problems,
        skip_bad=skip_bad and not table.fatal,
        title="Importing offers",
    )


async def bring_activities(
    content: bytes,
    *,
    skip_bad: bool,
    actor: Actor,
    now: datetime,
    provenance: Provenance | None = None,
) -> tuple[Read, Imported | None]:
    """Read, check and store activities; None when problems kept them from being imported."""
    found = read_activities(content, await code_lists(), await name_answers())
    if found.table.problems and (found.table.fatal or not skip_bad):
        return found, None
    kept = provenance or Provenance(sha256=hashlib.sha256(content).hexdigest())
    return found, await import_activities(found.activities, provenance=kept, actor=actor, now=now)
