"""A look is kept, compared with the looks before it, and taken once a day."""

from datetime import timedelta

import pytest

from concord.audit.checks import last_look, look, run
from concord.audit.models import AuditCheck
from tests.audit.test_chain import CHANGE, tamper, written
from tests.conftest import NOW

pytestmark = pytest.mark.usefixtures("database")


async def test_a_look_keeps_what_it_found() -> None:
    heads = await written()

    whole = await look(now=NOW)

    assert (whole.first_seq, whole.last_seq, whole.entries, whole.found) == (1, 12, 12, "")
    assert whole.head == heads[-1].hash
    await tamper(CHANGE)
    await look(now=NOW + timedelta(hours=1))
    last = await last_look()
    assert last is not None
    assert (last.found, last.found_at, last.found_to, last.last_seq) == ("changed", 5, 5, 4)


async def test_a_tail_cut_between_two_looks_is_missed() -> None:
    await written()
    await look(now=NOW)
    await tamper("DELETE FROM audit_entry WHERE seq > 10")

    found = await look(now=NOW)

    assert (found.found, found.found_at, found.found_to) == ("removed", 11, 12)


async def test_the_clock_looks_once_a_day() -> None:
    await written(2)

    times = [NOW, NOW + timedelta(minutes=1), NOW + timedelta(days=1, minutes=2)]

    assert [await run(moment) for moment in times] == [1, 0, 1]
    assert await AuditCheck.all().count() == 2
