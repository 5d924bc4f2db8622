"""The pair of sentences that shows why two texts in two languages belong together."""

import pytest

from matching.encoder import LexicalOnly, SentenceEncoder
from matching.sentences import closest_sentences, sentences

FRENCH = (
    "Notre institut existe depuis 1990. Nous formons les enquêteurs à la fouille des téléphones."
)
ARABIC = "نطلب دعما لوحدتنا. هل يمكن تدريب المحققين على تفتيش الهواتف؟ سيكون ذلك مفيدا."


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("First sentence. Second sentence!", ["First sentence.", "Second sentence!"]),
        ("Version 2.5 is enough here.", ["Version 2.5 is enough here."]),
        (
            "我们请求培训调查人员。请检查扣押的手机！",
            ["我们请求培训调查人员。", "请检查扣押的手机！"],
        ),
        ("Yes. A sentence that is long enough.", ["A sentence that is long enough."]),
        ("No.", ["No."]),
        ("  ", []),
    ],
)
def test_sentences(text: str, expected: list[str]) -> None:
    assert sentences(text) == expected


def test_the_closest_pair_is_found_across_languages() -> None:
    found = closest_sentences(ARABIC, FRENCH, encoder=SentenceEncoder())
    assert found is not None
    assert found.request == "هل يمكن تدريب المحققين على تفتيش الهواتف؟"
    assert found.offer == "Nous formons les enquêteurs à la fouille des téléphones."
    assert 0.4 < found.closeness < 1


def test_there_is_no_pair_without_a_model_or_a_text() -> None:
    assert closest_sentences(ARABIC, FRENCH, encoder=LexicalOnly()) is None
    assert closest_sentences(" ", FRENCH, encoder=SentenceEncoder()) is None
