"""Labels, names of regions and sentences of rules as messages, for Babel's extraction."""

import ast
import csv
import re
from collections.abc import Collection, Iterator, Mapping
from io import TextIOWrapper
from typing import IO, Any

from babel.messages.extract import extract_python

SENTENCE = re.compile(r"[A-Z][^\n]* [^\n]*[.?]")
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


def sentences(
    file: IO[bytes],
    keywords: Mapping[str, Any],
    comment_tags: Collection[str],
    options: Mapping[str, Any],
) -> Iterator[tuple[int, object, object, object]]:
    """What Babel finds, and sentences that a rule holds under a name of its own."""
    yield from extract_python(file, keywords, comment_tags, {})
    file.seek(0)
    tree = ast.parse(file.read())
    remarks = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    strings = (node for node in ast.walk(tree) if isinstance(node, ast.Constant))
    for node in strings:
        said = node.value if isinstance(node.value, str) and id(node) not in remarks else ""
        if SENTENCE.fullmatch(said):
            yield node.lineno, None, said, []
