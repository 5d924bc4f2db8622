"""Names of States in other parties' files: looked up, never guessed."""

import pytest

from concord.activities.country_names import SEVERAL, StateNames, UnknownName, other_names
from concord.reference.queries import code_lists


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("Federative Republic of Brazil", "BRA"),
        ("  côte d’ivoire ", "CIV"),
        ("REPUBLIC OF COTE D'IVOIRE", "CIV"),
        ("Kenya", "KEN"),
        ("KEN", "KEN"),
        ("Япония", "JPN"),
        ("法国", "FRA"),
        ("South Asia", None),
        ("World", None),
        ("   ", None),
    ],
)
async def test_name_is_found(database: None, name: str, code: str | None) -> None:
    assert StateNames(await code_lists()).state_named(name) == code


@pytest.mark.parametrize("name", ["Atlantis", "Republic of Keny", "Sint Maarten"])
async def test_other_names_wait_for_a_person(database: None, name: str) -> None:
    names = StateNames(await code_lists())

    with pytest.raises(UnknownName):
        names.state_named(name)


async def test_every_entry_of_the_table_is_a_state_or_several(database: None) -> None:
    lists = await code_lists()

    assert {code for code in other_names().values() if code not in lists.states} == {SEVERAL}
