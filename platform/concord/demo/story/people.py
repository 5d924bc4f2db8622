"""Organizations are entered, verified and recognized; people are invited and set up accounts."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from concord import jobs
from concord.accounts.actions import activate, invite
from concord.accounts.actors import actor_of
from concord.accounts.authenticator import code_at
from concord.accounts.models import Membership, Person
from concord.accounts.values import Enrolment, Invitation, Seating
from concord.actor import FOCAL_POINTS, SECRETARIAT_ROLES, STATE_ROLES, Actor, Role
from concord.demo.cast import PASSWORD, SampleOrganization, SamplePerson
from concord.demo.stage import OutOfStory, Stage
from concord.organizations.actions import (
    accredit,
    create,
    decide,
    nominate,
    open_screening,
    recognize,
    register,
    save_screening,
)
from concord.organizations.models import Organization
from concord.organizations.names import name_key
from concord.organizations.queries import present_screening
from concord.organizations.questions import CODES
from concord.organizations.states import SCREENED_KINDS, Finding, OrganizationKind, Sanctions
from concord.organizations.values import (
    Answer,
    Decision,
    NewOrganization,
    Nomination,
    NoteVerbale,
    ProfileValues,
    Registration,
    ScreeningValues,
)
from notifications.messages.accounts import ActivationInvited

OPERATOR = Actor(name="operator", role=Role.ADMIN)
AT_ONCE = 4  # accounts set up side by side: hashing a password keeps a core busy
FOUND = Answer(finding=Finding.SATISFACTORY, note="Checked for the demonstration.")


@dataclass(frozen=True, slots=True)
class Paper:
    """A file to keep with a step."""

    filename: str
    content: bytes


async def set_up(
    stage: Stage, organizations: Sequence[SampleOrganization], people: Sequence[SamplePerson]
) -> None:
    """Everybody in their seat: UNODC first, then the States' offices, then the providers."""
    stage.days.before(400)
    secretariat = [person for person in people if person.role in SECRETARIAT_ROLES]
    homes = {person.organization for person in secretariat}
    for each in organizations:
        if each.name in homes:
            await _enter(stage, each, actor=OPERATOR)
    for person in secretariat:
        await _invite(stage, person, actor=OPERATOR)
    await _activate(stage, secretariat)
    admin = stage.actors["admin_one"]
    for each in organizations:
        if each.kind not in SCREENED_KINDS and each.name not in homes:
            await _enter(stage, each, actor=admin)
    await _nominate(stage, [person for person in people if person.role in STATE_ROLES])
    await _register(stage, organizations, people)
    others = [person for person in people if person.key not in stage.actors]
    await _activate(stage, others)
    await _accredit(stage, others)
    await _verify(stage, organizations)
    await _reload(stage, people)


async def _enter(stage: Stage, each: SampleOrganization, *, actor: Actor) -> None:
    stage.organizations[each.name] = await create(_new(each), actor=actor, now=stage.days.next())


def _new(each: SampleOrganization) -> NewOrganization:
    profile = ProfileValues(
        name=each.name, state=each.state, website=each.website, description=each.description
    )
    return NewOrganization(kind=each.kind, profile=profile)


async def _invite(stage: Stage, person: SamplePerson, *, actor: Actor) -> None:
    place = stage.organizations[person.organization]
    seat = Seating(
        organization_id=place.id,
        role=person.role,
        states=person.states if person.role is Role.COORDINATOR else (),
    )
    invitation = Invitation(email=person.email, name=person.name, seat=seat, locale=person.locale)
    await invite(invitation, actor=actor, now=stage.days.next())


async def _nominate(stage: Stage, people: Sequence[SamplePerson]) -> None:
    for person in people:
        await nominate(
            stage.organizations[person.organization],
            Nomination(
                name=person.name, email=person.email, role=person.role, locale=person.locale
            ),
            actor=stage.coordinator(person.states[0]),
            now=stage.days.next(),
        )


async def _register(
    stage: Stage, organizations: Sequence[SampleOrganization], people: Sequence[SamplePerson]
) -> None:
    """Providers that are screened present themselves; administrators of others are invited."""
    screened = {each.name: each for each in organizations if each.kind in SCREENED_KINDS}
    for person in people:
        if person.role is Role.PARTNER_ADMIN and person.organization in screened:
            registration = Registration(
                organization=_new(screened[person.organization]),
                person_name=person.name,
                email=person.email,
                locale=person.locale,
            )
            await register(registration, now=stage.days.next())
            stage.organizations[person.organization] = await Organization.get(
                name_key=name_key(person.organization)
            )
    for person in people:
        of_provider = person.role in {Role.PARTNER_ADMIN, Role.PARTNER_MEMBER}
        if of_provider and not await Person.exists(email=person.email):
            await _invite(stage, person, actor=stage.actors["admin_one"])


async def _activate(stage: Stage, people: Sequence[SamplePerson]) -> None:
    """Each opens the link of the invitation: a password and an authenticator."""
    now, places = stage.days.next(), asyncio.Semaphore(AT_ONCE)

    async def one(person: SamplePerson) -> None:
        async with places:
            await _set_up_account(stage, person, now=now)

    async with asyncio.TaskGroup() as together:
        for person in people:
            together.create_task(one(person))
    for person in people:
        stage.actors[person.key] = await actor_of(await _seat(person))


async def _set_up_account(stage: Stage, person: SamplePerson, *, now: datetime) -> None:
    token = await _link(person)
    code = code_at(stage.keys.enrolment_secret(token), now=now)
    await activate(
        token,
        Enrolment(password=PASSWORD, code=code),
        keys=stage.keys,
        now=now,
        device="The demonstration",
    )


async def _link(person: SamplePerson) -> str:
    """The token of the latest invitation, from the mail that is owed."""
    found = await Person.get(email=person.email)
    owed = (
        await jobs.Outbox.filter(
            name=jobs.TELL, dedup__endswith=f"{ActivationInvited.name}:{found.id}"
        )
        .order_by("-id")
        .first()
    )
    payload = owed.payload["payload"] if owed is not None else None
    if not isinstance(payload, dict) or "token" not in payload:
        raise OutOfStory("No invitation is owed to %(email)s.", email=person.email)
    return str(payload["token"])


async def _seat(person: SamplePerson) -> Membership:
    return await Membership.get(person__email=person.email, role=person.role, ended_at=None)


async def _accredit(stage: Stage, people: Sequence[SamplePerson]) -> None:
    """Focal points and alternates bind their State once a note verbale is kept."""
    for number, person in enumerate(people, 1):
        if person.role not in FOCAL_POINTS:
            continue
        state = person.states[0]
        note = NoteVerbale(reference=f"NV/{state}/{number:03}", date=stage.days.moment.date())
        words = f"Note verbale {note.reference}: {person.name} speaks for State {state}.\n"
        await accredit(
            await _seat(person),
            note,
            Paper(f"note-{state.lower()}.txt", words.encode()),
            actor=stage.coordinator(state),
            now=stage.days.next(),
        )


async def _verify(stage: Stage, organizations: Sequence[SampleOrganization]) -> None:
    """Screened providers are screened, the others recognized."""
    for each in organizations:
        place = stage.organizations[each.name]
        if each.kind in SCREENED_KINDS:
            await screen(stage, place)
            decision = Decision(verified=True, note="Nothing speaks against it.")
            officer = stage.actors["diligence_one"]
            await decide(place, decision, actor=officer, now=stage.days.next())
        elif each.kind in {OrganizationKind.STATE, OrganizationKind.INTERGOVERNMENTAL}:
            await recognize(place, actor=_recognizer(stage, each), now=stage.days.next())


def _recognizer(stage: Stage, each: SampleOrganization) -> Actor:
    return stage.coordinator(each.state) if each.state else stage.actors["coordinator_one"]


async def screen(stage: Stage, place: Organization) -> None:
    """An officer answers the five questions and looks at the sanctions list."""
    officer = stage.actors["diligence_one"]
    await open_screening(place, actor=officer, now=stage.days.next())
    screening = await present_screening(place)
    assert screening is not None  # noqa: S101 - opened in the line before
    values = ScreeningValues(
        answers=dict.fromkeys(CODES, FOUND),
        sanctions_on=stage.days.moment.date(),
        sanctions_result=Sanctions.NO_HIT,
        sanctions_note="No entry of that name.",
    )
    await save_screening(
        place, values, version=screening.version, actor=officer, now=stage.days.next()
    )


async def _reload(stage: Stage, people: Sequence[SamplePerson]) -> None:
    """The actors as they are now: accredited, of a verified organization."""
    for person in people:
        stage.actors[person.key] = await actor_of(await _seat(person))
