"""Words and meaning: tokens of six languages, signals, past work, and the real model."""

import numpy as np
import pytest

from matching.encoder import Encoder, LexicalOnly, SentenceEncoder
from matching.excerpts import whole
from matching.scoring import Configuration
from matching.text import TextIndex
from matching.tokens import cognates, language_of, terms
from tests.matching.cases import HashedWords

LONG = " ".join(f"word{n}" for n in range(120))


def best(encoder: Encoder, request: str, language: str | None, **offers: str) -> list[str]:
    index = TextIndex(encoder, Configuration())
    for name, text in offers.items():
        index.put(name, text=text, past=(), language=None)
    ids = sorted(offers)
    value = index.plain(index.read(request, language), ids).value
    return [ids[place] for place in np.argsort(-value, kind="stable")]


@pytest.fixture(scope="session")
def model() -> SentenceEncoder:
    return SentenceEncoder()


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("The search of telephones is a task for police", "en"),
        ("La recherche des preuves dans les téléphones", "fr"),
        ("El análisis de los teléfonos y las pruebas", "es"),
        ("Обыск телефонов", "ru"),
        ("تفتيش الهواتف", "ar"),
        ("搜查电话", "zh"),
        ("電話の捜索について", "ja"),
        ("Обыск телефонов, as in Budapest", "ru"),
        ("The police of Москва asks for help", "en"),
        ("2026", "und"),
    ],
)
def test_a_language_is_guessed_from_script_and_common_words(text: str, language: str) -> None:
    assert language_of(text, None) == language


def test_a_stated_language_is_taken_by_its_primary_subtag() -> None:
    assert language_of("The text", "zh-Hans") == "zh"


def test_words_are_stemmed_in_their_language() -> None:
    assert [stem for stem, _ in terms("trainings training", "en")] == ["train", "train"]
    assert [stem for stem, _ in terms("trainings", "und")] == ["trainings"]


def test_chinese_is_cut_into_pairs_of_signs() -> None:
    assert [term for term, _ in terms("电子证据AI", "zh")] == ["电子", "子证", "证据", "ai"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("การฝึก", ["กา", "าร", "รฝ", "ฝึ", "ึก"]),
        ("경찰 훈련", ["경찰", "훈련"]),
        ("प्रशिक्षण", ["प्रशिक्षण"]),
        ("تَدْريب", ["تدريب"]),
    ],
)
def test_words_of_other_scripts_are_kept_whole_or_cut_in_pairs(
    text: str, expected: list[str]
) -> None:
    assert [term for term, _ in terms(text, "und")] == expected


def test_a_language_that_the_model_does_not_read_is_compared_by_words() -> None:
    for encoder in (HashedWords(), LexicalOnly()):
        index = TextIndex(encoder, Configuration())
        index.put("a", text="telephones", past=(), language="xx")
        index.put("b", text="courts", past=(), language="xx")
        values = index.plain(index.read("telephones", "xx"), ["a", "b"])
        assert values.meaning.tolist() == [0, 0]
        assert values.value.tolist() == pytest.approx([0.99909, 0.119203], abs=1e-5)


def test_cognates_meet_without_accents() -> None:
    assert cognates("électronique")[0] == ("elec", "electronique")
    assert cognates("electrónica")[0][0] == "elec"


def test_the_title_is_said_once() -> None:
    assert whole("Title", "Title and more") == "Title and more"
    assert whole("Title", "text") == "Title. text"
    assert whole("Title", "") == "Title"


@pytest.mark.parametrize("encoder", [LexicalOnly(), HashedWords()])
def test_shared_words_lead(encoder: Encoder) -> None:
    order = best(
        encoder, "seized telephones", "en", far="court buildings", near="seized telephones"
    )
    assert order == ["near", "far"]


def test_names_and_numbers_lead_across_languages_without_a_model() -> None:
    order = best(
        LexicalOnly(), "Budapest 2001", "en", no="Гаага 1999", yes="Конвенция Budapest 2001"
    )
    assert order == ["yes", "no"]


def test_past_work_can_only_help() -> None:
    index = TextIndex(LexicalOnly(), Configuration())
    text = "course on networks"
    index.put("plain", text=text, past=(), language="en")
    index.put("rich", text=text, past=("seized telephones", "other"), language="en")
    index.put("unlike", text=text, past=("unlike", "other"), language="en")
    value = index.plain(index.read("seized telephones", "en"), ["plain", "rich", "unlike"]).value
    assert value[1] > value[0]
    assert value[2] >= value[0]


def test_the_best_three_works_stand_for_a_provider_without_description() -> None:
    index = TextIndex(LexicalOnly(), Configuration())
    index.put("one", text="", past=("seized telephones",), language="en")
    index.put("many", text="", past=("seized telephones",) * 3 + ("else",) * 4, language="en")
    index.put("mixed", text="", past=("seized telephones", "else", "else"), language="en")
    ids = ["many", "mixed", "one"]
    value = index.plain(index.read("seized telephones", "en"), ids).value
    assert value[0] == value[2] > value[1]


def test_long_requests_are_compared_by_cosine() -> None:
    assert best(LexicalOnly(), LONG, "en", far="word1 nothing", near=LONG) == ["near", "far"]


def test_empty_texts_are_strangers_to_all() -> None:
    assert best(LexicalOnly(), "", "en", a="", b="words") == ["a", "b"]


@pytest.mark.parametrize(
    ("request_text", "language"),
    [
        ("تدريب المحققين على فحص الهواتف المحمولة المضبوطة", "ar"),
        ("Обучение следователей исследованию изъятых мобильных телефонов", "ru"),
        ("培训调查人员检查扣押的手机", "zh"),
        ("Training investigators to examine seized mobile telephones", "en"),
    ],
)
def test_the_model_finds_the_answer_in_another_language(
    model: SentenceEncoder, request_text: str, language: str
) -> None:
    order = best(
        model,
        request_text,
        language,
        law="Aide à la rédaction d'une loi sur la protection des données personnelles",
        phones="Formation des enquêteurs à l'examen des téléphones portables saisis",
        power="Entretien des réseaux électriques dans les zones rurales",
    )
    assert order[0] == "phones"


def test_the_model_gives_a_text_the_same_vector_in_any_company(model: SentenceEncoder) -> None:
    alone = model.encode(["Training"])[0]
    together = model.encode(["A much longer text about courts", "Training"])[1]
    assert alone.tobytes() == together.tobytes()
