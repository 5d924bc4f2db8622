"""One example of every message, and the languages that they are read in."""

from datetime import UTC, date, datetime
from gettext import NullTranslations

import msgspec

from notifications.messages import MESSAGES, Message
from notifications.wording import Language

VALUES: dict[str, object] = {
    "request": "REQ-7K3Q-9D",
    "survivor": "REQ-1A2B-3C",
    "offer": "OFR-5T6V-7W",
    "match": "MAT-8X9Y-0Z",
    "delivery": "DLV-6D7E-8F",
    "organization": "ORG-2B3C-4D",
    "subject": "MAT-8X9Y-0Z",
    "other": "MAT-1E2F-3G",
    "state": "QMA",
    "role": "alternate",
    "token": "Zm9vYmFyLWV4YW1wbGUtdG9rZW4",
    "reason": "timing",
    "reasons": ["incomplete", "unclear_outcome"],
    "at": datetime(2026, 5, 12, 9, 30, tzinfo=UTC).isoformat(),
    "due": date(2026, 6, 3).isoformat(),
    "since": date(2026, 5, 1).isoformat(),
    "until": date(2029, 5, 1).isoformat(),
    "expires": date(2027, 5, 1).isoformat(),
    "delete_by": date(2026, 7, 3).isoformat(),
    "minutes": 60,
    "remaining": 2,
    "tasks": 3,
    "pairings": 14,
    "warnings": 2,
    "days": 90,
}
NAMES = sorted(MESSAGES)
LOCALES = ("ar", "zh", "en", "fr", "ru", "es")


def example(kind: type[Message]) -> Message:
    """Every field filled, those that may be left out too."""
    names = [field.name for field in msgspec.structs.fields(kind)]
    return msgspec.convert({name: VALUES[name] for name in names}, kind)


def language(locale: str = "en", translations: NullTranslations | None = None) -> Language:
    return Language(
        locale=locale,
        translations=translations or NullTranslations(),
        states={"QMA": "Quarmont"},
        reasons={
            "timing": "The dates do not suit",
            "incomplete": "Details are missing",
            "unclear_outcome": "The expected outcome is not clear",
        },
    )
