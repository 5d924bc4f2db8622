"""The order of names in a reader's language, without a collation library.

Latin and Cyrillic: accents and case count only between names that are otherwise equal, but ñ, й
and ё keep their own places. Arabic: the article and the forms of alif and hamza do not count, as
in United Nations lists. Chinese: the order of GB 18030, by pinyin for all common characters.
"""

import re
import unicodedata
from collections.abc import Callable

SortKey = tuple[str | bytes, str]
LETTERS_OF_THEIR_OWN = {
    "es": str.maketrans({"ñ": "n\uffff"}),
    "ru": str.maketrans({"ё": "е\uffff", "й": "и\uffff"}),
}
# GB 18030 puts these after the common characters; each stands with one that sounds the same.
CHINESE_ALIKE = str.maketrans("斐瑙汶", "匪脑问")
ARABIC_ALIKE = str.maketrans("أإآٱىةؤئ", "اااايهوي")


def sort_key(language: str) -> Callable[[str], SortKey]:
    """A key for `sorted` over names that are written in `language`."""
    if language == "zh":
        return lambda name: (name.translate(CHINESE_ALIKE).encode("gb18030"), name)
    if language == "ar":
        return lambda name: (_arabic(name), name)
    return lambda name: (_folded(name, language), name)


def _arabic(name: str) -> str:
    return re.sub(r"^ال", "", _folded(name, "ar")).translate(ARABIC_ALIKE)


def _folded(name: str, language: str) -> str:
    text = unicodedata.normalize("NFC", name).casefold()
    text = text.translate(LETTERS_OF_THEIR_OWN.get(language, {}))
    decomposed = unicodedata.normalize("NFKD", text)
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter))
