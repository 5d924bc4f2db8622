"""Reads what was typed or imported: cleans text, checks it, and collects one error a field."""

import datetime
import re
import unicodedata
from collections.abc import Collection, Mapping, Sequence

from concord.errors import InvalidInput, Text

SHORT = 300
LONG = 20_000
WHOLE_NUMBER_LIMIT = 1_000_000
_EMAIL = re.compile(r"[^@\s\"<>,;:\\()\[\]]{1,64}@[A-Za-z0-9-]{1,63}(\.[A-Za-z0-9-]{1,63})+")
_WHOLE = re.compile(r"[+-]?\d+")
_BIDI_CONTROLS = re.compile("[\u202a-\u202e\u2066-\u2069]")
_CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ufeff\ufffe\uffff\ud800-\udfff]")

REQUIRED = "Enter a value."
PICK = "Choose one of the options."
TOO_LONG = "Shorten this to %(limit)s characters or fewer; it has %(length)s."
BIDI = "Remove the invisible characters that change the direction of text."
CONTROLS = "Remove the control characters."
DATE = "Enter a real date as year-month-day, for example 2027-03-31."
NUMBER = "Enter a whole number from %(minimum)s to %(maximum)s."
EMAIL = "Enter an e-mail address, for example name@example.org."


def clean(text: str) -> str:
    """The same text in NFC, with plain line ends and no blanks around it; blank if invisible."""
    cleaned = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n")).strip()
    return cleaned if any(_is_visible(letter) for letter in cleaned) else _forbidden(cleaned)


def _is_visible(letter: str) -> bool:
    return not letter.isspace() and unicodedata.category(letter) not in {"Cf", "Cc"}


def _forbidden(text: str) -> str:
    """Of a text without any visible sign, only what must be refused in words."""
    return text if _CONTROLS.search(text) or _BIDI_CONTROLS.search(text) else ""


def flaw(text: str, *, limit: int, multiline: bool) -> Text | None:
    """What is wrong with a cleaned text, if anything."""
    if len(text) > limit:
        return Text(TOO_LONG, limit=limit, length=len(text))
    if _BIDI_CONTROLS.search(text):
        return Text(BIDI)
    if _CONTROLS.search(text) or (not multiline and "\n" in text):
        return Text(CONTROLS)
    return None


class Reader:
    """Takes fields out of a form or a row; `check()` raises once, with every error found."""

    def __init__(self, raw: Mapping[str, Sequence[str]]) -> None:
        self.raw = raw
        self.errors: dict[str, str] = {}

    def check(self) -> None:
        """Raise `InvalidInput` with one message a field, when there is any."""
        if self.errors:
            raise InvalidInput(self.errors)

    def refuse(self, name: str, message: str) -> None:
        """Note an error beside a field; the first one stays."""
        self.errors.setdefault(name, message)

    def text(
        self, name: str, *, required: bool = False, limit: int = SHORT, multiline: bool = False
    ) -> str:
        found = clean(self._first(name))
        problem = flaw(found, limit=limit, multiline=multiline)
        if problem:
            self.refuse(name, problem)
        elif required and not found:
            self.refuse(name, Text(REQUIRED))
        return found

    def prose(self, name: str, *, required: bool = False, limit: int = LONG) -> str:
        return self.text(name, required=required, limit=limit, multiline=True)

    def choice(self, name: str, options: Collection[str], *, required: bool = False) -> str:
        found = clean(self._first(name))
        if (required and not found) or (found and found not in options):
            self.refuse(name, Text(PICK))
        return found

    def choices(
        self, name: str, options: Collection[str], *, required: bool = False
    ) -> tuple[str, ...]:
        found = tuple(
            dict.fromkeys(value for raw in self.raw.get(name, ()) if (value := clean(raw)))
        )
        if (required and not found) or any(value not in options for value in found):
            self.refuse(name, Text(PICK))
        return found

    def texts(self, name: str, *, limit: int = SHORT, most: int = 20) -> tuple[str, ...]:
        """Several short texts: repeated fields, or one field with a text a line."""
        lines = (clean(line) for raw in self.raw.get(name, ()) for line in raw.splitlines())
        found = tuple(line for line in lines if line)
        for line in found[:most]:
            if problem := flaw(line, limit=limit, multiline=False):
                self.refuse(name, problem)
        if len(found) > most:
            self.refuse(name, Text("Give %(most)s or fewer.", most=most))
        return found

    def date(self, name: str, *, required: bool = False) -> datetime.date | None:
        found = clean(self._first(name))
        if not found:
            if required:
                self.refuse(name, Text(DATE))
            return None
        try:
            parsed = datetime.date.fromisoformat(found)
        except ValueError:
            self.refuse(name, Text(DATE))
            return None
        if not 1990 <= parsed.year <= 2100:
            self.refuse(name, Text(DATE))
        return parsed

    def integer(
        self,
        name: str,
        *,
        minimum: int = 1,
        maximum: int = WHOLE_NUMBER_LIMIT,
        required: bool = False,
    ) -> int | None:
        found = clean(self._first(name))
        if not found and not required:
            return None
        number = minimum - 1
        if _WHOLE.fullmatch(found):
            number = int(found) if len(found) <= 12 else maximum + 1
        if not minimum <= number <= maximum:
            self.refuse(name, Text(NUMBER, minimum=minimum, maximum=maximum))
            return None
        return number

    def boolean(self, name: str) -> bool:
        return clean(self._first(name)) in {"yes", "true", "on", "1"}

    def email(self, name: str, *, required: bool = True) -> str:
        found = self.text(name, required=required, limit=254).lower()
        if found and not _EMAIL.fullmatch(found):
            self.refuse(name, Text(EMAIL))
        return found

    def _first(self, name: str) -> str:
        values = self.raw.get(name, ())
        return values[0] if values else ""
