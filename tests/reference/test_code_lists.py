"""The questions that pages and rules ask of the code lists."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import TypeVar

from concord.reference import tables
from concord.reference.code_lists import CodeLists
from concord.reference.values import Entry

E = TypeVar("E", bound=Entry)


def by_code(entries: Iterable[E]) -> Mapping[str, E]:
    return {entry.code: entry for entry in entries}


LISTS = CodeLists(
    states=by_code(tables.states(illustrative=True)),
    topics=by_code(tables.topics()),
    modalities=by_code(tables.modalities()),
    beneficiaries=by_code(tables.beneficiaries()),
    units=by_code(tables.units()),
    reasons=by_code(tables.reasons()),
)


def test_states_are_in_the_order_of_the_readers_language() -> None:
    illustrative = [s.code for s in LISTS.states_by_name("en") if s.status == "illustrative"]

    assert illustrative[:3] == ["QMM", "QNN", "QOO"]
    assert LISTS.states_by_name("en") != LISTS.states_by_name("fr")


def test_state_is_found_by_its_shorter_code() -> None:
    assert LISTS.state_of_iso2("QM") == LISTS.states["QMM"]
    assert LISTS.state_of_iso2("XX") is None


def test_regions_hold_their_subregions() -> None:
    assert LISTS.regions()["Americas"] == [
        "Caribbean",
        "Central America",
        "Northern America",
        "South America",
    ]


def test_topic_belongs_to_its_group() -> None:
    assert [group.code for group in LISTS.topic_groups()][:2] == ["POL", "SUB"]
    assert LISTS.topic_group("POL.01") == LISTS.topics["POL"]
    assert LISTS.topic_group("POL") == LISTS.topics["POL"]
    assert [topic.code for topic in LISTS.topics_in("KNO")] == [
        "KNO.01",
        "KNO.02",
        "KNO.03",
        "KNO.04",
    ]


def test_groups_expand_to_their_topics_once() -> None:
    assert LISTS.leaf_topics(["KNO.02", "KNO", "POL.01"]) == [
        "POL.01",
        "KNO.01",
        "KNO.02",
        "KNO.03",
        "KNO.04",
    ]


def test_inactive_reason_is_no_longer_offered() -> None:
    retired = replace(LISTS.reasons["cancelled.security"], active=False)
    lists = replace(LISTS, reasons={**LISTS.reasons, retired.code: retired})

    assert [reason.code for reason in lists.reasons_for("cancelled")] == [
        "cancelled.terms_not_agreed",
        "cancelled.consent_withdrawn",
        "cancelled.provider_unable",
        "cancelled.need_changed",
    ]
    assert lists.reasons[retired.code].label == "Security situation"
