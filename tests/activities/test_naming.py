"""A person says which State an imported name means; the answer holds for what came and comes."""

import pytest

from concord.activities.actions import answer_name
from concord.activities.models import ExternalActivity, ImportedName
from concord.activities.queries import name_answers
from concord.activities.values import Imported, NameAnswer
from concord.actor import Actor, Role
from concord.audit import AuditEntry
from concord.errors import InvalidInput, NotAllowed, StaleVersion
from concord.inbox.models import Task
from tests.activities.iati_files import activity, as_file
from tests.cli.iati import bring
from tests.conftest import NOW

COORDINATOR = Actor(role=Role.COORDINATOR)
PLACES = (
    '<recipient-country code="ZZ" percentage="60"><narrative>Atlantis</narrative>'
    '</recipient-country><recipient-country code="QN" percentage="40"/>'
)
FILE = as_file(activity(0, places=PLACES))


async def named(answer: NameAnswer, state: str = "") -> int:
    name = await ImportedName.get()
    return await answer_name(
        name, answer, state=state, version=name.version, actor=COORDINATOR, now=NOW
    )


async def states() -> list[str]:
    return (await ExternalActivity.get()).states


async def test_an_answer_gives_the_state_and_is_remembered(database: None) -> None:
    await bring(FILE)
    assert await states() == ["QNN"]

    assert await named(NameAnswer.STATE, "QMM") == 1

    assert await states() == ["QMM", "QNN"]
    assert (await ExternalActivity.get()).state_id == "QMM"
    assert await name_answers() == {"atlantis": "QMM"}
    found, again = await bring(FILE)
    assert (again, found.waiting) == (Imported(unchanged=1), {})
    assert await Task.filter(kind="name_imported_states", closed_at=None).count() == 0
    assert await AuditEntry.filter(action="name_imported_state").count() == 1


async def test_a_name_may_be_no_states(database: None) -> None:
    await bring(FILE)

    await named(NameAnswer.NOT_A_STATE)

    found, again = await bring(FILE)
    assert (again, found.waiting, await states()) == (Imported(unchanged=1), {}, ["QNN"])


async def test_an_answer_may_be_given_again(database: None) -> None:
    await bring(FILE)
    await named(NameAnswer.STATE, "QMM")

    await named(NameAnswer.STATE, "QPP")
    assert await states() == ["QPP", "QNN"]

    await named(NameAnswer.NOT_A_STATE)
    assert await states() == ["QNN"]


async def test_an_answer_is_a_state_of_the_list_given_by_who_may(database: None) -> None:
    await bring(FILE)
    name = await ImportedName.get()

    with pytest.raises(InvalidInput):
        await named(NameAnswer.STATE, "XXX")
    with pytest.raises(NotAllowed):
        await answer_name(
            name, NameAnswer.NOT_A_STATE, version=1, actor=Actor(role=Role.AUDITOR), now=NOW
        )
    with pytest.raises(StaleVersion):
        await answer_name(name, NameAnswer.NOT_A_STATE, version=7, actor=COORDINATOR, now=NOW)
    assert (await ImportedName.get()).answer is None
