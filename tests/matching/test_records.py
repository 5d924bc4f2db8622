"""JSON lines in, profiles out, and clear words about lines that are none."""

from datetime import date

import pytest

from matching.duplicates import Record
from matching.records import UnreadableRecord, read_offers, read_records, read_requests
from matching.types import Funding, OfferProfile, RequestProfile, SlotProfile, Window


def test_plain_texts_are_enough() -> None:
    assert read_requests(['{"id": 7, "text": "Courts", "lang": "en", "more": 1}', "", " "]) == [
        RequestProfile("7", text="Courts", language="en")
    ]


def test_structured_fields_are_read() -> None:
    line = (
        '{"id": "o", "past": ["x"], "window": ["2026-01-01", null], "slots": [{"id": "s",'
        ' "capacity_left": 3, "funding": "full"}], "title": null}'
    )
    slot = SlotProfile("s", capacity_left=3, funding=Funding.FULL)
    expected = OfferProfile("o", slots=(slot,), window=Window(date(2026, 1, 1)), past=("x",))
    assert read_offers([line]) == [expected]


def test_records_for_comparison_are_read() -> None:
    line = '{"id": "a", "text": "t", "state": "QMA", "topics": ["INV"], "period": [null, null]}'
    assert read_records([line]) == [Record("a", "t", state="QMA", topics=("INV",))]


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("nonsense", "line 1: "),
        ('{"text": "t"}', "line 1: 'id' is missing"),
        ('{"id": "a b"}', "line 1: 'id' is missing, blank or has white space"),
        ('{"id": "a", "text": 5}', "line 1: Expected `str`, got `int` - at `$.text`"),
        ('["a"]', "line 1: Expected `object`, got `array`"),
        ('{"id": null}', "line 1: 'id' is missing"),
        ('{"id": ["a"]}', "line 1: 'id' is missing"),
        (b'{"id": "a", "text": "\xe9"}', "line 1: 'utf-8' codec can't decode"),
        ('{"id": "a", "x": ' + "[" * 10**5 + "]" * 10**5 + "}", "line 1: maximum recursion"),
    ],
)
def test_a_line_that_is_no_record_says_where_and_why(line: str | bytes, message: str) -> None:
    with pytest.raises(UnreadableRecord, match="line 1") as caught:
        read_requests([line])
    assert str(caught.value).startswith(message)


def test_an_id_given_twice_is_refused() -> None:
    with pytest.raises(UnreadableRecord, match="line 2: id a is there twice"):
        read_requests(['{"id": "a"}', '{"id": "a"}'])
