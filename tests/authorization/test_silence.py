"""What is confidential stays out of mails, inboxes, queues, the audit trail and logs."""

import re

import pytest
from tortoise.connection import get_connection

from concord.matches import actions
from concord.settings import Settings
from notifications.channels.folder import FolderMailbox
from tests.authorization import canaries
from tests.authorization.world import World, world
from tests.conftest import NOW, Clock
from workers.context import Context
from workers.main import HANDLERS
from workers.match_pool import MatchPool
from workers.outbox import dispatch

KEPT = """
SELECT 'outbox' AS place, payload::text || coalesce(error, '') AS words FROM outbox
UNION ALL SELECT 'notice', payload::text || message FROM notice
UNION ALL SELECT 'audit_entry', facts::text || action FROM audit_entry
UNION ALL SELECT 'task', kind || subject_public_id FROM task
"""


async def moved(found: World) -> None:
    """Every side says its word, each with a note that nobody else may read."""
    people, matches = found.people.actors, found.matches
    note = "canary.note"
    await actions.decline_by_partner(
        matches["open"],
        reason="declined_by_partner.timing",
        note=note,
        actor=people["adm"],
        now=NOW,
    )
    await actions.suspend(matches["restricted"], note=note, actor=people["foc"], now=NOW)
    await actions.suspend(matches["sealed"], note=note, actor=people["adm"], now=NOW)
    await actions.withdraw_request(
        found.requests["public"], note=note, actor=people["foc"], now=NOW
    )


async def test_no_confidential_word_leaves_the_page(
    settings: Settings, clock: Clock, database: None, capfd: pytest.CaptureFixture[str]
) -> None:
    found = await world()
    await canaries.plant(found)
    await moved(found)
    context = Context(settings=settings, clock=clock, pool=MatchPool("lexical"))
    while await dispatch(context, HANDLERS):
        pass

    kept = await get_connection("default").execute_query_dict(KEPT)
    mails = FolderMailbox(settings.data_folder / "mail").letters()
    written = capfd.readouterr()
    everything = [
        *((row["place"], row["words"]) for row in kept),
        *(("mail", f"{one.subject} {one.text} {one.html}") for one in mails),
        ("log", written.out + written.err),
    ]
    assert {place for place, words in everything if words} >= {
        "outbox",
        "notice",
        "audit_entry",
        "mail",
    }
    assert [(place, words) for place, words in everything if re.search("canary", words)] == []
