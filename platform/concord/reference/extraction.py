"""Labels of the code lists and names of regions as messages, for Babel's extraction."""

import csv
from collections.abc import Collection, Iterator, Mapping
from io import TextIOWrapper
from typing import IO, Any

TRANSLATED = ("label", "region", "subregion", "intermediate_region")


def labels(
    file: IO[bytes],
    keywords: Mapping[str, Any],
    comment_tags: Collection[str],
    options: Mapping[str, Any],
) -> Iterator[tuple[int, None, str, list[str]]]:
    """Line number, no function, message and no comments of each, as Babel asks for."""
    rows = csv.DictReader(TextIOWrapper(file, "utf-8", newline=""))
    for row in rows:
        for column in TRANSLATED:
            if row.get(column):
                yield rows.line_num, None, row[column], []
