"""Providers that are not verified: one refused, one under review, one just registered."""

from concord.demo.stage import Stage
from concord.demo.story.people import screen
from concord.organizations.actions import decide, register
from concord.organizations.models import Organization
from concord.organizations.names import name_key
from concord.organizations.states import OrganizationKind
from concord.organizations.values import Decision, NewOrganization, ProfileValues, Registration

NEW = "Illustrative Newcomers' Association"
UNDER_REVIEW = "Sample Laboratory under Review"
REFUSED = "Sample Company without Answers"


async def be_refused(stage: Stage) -> None:
    """A year ago; its administrator never set up an account."""
    stage.days.before(390)
    refused = await _register(stage, REFUSED, OrganizationKind.PRIVATE_SECTOR, "applicant.one")
    await screen(stage, refused)
    await decide(
        refused,
        Decision(
            verified=False,
            note="Who owns it could not be established.",
            told="Please tell us who owns the company, and apply again.",
        ),
        actor=stage.actors["diligence_one"],
        now=stage.days.next(),
    )


async def arrive(stage: Stage) -> None:
    """Their people have been invited and have not answered yet."""
    stage.days.before(3)
    reviewed = await _register(stage, UNDER_REVIEW, OrganizationKind.ACADEMIA, "applicant.two")
    await screen(stage, reviewed)
    await _register(stage, NEW, OrganizationKind.CIVIL_SOCIETY, "applicant.three")


async def _register(stage: Stage, name: str, kind: OrganizationKind, address: str) -> Organization:
    registration = Registration(
        organization=NewOrganization(
            kind=kind, profile=ProfileValues(name=name, description="Illustrative.")
        ),
        person_name=address.replace(".", " ").title(),
        email=f"{address}@example.org",
    )
    await register(registration, now=stage.days.next())
    stage.organizations[name] = await Organization.get(name_key=name_key(name))
    return stage.organizations[name]
