"""Every problem of a file is found, each with its line and column."""

import pytest

from concord.cli.imports.table import LARGEST_FIELD, Problem, read_table

COLUMNS = ("id", "title", "note")


def read(content: bytes) -> list[Problem]:
    return read_table(content, columns=COLUMNS, required=("id", "title")).problems


@pytest.mark.parametrize(
    ("content", "line", "column", "words"),
    [
        (b"", 1, "", "empty"),
        (b"id\n1\n", 1, "title", "missing"),
        (b"id,title,title\n1,a,b\n", 1, "title", "twice"),
        (b"id,title,colour\n1,a,b\n", 1, "colour", "no such column"),
        (b"id,title\n1,a\n2,\xff\n", 3, "", "UTF-8"),
        ("id,title\n1,a\n".encode("utf-16"), 1, "", "UTF-8"),
        (b'id,title\n1,a\n2,"b\n', 3, "", "cannot be read"),
        (b"id,title\n1,a,b\n", 2, "", "3 cells for 2 columns"),
        (b'id,title\n1,"two\nlines"\n2\n', 4, "", "1 cells for 2 columns"),
        (b"id,title\n1," + b"a" * (LARGEST_FIELD + 1) + b"\n", 2, "title", "1 MB"),
    ],
)
def test_problem_is_named(content: bytes, line: int, column: str, words: str) -> None:
    [problem] = read(content)

    assert (problem.line, problem.column) == (line, column)
    assert words in problem.reason


def test_all_problems_are_named_and_good_rows_are_kept() -> None:
    table = read_table(
        b"\xef\xbb\xbfid,title\r\n1,a\r\n\r\n2\r\n3,c\r\n4,d,e\r\n", columns=COLUMNS, required=()
    )

    assert [problem.line for problem in table.problems] == [4, 6]
    assert [(row.line, row["id"]) for row in table.rows if not row.broken] == [(2, "1"), (5, "3")]
    assert not table.fatal


def test_quoted_lines_count() -> None:
    table = read_table(b'id,title\n1,"a\nb\nc"\n2,d\n', columns=COLUMNS, required=())

    assert [row.line for row in table.rows] == [2, 5]


def test_field_of_one_megabyte_is_taken() -> None:
    table = read_table(b"id,title\n1," + b"a" * LARGEST_FIELD, columns=COLUMNS, required=())

    assert (len(table.rows), table.problems) == (1, [])
