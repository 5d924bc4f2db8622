"""Completeness: what counts, alike in every script, and what says nothing."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from concord.requests.completeness import POINTS, Part, completeness, is_boilerplate, length
from concord.requests.values import DraftValues, ItemValues
from tests.factories.requests import ITEM, complete_values

ONE_TEXT = {
    "en": "Every month the police receives more complaints in which a telephone is the main"
    " evidence. Officers do not know how to isolate a device, document the seizure or preserve"
    " volatile memory. Training is requested for forty officers from twelve regions.",
    "fr": "Chaque mois, la police reçoit davantage de plaintes dans lesquelles un téléphone est la"
    " preuve principale. Les agents ne savent pas isoler un appareil, documenter la saisie ni"
    " préserver la mémoire vive. Une formation est demandée pour quarante agents de"
    " douze régions.",
    "es": "Cada mes la policía recibe más denuncias en las que un teléfono es la prueba principal."
    " Los agentes no saben aislar un dispositivo, documentar la incautación ni preservar la"
    " memoria volátil. Se solicita capacitación para cuarenta agentes de doce regiones.",
    "ru": "Каждый месяц полиция получает всё больше жалоб, в которых главным доказательством"
    " является телефон. Сотрудники не умеют изолировать устройство, документировать изъятие и"
    " сохранять оперативную память. Запрашивается обучение сорока сотрудников из двенадцати"
    " регионов.",
    "ar": "تتلقى الشرطة كل شهر مزيدا من الشكاوى التي يكون فيها الهاتف هو الدليل الرئيسي. ولا يعرف"
    " أفراد الشرطة كيفية عزل الجهاز أو توثيق الضبط أو الحفاظ على الذاكرة المؤقتة. ويُطلب تدريب"
    " أربعين ضابطا من اثنتي عشرة منطقة على هذه المهارات.",
    "zh": "警方每月收到越来越多以手机为主要证据的报案。基层警员不懂如何隔离设备、记录扣押过程或"
    "保存易失性内存数据。现请求为来自十二个地区的四十名警员提供实务培训。",
}
dates = st.none() | st.dates(date(2027, 1, 1), date(2029, 1, 1))
texts = st.text(max_size=200)
items = st.builds(
    ItemValues,
    topic=st.just("INV.02"),
    modality=st.just("training_course"),
    institution=texts,
    quantity=st.none() | st.integers(1, 1000),
    unit=st.none() | st.just("training_places"),
)
drafts = st.builds(
    DraftValues,
    title=texts,
    description=texts,
    outcome=texts,
    existing=texts,
    working_languages=st.lists(st.sampled_from(["en", "fr"]), max_size=2).map(tuple),
    starts_on=dates,
    ends_on=dates,
    items=st.lists(items, max_size=3).map(tuple),
)


def test_points_make_a_hundred() -> None:
    assert sum(POINTS.values()) == 100


def test_an_empty_draft_lacks_everything() -> None:
    found = completeness(DraftValues())

    assert found.score == 0
    assert found.missing == (
        Part.ITEMS,
        Part.DESCRIPTION,
        Part.OUTCOME,
        Part.EXISTING,
        Part.WINDOW,
        Part.LANGUAGE,
    )
    assert not found.is_enough


def test_a_complete_request_lacks_nothing() -> None:
    found = completeness(complete_values())

    assert (found.score, found.missing, found.is_enough) == (100, (), True)


@given(drafts)
def test_score_lies_in_range_and_a_full_score_misses_nothing(values: DraftValues) -> None:
    found = completeness(values)

    assert 0 <= found.score <= 100
    assert found.score < 100 or set(found.missing) <= {Part.OUTCOME, Part.EXISTING}


@given(drafts)
def test_adding_what_is_missing_never_lowers_the_score(values: DraftValues) -> None:
    before = completeness(values).score
    full = complete_values()

    for change in (
        {"outcome": full.outcome},
        {"existing": full.existing},
        {"starts_on": date(2027, 1, 1), "ends_on": date(2027, 2, 1)},
        {"working_languages": ("en",)},
        {"description": full.description},
    ):
        assert completeness(replace(values, **change)).score >= before


@given(st.sampled_from(sorted(ONE_TEXT)), st.sampled_from(sorted(ONE_TEXT)))
def test_one_text_scores_alike_in_six_languages(one: str, other: str) -> None:
    scores = [
        completeness(complete_values(description=ONE_TEXT[language])).score
        for language in (one, other)
    ]

    assert abs(scores[0] - scores[1]) <= 4


def test_weighted_lengths_of_one_text_are_close() -> None:
    lengths = [length(text) for text in ONE_TEXT.values()]

    assert max(lengths) / min(lengths) < 1.35


@pytest.mark.parametrize(
    "text",
    [
        "Lorem ipsum dolor sit amet, consectetur adipiscing elit.",
        "To be determined.",
        "待定",
        "training " * 40,
        "培训" * 60,
        "Support to the police of the State",
    ],
)
def test_text_that_says_nothing_is_boilerplate(text: str) -> None:
    title = "Support to the police of the State"

    assert is_boilerplate(text, title=title)
    assert completeness(complete_values(description=text, title=title)).missing[0] == (
        Part.BOILERPLATE
    )


@pytest.mark.parametrize("language", ONE_TEXT)
def test_a_real_text_is_not_boilerplate(language: str) -> None:
    assert not is_boilerplate(ONE_TEXT[language])


def test_one_incomplete_item_of_two_costs_half() -> None:
    bare = ItemValues(topic="INV.02", modality="training_course")
    found = completeness(complete_values(items=(ITEM, bare)))

    assert found.score == 85
    assert found.missing == (Part.INSTITUTION, Part.QUANTITY)
