"""Flags for records that may say the same, and the silence about those that do not."""

from dataclasses import replace
from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from matching.duplicates import Duplicate, Record, Verdict, duplicates_of, find_duplicates
from matching.encoder import LexicalOnly, SentenceEncoder
from matching.names import Named, SameName, normalized, same_names
from matching.overlaps import Engagement, Nearness, Overlap, overlaps
from matching.types import Window
from tests.matching.cases import TOPICS, HashedWords

TEXT = "Training of investigators on the search of seized telephones in 2026"
ONE = Record("a", TEXT, "en", state="QMA", topics=("INV.01",))
YEAR = Window(date(2026, 1, 1), date(2026, 12, 31))
LATER = Window(date(2027, 1, 1), None)
texts = st.lists(
    st.sampled_from(["training", "courts", "2026", "seized", "telephones", "закон"]), max_size=5
).map(" ".join)
records = st.lists(
    st.builds(Record, st.uuids().map(str), texts, state=st.sampled_from(["QMA", "QNA", None])),
    max_size=6,
    unique_by=lambda record: record.id,
)


def flags(*known: Record) -> list[Duplicate]:
    return find_duplicates(known, encoder=LexicalOnly(), topics=TOPICS)


def test_the_same_text_of_one_state_is_likely_the_same() -> None:
    same = Duplicate("a", "b", 1.0, Verdict.LIKELY, ("owner", "topic"))
    assert flags(ONE, replace(ONE, id="b")) == [same]


def test_another_state_s_request_is_no_duplicate() -> None:
    assert flags(ONE, replace(ONE, id="b", state="QNA")) == []


def test_another_provider_s_offer_is_no_duplicate() -> None:
    offer = replace(ONE, state=None, organization="one")
    assert flags(offer, replace(offer, id="b", organization="two")) == []


def test_plain_texts_are_compared_without_fields() -> None:
    found = flags(Record("a", TEXT, "en"), Record("b", TEXT, "en"), Record("c", "courts", "en"))
    assert [(flag.first, flag.second, flag.verdict) for flag in found] == [
        ("a", "b", Verdict.LIKELY)
    ]


def test_other_numbers_are_never_likely_the_same() -> None:
    other = replace(ONE, id="b", text=TEXT.replace("2026", "2027"))
    assert [flag.verdict for flag in flags(ONE, other)] == [Verdict.POSSIBLE]


def test_a_contradicting_field_is_never_likely_the_same() -> None:
    first, other = replace(ONE, period=YEAR), replace(ONE, id="b", period=LATER)
    assert [flag.verdict for flag in flags(first, other)] == [Verdict.POSSIBLE]


def test_languages_that_the_model_does_not_read_are_compared_by_words() -> None:
    first = replace(ONE, language="xx")
    found = find_duplicates([first, replace(first, id="b")], encoder=HashedWords(), topics=TOPICS)
    assert found == flags(ONE, replace(ONE, id="b"))


def test_blank_texts_are_no_duplicates() -> None:
    assert flags(replace(ONE, text=""), replace(ONE, id="b", text=" ")) == []


def test_one_record_against_others_gives_its_flags_alone() -> None:
    others = [replace(ONE, id="b"), replace(ONE, id="c")]
    found = duplicates_of(ONE, others, encoder=LexicalOnly(), topics=TOPICS)
    assert [(flag.first, flag.second) for flag in found] == [("a", "b"), ("a", "c")]


@settings(max_examples=50, deadline=None)
@given(records)
def test_one_record_against_others_gives_what_all_of_them_would(known: list[Record]) -> None:
    every = find_duplicates(known, encoder=HashedWords())
    for one in known:
        found = duplicates_of(one, known, encoder=HashedWords())
        assert found == [flag for flag in every if one.id in (flag.first, flag.second)]


def test_a_request_filed_again_in_another_language_is_found() -> None:
    again = replace(
        ONE,
        id="b",
        text="Formation d'enquêteurs à la fouille de téléphones saisis en 2026",
        language="fr",
    )
    unlike = replace(ONE, id="c", text="Réforme du code de procédure civile", language="fr")
    found = find_duplicates([ONE, again, unlike], encoder=SentenceEncoder(), topics=TOPICS)
    assert [(flag.first, flag.second, flag.verdict) for flag in found] == [
        ("a", "b", Verdict.LIKELY)
    ]


@settings(max_examples=50, deadline=None)
@given(records.flatmap(lambda made: st.tuples(st.just(made), st.permutations(made))))
def test_the_order_of_the_records_does_not_matter(
    known: tuple[list[Record], list[Record]],
) -> None:
    first, second = (find_duplicates(each, encoder=HashedWords()) for each in known)
    assert first == second
    owners = {record.id: record.state for record in known[0]}
    for flag in first:
        assert flag.first < flag.second
        pair = {owners[flag.first], owners[flag.second]} - {None}
        assert len(pair) <= 1


MATCH = Engagement("m", ("QMA", "QNA"), ("INV.01",), YEAR)


def test_work_on_one_topic_at_one_time_in_one_state_overlaps() -> None:
    other = Engagement("x", ("QNA",), ("INV.01",), Window(date(2026, 12, 30), None))
    assert overlaps(MATCH, [other], topics=TOPICS) == [
        Overlap("x", Nearness.SAME_TOPIC, ("QNA",), ("INV.01",), 2)
    ]


def test_overlaps_come_nearest_first() -> None:
    group = Engagement("g", ("QMA",), ("INV.02",))
    same = Engagement("s", ("QMA",), ("INV.01",), LATER._replace(start=date(2026, 6, 1)))
    parent = Engagement("p", ("QMA",), ("INV",))
    related = Engagement("r", ("QMA",), ("SUB.07",))
    money = replace(MATCH, topics=("INV.04",))
    found = overlaps(MATCH, [group, parent, same], topics=TOPICS)
    assert [(each.other, each.nearness) for each in found] == [
        ("s", Nearness.SAME_TOPIC),
        ("g", Nearness.SAME_GROUP),
        ("p", Nearness.SAME_GROUP),
    ]
    assert [each.nearness for each in overlaps(money, [related], topics=TOPICS)] == [
        Nearness.RELATED
    ]


def test_another_state_time_or_topic_does_not_overlap() -> None:
    others = [
        Engagement("state", ("QOA",), ("INV.01",), YEAR),
        Engagement("time", ("QMA",), ("INV.01",), LATER),
        Engagement("topic", ("QMA",), ("EVD.01",), YEAR),
        Engagement("silent", ("QMA",), (), YEAR),
        MATCH,
    ]
    assert overlaps(MATCH, others, topics=TOPICS) == []


def test_names_are_compared_without_accents_case_and_legal_forms() -> None:
    assert normalized("The Fundación Ejemplo Ltd.") == normalized("FUNDACION ejemplo")
    assert normalized("Ltd") == ("ltd",)


def test_one_organization_under_two_names() -> None:
    known = [
        Named("same", "Illustrative Institute Ltd", "QMA"),
        Named("elsewhere", "Illustrative Institute", "QNA"),
        Named("near", "Illustrative Institute Academy", "QMA"),
        Named("far", "Another Body", "QMA"),
        Named("unknown", "ILLUSTRATIVE INSTITUTE"),
    ]
    assert same_names(Named("new", "Illustrative Institute", "QMA"), known) == [
        SameName("same", 1.0, True),
        SameName("unknown", 1.0, None),
        SameName("elsewhere", 1.0, False),
        SameName("near", 0.666667, True),
    ]
