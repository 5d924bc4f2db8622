"""Whose files are taken: publishers that are known, or that the importer vouches for."""

import csv
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

from concord.activities.country_names import folded
from concord.errors import InvalidInput, Text

UNKNOWN = (
    "The publisher %(name)s is not known. If the file is theirs, import it with"
    ' --publisher "%(name)s".'
)
MISSING = "The reporting organization is missing."


@dataclass(frozen=True, slots=True)
class Reporter:
    """The reporting organization of one activity, as its file names it."""

    ref: str
    name: str
    type: str = ""
    secondary: bool = False


@dataclass(frozen=True, slots=True)
class Publishers:
    """`vouched` is named by the importer; `known` maps folded references and names to references.

    `for_others`: the publisher vouched for reports for organizations other than itself.
    """

    known: Mapping[str, str]
    vouched: str = ""
    for_others: bool = False

    def publisher_of(self, reporter: Reporter) -> str:
        """The reference under which its activities are kept; `InvalidInput` if unknown."""
        given = [text for text in (reporter.ref, reporter.name) if text.strip()]
        if not given:
            raise InvalidInput({"reporting-org": Text(MISSING)})
        for text in given:
            if self.vouched and folded(text) == folded(self.vouched):
                return self.known.get(folded(self.vouched), reporter.ref or self.vouched)
        if self.vouched and self.for_others:
            return self.known.get(folded(self.vouched), self.vouched)
        for text in given:
            if found := self.known.get(folded(text)):
                return found
        raise InvalidInput({"reporting-org": Text(UNKNOWN, name=given[0][:120])})


def known_publishers(imported: Collection[str] = ()) -> dict[str, str]:
    """Those of the table, and those whose files were taken before."""
    return {folded(ref): ref for ref in imported if ref} | dict(_table())


@lru_cache(maxsize=1)
def _table() -> Mapping[str, str]:
    text = files("concord.activities").joinpath("publishers.csv").read_text("utf-8")
    rows = list(csv.DictReader(text.splitlines()))
    return {folded(row[column]): row["ref"] for row in rows for column in ("ref", "name")}
