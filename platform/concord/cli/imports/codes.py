"""Codes in cells: lists separated by semicolons, each code looked up and named when unknown."""

from collections.abc import Collection

from concord.errors import Text
from concord.inputs import PICK, Reader, clean
from concord.reference.code_lists import CodeLists
from concord.reference.languages import language_tag

UNKNOWN = "“%(code)s” is not in the list; known are %(known)s."
NO_STATE = "“%(code)s” is not the ISO 3166-1 alpha-3 code of a State."
NO_LANGUAGE = "“%(code)s” is not a language tag (BCP 47)."
NO_TOPIC = "“%(code)s” is not a topic of the list."
A_GROUP = "“%(code)s” is a group; name one of its topics first."
TOO_MANY = "Give %(most)s or fewer."
LONGEST_LIST = 4000
MOST = 60
YES = frozenset({"yes", "true", "1"})


def parts(reader: Reader, column: str, *, most: int = MOST) -> tuple[str, ...]:
    """The texts between semicolons, each once."""
    text = reader.text(column, limit=LONGEST_LIST)
    found = tuple(dict.fromkeys(filter(None, (clean(part) for part in text.split(";")))))
    if len(found) > most:
        reader.refuse(column, Text(TOO_MANY, most=most))
    return found


def one_of(reader: Reader, column: str, known: Collection[str], *, default: str = "") -> str:
    """One code of a list; these are written in small letters."""
    found = reader.text(column).lower() or default
    if found and found not in known:
        reader.refuse(column, Text(UNKNOWN, code=found, known=", ".join(known)))
    return found


def some_of(reader: Reader, column: str, known: Collection[str]) -> tuple[str, ...]:
    found = parts(reader, column)
    for code in found:
        if code not in known:
            reader.refuse(column, Text(UNKNOWN, code=code, known=", ".join(known)))
    return found


def yes(reader: Reader, column: str) -> bool:
    return one_of(reader, column, ("yes", "no", "true", "false", "1", "0")) in YES


def states(reader: Reader, column: str, lists: CodeLists) -> tuple[str, ...]:
    found = tuple(code.upper() for code in parts(reader, column))
    for code in found:
        if code not in lists.states:
            reader.refuse(column, Text(NO_STATE, code=code))
    return found


def state(reader: Reader, column: str, lists: CodeLists) -> str:
    """One State; it is required."""
    code = reader.text(column, required=True).upper()
    if code and code not in lists.states:
        reader.refuse(column, Text(NO_STATE, code=code))
    return code


def languages(reader: Reader, column: str) -> tuple[str, ...]:
    found = []
    for text in parts(reader, column):
        tag = language_tag(text)
        if tag is None:
            reader.refuse(column, Text(NO_LANGUAGE, code=text))
        found.append(tag or text)
    return tuple(found)


def language(reader: Reader, column: str) -> str:
    """One language; English where none is named."""
    found = languages(reader, column)
    if len(found) > 1:
        reader.refuse(column, Text(PICK))
    return found[0] if found else "en"


def topics(reader: Reader, column: str, lists: CodeLists) -> tuple[str, ...]:
    """Topics; the first one, which an item or slot is about, is no group."""
    found = tuple(code.upper() for code in parts(reader, column))
    for code in found:
        if code not in lists.topics:
            reader.refuse(column, Text(NO_TOPIC, code=code))
    if found and found[0] in lists.topics and lists.topics[found[0]].parent_code is None:
        reader.refuse(column, Text(A_GROUP, code=found[0]))
    return found
