"""Names in the order that readers of each language expect."""

import pytest

from concord.reference import tables
from concord.reference.sorting import sort_key


@pytest.mark.parametrize(
    ("language", "names"),
    [
        ("fr", ["Égypte", "Émirats", "Équateur", "Érythrée", "Espagne"]),
        ("es", ["Nauru", "Nicaragua", "Níger", "Nz", "Ñandú", "Omán"]),
        ("ru", ["Ейск", "Ель", "Ёлка", "Жуков", "Иран", "Йемен", "Кабо-Верде"]),
        ("ar", ["إثيوبيا", "الأرجنتين", "الأردن", "بوتان", "الصين"]),
        ("zh", ["阿富汗", "巴西", "斐济", "芬兰", "瑙鲁", "中国"]),
    ],
)
def test_order_is_that_of_the_language(language: str, names: list[str]) -> None:
    assert sorted(reversed(names), key=sort_key(language)) == names


@pytest.mark.parametrize("language", ["ar", "zh", "en", "fr", "ru", "es"])
def test_every_name_of_a_state_has_a_place_of_its_own(language: str) -> None:
    key = sort_key(language)
    names = [state.name(language) for state in tables.states(illustrative=True)]

    assert len({key(name) for name in names}) == len(names)
