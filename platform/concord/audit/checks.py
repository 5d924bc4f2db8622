"""Looking at the whole chain, by command or once a day, and keeping what was found."""

from datetime import datetime, timedelta

import structlog

from concord.audit.chain import Head, verify
from concord.audit.models import AuditCheck

EVERY = timedelta(days=1)
_log = structlog.get_logger("concord.audit")


async def look(*, now: datetime, start: int = 1, noted: tuple[Head, ...] = ()) -> AuditCheck:
    """Verify, against the heads of earlier looks too, and keep the verdict."""
    found = await verify(start=start, noted=(*noted, *await _earlier()))
    broken = found.broken
    return await AuditCheck.create(
        at=now,
        first_seq=found.first,
        last_seq=found.head.seq,
        entries=found.entries,
        head=found.head.hash,
        found=broken.kind.value if broken else "",
        found_at=broken.seq if broken else None,
        found_to=broken.last if broken else None,
    )


async def last_look() -> AuditCheck | None:
    return await AuditCheck.all().order_by("-at", "-id").first()


async def run(now: datetime) -> int:
    """Look once a day; the number of looks."""
    last = await last_look()
    if last is not None and last.at > now - EVERY:
        return 0
    found = await look(now=now)
    if found.found:
        _log.error("audit chain broken", kind=found.found, seq=found.found_at)
    return 1


async def _earlier() -> tuple[Head, ...]:
    """The head of the last look that found the chain whole."""
    whole = await AuditCheck.filter(found="").order_by("-last_seq", "-at").first()
    return (Head(whole.last_seq, bytes(whole.head)),) if whole and whole.last_seq else ()
