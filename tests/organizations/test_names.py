"""When two names are the same organization's."""

import pytest

from concord.organizations.names import name_key


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("Illustrative Cyber Lab, Inc.", "illustrative cyber lab"),
        ("The Illustrative  Cyber-Lab", "illustrative cyber lab"),
        ("ILLUSTRATIVE CYBER LAB GmbH", "illustrative cyber lab"),
        ("Illustrative Cyber Lab S.A.", "illustrative cyber lab"),
        ("École Modèle", "ecole modele"),
        ("Школа", "школа"),
        ("示例大学", "示例大学"),
        ("Foundation", "foundation"),
        ("…", ""),
    ],
)
def test_a_name_has_one_key_however_it_is_written(name: str, key: str) -> None:
    assert name_key(name) == key
