"""When two names are the same organization's: one key for each way of writing it."""

import re
import unicodedata

FORMS = frozenset(
    """
    ab ag asbl as bv co company corp corporation eg ev foundation gmbh inc incorporated kg
    limited llc llp ltd nv ong oy plc pte pty sa sarl sas se srl spa stichting the
    """.split()  # noqa: SIM905 - a column of words reads better than a list of strings
)
"""Legal forms and articles: they differ between two writings of one name."""
KEY_LENGTH = 200


def name_key(name: str) -> str:
    """The name without case, accents, punctuation and legal forms; never empty for a real name."""
    folded = unicodedata.normalize("NFKD", name).casefold()
    plain = "".join(letter for letter in folded if not unicodedata.combining(letter))
    words = re.findall(r"\w+", plain.replace(".", ""))
    kept = [word for word in words if word not in FORMS] or words
    return " ".join(kept)[:KEY_LENGTH]
