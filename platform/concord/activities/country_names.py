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
    what the table adds.
    """

    def __init__(self, lists: CodeLists) -> None:
        self._codes = {
            folded(name): state.code
            for state in lists.states.values()
            for name in (state.code, *state.names.values())
        }
        known = {*lists.states, SEVERAL}
        self._codes |= {name: code for name, code in other_names().items() if code in known}

    def state_named(self, name: str) -> str | None:
        """The State's code; None for a blank or a region. Raises UnknownName for anything else."""
        key = folded(name)
        if not key:
            return None
        if key not in self._codes:
            raise UnknownName(name)
        return None if self._codes[key] == SEVERAL else self._codes[key]


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
