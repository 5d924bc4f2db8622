"""Public ids such as `REQ-7K3Q-9D`: random, so that a gap tells nothing, and easy to read out."""

import re
from random import Random
from secrets import SystemRandom

SYMBOLS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's base 32: no I, L, O, U
LENGTH = 6
LONGEST_INPUT = 40
SHAPE = re.compile(rf"([A-Z]{{3}})([0-9A-Z]{{{LENGTH}}})")
READ_ALIKE = str.maketrans("OIL", "011")
SYSTEM_RANDOM = SystemRandom()


def new_public_id(prefix: str, *, source: Random = SYSTEM_RANDOM) -> str:
    """A fresh id of a three-letter `prefix`: five random symbols (25 bits) and a check symbol.

    Two ids may coincide: the column is unique and its writer tries again.
    """
    if not re.fullmatch("[A-Z]{3}", prefix):
        raise ValueError("a prefix is three capital letters")
    body = "".join(source.choice(SYMBOLS) for _ in range(LENGTH - 1))
    return _shown(prefix, body + _check_symbol(prefix, body))


def normalized_public_id(text: str) -> str | None:
    """The id as it was issued, for one typed by hand; None where the check symbol disagrees.

    Case, spaces and hyphens do not matter, O is read as 0, I and L as 1.
    """
    if len(text) > LONGEST_INPUT:
        return None
    match = SHAPE.fullmatch(re.sub(r"[\W_]", "", text).upper())
    if match is None:
        return None
    prefix, symbols = match[1], match[2].translate(READ_ALIKE)
    if "U" in symbols or symbols[-1] != _check_symbol(prefix, symbols[:-1]):
        return None
    return _shown(prefix, symbols)


def is_public_id(text: str, *, prefix: str | None = None) -> bool:
    """Whether `text` reads as an id, of that prefix if one is given."""
    found = normalized_public_id(text)
    return found is not None and (prefix is None or found.startswith(f"{prefix}-"))


def _shown(prefix: str, symbols: str) -> str:
    return f"{prefix}-{symbols[:4]}-{symbols[4:]}"


def _check_symbol(prefix: str, body: str) -> str:
    """A weighted sum in the field of 32 elements (x⁵ + x² + 1): a place weighs x times the next.

    Every single wrong symbol and every swap of neighbours changes it.
    """
    total = 0
    for value in [*(ord(letter) & 31 for letter in prefix), *map(SYMBOLS.index, body)]:
        total = _times_x(total) ^ value
    return SYMBOLS[_times_x(total)]


def _times_x(value: int) -> int:
    doubled = value << 1
    return doubled ^ 0b100101 if doubled & 32 else doubled
