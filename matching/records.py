"""Requests and offers from JSON lines: `id` and `text`, and any field of the profiles."""

from collections.abc import Iterable, Iterator
from typing import Any, TypeVar

import msgspec

from matching.duplicates import Record
from matching.types import OfferProfile, RequestProfile

Profile = TypeVar("Profile", RequestProfile, OfferProfile, Record)


class UnreadableRecord(ValueError):
    """A line that is no record; says which line and why."""


def read_requests(lines: Iterable[str | bytes]) -> list[RequestProfile]:
    return list(_profiles(lines, RequestProfile))


def read_offers(lines: Iterable[str | bytes]) -> list[OfferProfile]:
    return list(_profiles(lines, OfferProfile))


def read_records(lines: Iterable[str | bytes]) -> list[Record]:
    return list(_profiles(lines, Record))


def rows(lines: Iterable[str | bytes]) -> Iterator[tuple[int, dict[str, Any]]]:
    """(line number, object) for every line that is not blank; ids are unique, without spaces."""
    seen: set[str] = set()
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            row = msgspec.json.decode(line, type=dict[str, Any])
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
            raise UnreadableRecord(f"line {number}: {error}") from None
        stated = row.get("id")
        identifier = str(stated) if isinstance(stated, str | int) else ""
        if not identifier or identifier.split() != [identifier]:
            raise UnreadableRecord(f"line {number}: 'id' is missing, blank or has white space")
        if identifier in seen:
            raise UnreadableRecord(f"line {number}: id {identifier} is there twice")
        seen.add(identifier)
        yield number, {**row, "id": identifier}


def _profiles(lines: Iterable[str | bytes], kind: type[Profile]) -> Iterator[Profile]:
    for number, row in rows(lines):
        stated = {key: value for key, value in row.items() if value is not None}
        if "lang" in stated:
            stated.setdefault("language", stated["lang"])
        try:
            yield msgspec.convert(stated, kind)
        except msgspec.ValidationError as error:
            raise UnreadableRecord(f"line {number}: {error}") from None
