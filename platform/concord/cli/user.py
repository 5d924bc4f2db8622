"""`concord user`: brings in people from the command line, the first administrator above all."""

from datetime import datetime
from typing import Annotated

import typer

from concord.accounts.actions.erasing import erase
from concord.accounts.actions.links import owe_activation
from concord.accounts.actions.people import invite as invite_person
from concord.accounts.models import Person
from concord.accounts.states import PersonState, TokenPurpose
from concord.accounts.values import Invitation, Seating
from concord.actor import SECRETARIAT_ROLES, Actor, Role
from concord.cli.actors import operator
from concord.cli.running import application, read_settings, run, utc_now
from concord.database import transaction
from concord.errors import InvalidInput, Text
from concord.inputs import Reader
from concord.organizations.actions import create
from concord.organizations.erasure import register_erasures
from concord.organizations.models import Organization
from concord.organizations.names import name_key
from concord.organizations.states import OrganizationKind
from concord.organizations.values import NewOrganization, ProfileValues
from concord.reference.languages import UI_LANGUAGES
from concord.reference.queries import code_lists
from concord.settings import Settings

app = application("Invite and erase people from the command line.")
NOBODY = "Nobody has this address."
UNKNOWN = "There is no organization of this name."
SEVERAL = "There are several organizations of this name: give its public id (ORG-…)."
NO_SECRETARIAT = "Name the organization: there is no, or more than one, secretariat yet."


@app.callback()
def user() -> None:
    """Invite and erase people."""


@app.command()
def invite(
    email: Annotated[str, typer.Argument(help="The address that the person signs in with.")],
    name: Annotated[str, typer.Option(help="As it is shown to others.")],
    role: Annotated[Role, typer.Option(help="What the person does there.")],
    organization: Annotated[
        str, typer.Option(help="Its name or public id; a secretariat of that name is made if new.")
    ] = "",
    states: Annotated[
        str, typer.Option(help="The States that a coordinator serves, as ISO codes; all if empty.")
    ] = "",
    locale: Annotated[str, typer.Option(help="One of ar, en, es, fr, ru, zh.")] = "en",
) -> None:
    """Invite a person and print the link that sets up the account; it works once, for ten days."""
    given = Reader({"email": [email], "name": [name], "locale": [locale], "states": [states]})

    async def command(settings: Settings) -> str:
        return await bring_in(given, role, organization, actor=operator(Role.ADMIN), now=utc_now())

    settings = read_settings()
    token = run(settings, command)
    if token:
        print(f"{settings.public_url}/activate/{token}")
    else:
        print(f"{email} has an account already and now holds this role too.")


@app.command(name="erase")
def erase_person(
    email: Annotated[str, typer.Argument(help="The address of somebody whose account is closed.")],
) -> None:
    """Erase what names a person who has left; the audit trail keeps their id and stays whole."""

    async def command(settings: Settings) -> None:
        await forget(email, actor=operator(Role.ADMIN), now=utc_now())

    run(read_settings(), command)
    print(f"{email} is erased.")


async def forget(email: str, *, actor: Actor, now: datetime) -> None:
    register_erasures()
    person = await Person.get_or_none(email=email.strip().lower())
    if person is None:
        raise InvalidInput({"email": Text(NOBODY)})
    await erase(person, actor=actor, now=now)


async def bring_in(
    given: Reader, role: Role, organization: str, *, actor: Actor, now: datetime
) -> str:
    """Invite; the token of the link, or nothing for a person whose account is set up."""
    lists = await code_lists()
    codes = tuple(given.choices("states", lists.states)) if _codes(given) else ()
    address = given.email("email")
    name = given.text("name", required=True, limit=200)
    locale = given.choice("locale", tuple(UI_LANGUAGES), required=True)
    given.check()
    async with transaction():
        place = await _place(organization, role, actor=actor, now=now)
        seat = Seating(organization_id=place.id, role=role, states=codes)
        invitation = Invitation(email=address, name=name, seat=seat, locale=locale)
        person = await invite_person(invitation, actor=actor, now=now)
        if person.state is not PersonState.INVITED:
            return ""
        # A second link, for the command's output: the first one leaves with the mail alone.
        return await owe_activation(person, purpose=TokenPurpose.ACTIVATION, now=now)


def _codes(given: Reader) -> list[str]:
    codes = [code for code in given.text("states").upper().replace(",", ";").split(";") if code]
    given.raw = {**given.raw, "states": codes}
    return codes


async def _place(organization: str, role: Role, *, actor: Actor, now: datetime) -> Organization:
    """The organization named; for UNODC's roles the one secretariat, made where it is missing."""
    by_id = organization.upper().startswith("ORG-")
    if by_id:
        found = await Organization.filter(public_id=organization.upper())
    elif organization:
        found = await Organization.filter(name_key=name_key(organization)).order_by("id")
    else:
        found = await Organization.filter(kind=OrganizationKind.SECRETARIAT).order_by("id")
    if len(found) == 1:
        return found[0]
    if not found and organization and not by_id and role in SECRETARIAT_ROLES:
        profile = ProfileValues(name=organization)
        new = NewOrganization(kind=OrganizationKind.SECRETARIAT, profile=profile)
        return await create(new, actor=actor, now=now)
    reason = SEVERAL if found else (UNKNOWN if organization else NO_SECRETARIAT)
    raise InvalidInput({"organization": Text(reason)})
