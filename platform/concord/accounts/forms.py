"""Reads the forms of accounts into values, or refuses with one error a field."""

from collections.abc import Collection
from uuid import UUID
from zoneinfo import available_timezones

from concord.accounts.passwords import LEAST, MOST
from concord.accounts.values import Credentials, Enrolment, Invitation, Profile, Seating
from concord.actor import Role
from concord.errors import Text
from concord.inputs import REQUIRED, Reader
from concord.reference.languages import UI_LANGUAGES

CODE_LENGTH = 40
DIFFERENT = "The two passwords differ. Type the same one twice."


def credentials(reader: Reader) -> Credentials:
    """What was typed to sign in; nothing in it is refused in a way that tells something."""
    return Credentials(
        email=reader.text("email", limit=254).lower(),
        password=secret(reader, "password"),
        code=reader.text("code", limit=CODE_LENGTH),
    )


def enrolment(reader: Reader, *, with_password: bool) -> Enrolment:
    password = secret(reader, "password", required=True)
    if with_password and password != secret(reader, "password_again"):
        reader.refuse("password_again", Text(DIFFERENT))
    code = reader.text("code", required=True, limit=CODE_LENGTH)
    reader.check()
    return Enrolment(password=password, code=code)


def new_password(reader: Reader, name: str = "new_password") -> str:
    """A new password, typed twice."""
    typed = secret(reader, name, required=True)
    if typed != secret(reader, f"{name}_again"):
        reader.refuse(f"{name}_again", Text(DIFFERENT))
    return typed


def secret(reader: Reader, name: str, *, required: bool = False) -> str:
    """A password exactly as typed: blanks at its ends count."""
    values = reader.raw.get(name, ())
    typed = values[0] if values else ""
    if required and not typed:
        reader.refuse(name, Text(REQUIRED))
    if len(typed) > MOST * 4:  # more than any password of `MOST` characters has
        reader.refuse(name, Text("Use %(least)s to %(most)s characters.", least=LEAST, most=MOST))
        return ""
    return typed


def profile(reader: Reader) -> Profile:
    values = Profile(
        name=reader.text("name", required=True, limit=200),
        locale=reader.choice("locale", UI_LANGUAGES, required=True),
        timezone=reader.choice("timezone", available_timezones(), required=True),
        wants_email=reader.boolean("wants_email"),
    )
    reader.check()
    return values


def invitation(reader: Reader, *, roles: Collection[str], states: Collection[str]) -> Invitation:
    email = reader.email("email")
    name = reader.text("name", required=True, limit=200)
    locale = reader.choice("locale", UI_LANGUAGES, required=True)
    seat = seating(reader, roles=roles, states=states)
    reader.check()
    return Invitation(email=email, name=name, locale=locale, seat=seat)


def seating(reader: Reader, *, roles: Collection[str], states: Collection[str]) -> Seating:
    """Raises `InvalidInput` at once: without a place and a role there is no seat."""
    organization = identifier(reader, "organization")
    role = reader.choice("role", roles, required=True)
    served = reader.choices("states", states)
    reader.check()
    return Seating(organization_id=organization, role=Role(role), states=served)


def identifier(reader: Reader, name: str) -> UUID:
    """The id of something chosen from a list; an all-zero one when it makes no sense."""
    typed = reader.text(name, required=True)
    try:
        return UUID(typed)
    except ValueError:
        reader.refuse(name, Text("Choose one of the options."))
        return UUID(int=0)
