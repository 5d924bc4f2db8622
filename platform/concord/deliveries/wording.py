"""The exact text of terms of reference, and what makes two copies of it the same."""

import hashlib
import unicodedata
from datetime import date

from concord.matches.models import Match, MatchLine
from concord.matches.wording import line_text
from concord.reference.code_lists import CodeLists
from concord.web.formats import period
from concord.web.i18n import gettext as _


def terms_text(
    match: Match, *, number: int, body: str, dates: str, lines: list[MatchLine], lists: CodeLists
) -> str:
    """What every side agrees to, word for word: its hash is the hash of this."""
    head = _("Terms of reference of match %(match)s, version %(number)s") % {
        "match": match.public_id,
        "number": number,
    }
    footing = _(
        "These terms of reference are an administrative arrangement between those who take part."
        " They create no obligation under any treaty or under international law."
    )
    parts = [head, *(line_text(line, lists) for line in lines), dates, "", body, "", footing]
    return canonical("\n".join(parts))


def dates_text(starts_on: date | None, ends_on: date | None) -> str:
    """When, as far as the terms say it."""
    if starts_on is None or ends_on is None:
        return _("When: to be arranged, within 6 months of the approval.")
    return _("When: %(period)s.") % {"period": period(starts_on, ends_on)}


def canonical(text: str) -> str:
    """One form of the same text: composed characters, plain line ends, no blanks at line ends."""
    plain = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    lines = [line.rstrip() for line in plain.replace("\0", "").split("\n")]
    return "\n".join(lines).strip() + "\n"


def hash_of(text: str) -> str:
    """SHA-256 in hexadecimal, as the database computes it of the same text."""
    return hashlib.sha256(text.encode()).hexdigest()
