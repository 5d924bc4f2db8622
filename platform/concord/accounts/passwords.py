"""Passwords: what is refused, and how they are kept (argon2id, 19 MiB, two passes)."""

import asyncio
import re
import unicodedata
from functools import lru_cache
from importlib.resources import files

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from concord.errors import Text

LEAST = 12
MOST = 200
_HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
_NOBODYS = (
    "$argon2id$v=19$m=19456,t=2,p=1$dQh5lG9quZsHzxLZRTCiQg$"
    "moxogZNo3pNh4kONCLJytKgEjCNInIqyViCw3u6Pdx4"
)
"""What an unknown person's password is compared with at the same cost: of a secret thrown away."""
_REPEATED = re.compile(r"(.{1,6})\1+")

TOO_SHORT = "Use at least %(least)s characters. Several words in a row are easy to remember."
TOO_LONG = "Use %(most)s characters or fewer."
COMMON = "This password is easy to guess. Choose another one, such as several unrelated words."
OWN_NAME = "Leave your e-mail address and name out of the password."


def prepared(typed: str) -> str:
    """The same password from every keyboard: composed alike, nothing cut off."""
    return unicodedata.normalize("NFKC", typed)


def flaw(password: str, *, email: str, name: str) -> Text | None:
    """Why a new password is refused; length and guessing matter, kinds of characters do not."""
    if len(password) < LEAST:
        return Text(TOO_SHORT, least=LEAST)
    if len(password) > MOST:
        return Text(TOO_LONG, most=MOST)
    folded = password.casefold()
    if folded in _common() or _REPEATED.fullmatch(folded):
        return Text(COMMON)
    own = [email, email.partition("@")[0], *name.casefold().split()]
    if any(len(part) >= 4 and part in folded for part in own):
        return Text(OWN_NAME)
    return None


async def hashed(password: str) -> str:
    """About 75 ms, in a thread: the loop goes on."""
    return await asyncio.to_thread(hash_now, password)


def hash_now(password: str) -> str:
    """The same where no loop waits."""
    return _HASHER.hash(prepared(password))


async def matches(stored: str | None, password: str) -> bool:
    """Whether the password is the stored one; nobody's (None) takes as long and never matches."""
    return await asyncio.to_thread(_matches, stored or _NOBODYS, prepared(password)[:MOST])


def is_outdated(stored: str) -> bool:
    """Whether it was hashed with other parameters than today's."""
    return _HASHER.check_needs_rehash(stored)


def _matches(stored: str, password: str) -> bool:
    try:
        return _HASHER.verify(stored, password)
    except (VerificationError, InvalidHashError):
        return False


@lru_cache(maxsize=1)
def _common() -> frozenset[str]:
    listed = (files("concord.accounts") / "common_passwords.txt").read_text("utf-8")
    return frozenset(line for line in listed.split("\n") if line)
