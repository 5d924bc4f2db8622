"""What a keeper does to one person: seats, second factor, invitation, the end."""

from uuid import UUID

from starlette.requests import Request
from starlette.responses import Response

from concord.accounts import actions, forms, queries
from concord.accounts.models import Membership, Person
from concord.accounts.policy import may_list_people, may_manage_people
from concord.accounts.routes.people import person_page
from concord.actor import Role
from concord.errors import InvalidInput, NotAllowed, NotFound
from concord.reference.queries import code_lists
from concord.web.flash import see_other
from concord.web.forms import reader
from concord.web.i18n import gettext as _
from concord.web.routing import command

PATH = "/admin/people/{person}"
MAY_NOT = "Only administrators change the accounts of others."


async def resend(request: Request) -> Response:
    person = await _person(request)
    await actions.resend_invitation(person, actor=request.state.actor, now=request.state.now)
    return _back(person, _("A new link is on its way; the old one has ended."))


async def reset_second_factor(request: Request) -> Response:
    person = await _person(request, managed=True)
    await actions.reset_second_factor(person, actor=request.state.actor, now=request.state.now)
    return _back(person, _("The second factor is off. A link to set up a new one is on its way."))


async def add_membership(request: Request) -> Response:
    person = await _person(request)
    states = (await code_lists()).states
    try:
        seat = forms.seating(await reader(request), roles=list(Role), states=states)
        await actions.add_membership(
            person, seat, actor=request.state.actor, now=request.state.now
        )
    except InvalidInput as refused:
        return await person_page(request, person, errors=refused.fields, status=422)
    return _back(person, _("This person has the role now."))


async def end_membership(request: Request) -> Response:
    person = await _person(request)
    await actions.end_membership(
        _seat(person, request.path_params["membership"]),
        hand_over_to=await _heir(request, person),
        actor=request.state.actor,
        now=request.state.now,
    )
    left = len(list(person.memberships)) == 1 and not may_manage_people(request.state.actor)
    address = "/admin/people" if left else f"/admin/people/{person.id}"
    return see_other(address, _("The role has ended."))


async def change_states(request: Request) -> Response:
    person = await _person(request, managed=True)
    form = await reader(request)
    states = form.choices("states", (await code_lists()).states)
    form.check()
    await actions.change_states(
        _seat(person, request.path_params["membership"]),
        states,
        actor=request.state.actor,
        now=request.state.now,
    )
    return _back(person, _("The States are saved."))


async def deactivate(request: Request) -> Response:
    person = await _person(request, managed=True)
    await actions.deactivate(
        person,
        hand_over_to=await _heir(request, person),
        actor=request.state.actor,
        now=request.state.now,
    )
    return _back(person, _("The account is closed."))


async def erase(request: Request) -> Response:
    person = await _person(request, managed=True)
    await actions.erase(person, actor=request.state.actor, now=request.state.now)
    return _back(person, _("What named this person is erased."))


async def _person(request: Request, *, managed: bool = False) -> Person:
    actor = request.state.actor
    if not (may_manage_people(actor) if managed else may_list_people(actor)):
        raise NotAllowed(MAY_NOT)
    return await queries.person_for(actor, request.path_params["person"])


def _seat(person: Person, membership_id: str) -> Membership:
    found = [seat for seat in person.memberships if str(seat.id) == membership_id]
    if not found:
        raise NotFound
    return found[0]


async def _heir(request: Request, person: Person) -> Person | None:
    """Who was chosen among the colleagues, if anybody."""
    form = await reader(request)
    if not form.text("hand_over_to"):
        return None
    chosen: UUID = forms.identifier(form, "hand_over_to")
    form.check()
    found = [other for other in await queries.colleagues(person) if other.id == chosen]
    if not found:
        raise NotFound
    return found[0]


def _back(person: Person, message: str) -> Response:
    return see_other(f"/admin/people/{person.id}", message)


routes = [
    command(f"{PATH}/invitation", resend),
    command(f"{PATH}/second-factor-reset", reset_second_factor),
    command(f"{PATH}/memberships", add_membership),
    command(f"{PATH}/memberships/{{membership}}/end", end_membership),
    command(f"{PATH}/memberships/{{membership}}/states", change_states),
    command(f"{PATH}/deactivation", deactivate),
    command(f"{PATH}/erasure", erase),
]
