"""Terms of reference as one text and as sections: nothing typed is lost on the way."""

from hypothesis import given
from hypothesis import strategies as st

from concord.deliveries.sections import SECTIONS, composed, taken_apart
from concord.inputs import clean

TEXTS = st.text(
    alphabet=st.characters(codec="utf-8", exclude_categories=["Cc", "Cf", "Cs", "Zl", "Zp"])
)


def test_each_section_stands_under_its_heading() -> None:
    text = composed({name: f"About {name}." for name in SECTIONS})
    assert text.startswith("§ 1. Purpose\nAbout purpose.\n\n§ 2. Activities\nAbout activities.")
    assert text.endswith("§ 6. Contacts\nAbout contacts.")


@given(st.lists(TEXTS, min_size=len(SECTIONS), max_size=len(SECTIONS)))
def test_what_is_put_together_comes_apart_again(texts: list[str]) -> None:
    parts = dict(zip(SECTIONS, map(clean, texts), strict=True))
    assert taken_apart(composed(parts)) == parts


def test_a_line_like_a_heading_stays_text() -> None:
    parts = {name: "" for name in SECTIONS} | {"purpose": "First.\n§ 2. Activities\nSecond."}
    assert taken_apart(composed(parts)) == parts | {"purpose": "First.\n§2. Activities\nSecond."}


def test_any_other_text_is_all_purpose() -> None:
    body = "Written elsewhere.\n§ 1. Purpose\nand pasted here"
    assert taken_apart(body) == dict.fromkeys(SECTIONS, "") | {"purpose": body}
