"""Which State a name in somebody else's export means: a table, never a guess."""

import csv
import re
import unicodedata
from collections.abc import Mapping
from functools import lru_cache
from importlib.resources import files

from concord.reference.code_lists import CodeLists

SEVERAL = "*"
"""In the table: the name of a region or of several States together."""


class UnknownName(Exception):
    """A name that is neither a State's nor a region's: it waits for a person."""


class StateNames:
    """Every name by which a State may be called, ready to be looked up.

    A State's: a UNTERM short name in one of the six languages, the ISO 3166-1 alpha-3 code, and
    what the table adds. `answers` are those of persons, by key: a State's code, or None for a
    name that is no State's.
    """

    def __init__(self, lists: CodeLists, answers: Mapping[str, str | None] | None = None) -> None:
        self._codes = {
            folded(name): state.code
            for state in lists.states.values()
            for name in (state.code, *state.names.values())
        }
        known = {*lists.states, SEVERAL}
        self._codes |= {name: code for name, code in other_names().items() if code in known}
        self._answers = answers or {}

    def is_listed(self, name: str) -> bool:
        return not folded(name) or folded(name) in self._codes

    def state_named(self, name: str, *, listed: bool = True) -> str | None:
        """The State's code; None for a blank, a region, and what a person said is no State.

        Raises UnknownName for anything else. Without `listed` only persons' answers count.
        """
        if not folded(name):
            return None
        if listed and self.is_listed(name):
            code = self._codes[folded(name)]
            return None if code == SEVERAL else code
        if name_key(name) not in self._answers:
            raise UnknownName(name)
        return self._answers[name_key(name)]


def name_key(name: str) -> str:
    """By which an imported name is remembered."""
    return folded(name)[:200]


def folded(name: str) -> str:
    """Without accents, case, punctuation and double blanks."""
    bare = "".join(
        character
        for character in unicodedata.normalize("NFKD", name)
        if not unicodedata.combining(character)
    )
    return re.sub(r"[\W_]+", " ", bare).strip().casefold()


@lru_cache(maxsize=1)
def other_names() -> Mapping[str, str]:
    text = files("concord.activities").joinpath("country_names.csv").read_text("utf-8")
    return {folded(row["name"]): row["code"] for row in csv.DictReader(text.splitlines())}
