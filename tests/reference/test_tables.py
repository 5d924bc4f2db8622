"""The shipped code lists hold together, and agree with the public data they were made from."""

import csv
import os
import re
from collections.abc import Sequence
from pathlib import Path

import pytest

from concord.reference import tables
from concord.reference.languages import UI_LANGUAGES
from concord.reference.values import (
    BeneficiaryEntry,
    ModalityEntry,
    StateEntry,
    TopicEntry,
    UnitEntry,
)

SEEN_BY = {"state", "partner", "secretariat", "all"}


def source(name: str) -> list[dict[str, str]]:
    folder = os.environ.get("CONCORD_DATA")
    assert folder, "CONCORD_DATA is not set: it names the folder of public data"
    with (Path(folder) / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_states_are_the_members_the_observers_and_two_more() -> None:
    counts: dict[str, int] = {}
    for state in tables.states(illustrative=True):
        counts[state.status] = counts.get(state.status, 0) + 1

    assert counts == {"member": 193, "observer": 2, "non_member": 2, "illustrative": 14}


def test_codes_and_numbers_of_states_are_unique() -> None:
    states = tables.states(illustrative=True)

    for key in ("code", "iso2", "number", "m49"):
        assert len({getattr(state, key) for state in states}) == len(states)


def test_every_state_has_a_name_in_six_languages() -> None:
    assert [
        state.code
        for state in tables.states(illustrative=True)
        if list(state.names) != list(UI_LANGUAGES) or not all(state.names.values())
    ] == []


def illustrative_states() -> list[StateEntry]:
    return [state for state in tables.states(illustrative=True) if state.status == "illustrative"]


def test_illustrative_states_use_codes_left_to_users() -> None:
    found = [(state.code, state.iso2, state.name("en")) for state in illustrative_states()]

    assert found == [
        (f"Q{letter}{letter}", f"Q{letter}", f"Illustrative State Q{letter}")
        for letter in "MNOPQRSTUVWXYZ"
    ]


def test_illustrative_states_lie_in_all_regions_of_real_ones() -> None:
    real = {state.region for state in tables.states()}

    assert {state.region for state in illustrative_states()} == real
    assert {state.subregion for state in illustrative_states()} <= {
        state.subregion for state in tables.states()
    }
    assert all(
        any(getattr(s, kind) for s in illustrative_states()) for kind in ("ldc", "lldc", "sids")
    )


def test_topics_form_nine_groups_of_two_levels() -> None:
    topics = {topic.code: topic for topic in tables.topics()}
    groups = [topic.code for topic in topics.values() if topic.parent_code is None]

    assert (len(groups), len(topics) - len(groups)) == (9, 64)
    assert {topic.parent_code for topic in topics.values()} == {None, *groups}
    assert len({topic.number for topic in topics.values()}) == len(topics)


def test_related_topics_exist_and_point_both_ways() -> None:
    topics = {topic.code: topic for topic in tables.topics()}

    pairs = {(topic.code, other) for topic in topics.values() for other in topic.related}
    assert {(second, first) for first, second in pairs} == pairs
    assert pairs


def test_topics_with_a_safeguard_are_marked() -> None:
    assert [topic.code for topic in tables.topics() if topic.safeguard] == [
        "PRO.05",
        "INV.03",
        "INV.08",
        "INV.10",
    ]


def test_other_lists_have_unique_codes_and_numbers() -> None:
    for entries in (tables.modalities(), tables.beneficiaries()):
        assert sorted(entry.number for entry in entries) == list(range(1, len(entries) + 1))
    for codes in (tables.modalities(), tables.beneficiaries(), tables.units(), tables.reasons()):
        assert len({entry.code for entry in codes}) == len(codes)


def test_reasons_say_who_may_see_them() -> None:
    assert {reason.seen_by for reason in tables.reasons()} == SEEN_BY
    assert all(re.fullmatch(rf"{r.context}\.[a-z_]+", r.code) for r in tables.reasons())


@pytest.mark.data
def test_states_agree_with_their_source() -> None:
    found = {
        s.code: (s.iso2, s.m49, s.region, s.ldc, s.lldc, s.sids, s.names) for s in tables.states()
    }

    assert found == {
        row["iso3"]: (
            row["iso2"],
            row["m49"],
            row["region"],
            *(row[kind] == "yes" for kind in ("ldc", "lldc", "sids")),
            {language: row[f"name_{language}"] for language in UI_LANGUAGES},
        )
        for row in source("states.csv")
    }


@pytest.mark.data
def test_labels_agree_with_their_source() -> None:
    shipped: dict[str, Sequence[TopicEntry | ModalityEntry | BeneficiaryEntry | UnitEntry]] = {
        "topics": tables.topics(),
        "modalities": tables.modalities(),
        "beneficiaries": tables.beneficiaries(),
        "units": tables.units(),
    }
    for name, entries in shipped.items():
        expected = {row["code"]: row["label_en"] for row in source(f"{name}.csv")}
        assert {entry.code: entry.label for entry in entries} == expected


@pytest.mark.data
def test_reasons_agree_with_their_source() -> None:
    """Those of a disputed delivery are the platform's own."""
    own = {reason for reason in tables.reasons() if reason.context == "delivery_disputed"}
    assert {r.code: (r.label, r.seen_by) for r in set(tables.reasons()) - own} == {
        f"{row['context']}.{row['code']}": (row["label_en"], row["seen_by"])
        for row in source("reasons.csv")
        if row["context"] != "delivery_disputed"
    }
