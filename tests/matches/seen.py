"""What a test looks at after an action: counts, messages, tasks, trail."""

from uuid import UUID

from tortoise.connection import get_connection

from concord.actor import Actor
from concord.audit import AuditEntry
from concord.inbox.models import Task
from concord.jobs import TELL, Outbox
from concord.matches.models import Match, MatchLine
from concord.requests.models import Disclosure
from tests.factories.matches import Cast

Rows = list[tuple[str, ...]]


async def counts(match: Match) -> dict[str, tuple[int, int]]:
    """Of the first line: the slot's held and reserved, the item's reserved and delivered."""
    line = await MatchLine.filter(match=match).order_by("id").first()
    assert line is not None
    await line.fetch_related("slot", "item")
    return {
        "slot": (line.slot.held, line.slot.reserved),
        "item": (line.item.reserved, line.item.delivered),
    }


async def line_of(match: Match) -> tuple[str, bool]:
    line = await MatchLine.get(match=match)
    return line.status, line.live


async def told(match: Match, players: Cast) -> set[tuple[str, str]]:
    """Who is owed which message on a match; people by their part."""
    names = names_of(players)
    rows = await Outbox.filter(name=TELL, dedup__startswith=f"tell:match:{match.id}:")
    return {
        (str(row.payload["message"]), names.get(UUID(str(row.payload["person"])), "stranger"))
        for row in rows
    }


def names_of(players: Cast) -> dict[UUID | None, str]:
    parts: dict[str, Actor] = {
        "state": players.focal_point,
        "coordinator": players.coordinator,
        "approver": players.approver,
        "partner": players.partner,
        **players.others,
    }
    return {actor.person_id: name for name, actor in parts.items()}


async def forget_told() -> None:
    """So that a test sees only what its own action owes."""
    await Outbox.all().delete()


async def queued(name: str) -> int:
    return await Outbox.filter(name=name).count()


async def open_tasks(match: Match) -> set[str]:
    rows = await Task.filter(subject_id=match.id, closed_at=None)
    return {row.kind for row in rows}


async def trail(match: Match) -> list[str]:
    rows = await AuditEntry.filter(subject_id=match.id).order_by("seq")
    return [row.action for row in rows]


async def cover_rows() -> int:
    rows = await get_connection("default").execute_query_dict("SELECT count(*) FROM cover")
    found: int = rows[0]["count"]
    return found


async def live_disclosures(match: Match) -> int:
    return await Disclosure.filter(match_id=match.id, ended_at=None).count()
