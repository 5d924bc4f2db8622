"""The keepers' pages: everyone, one person, and an invitation."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from concord.accounts import actions, forms, queries
from concord.accounts.models import Membership, Person
from concord.accounts.policy import (
    may_deactivate,
    may_end_membership,
    may_erase,
    may_invite,
    may_list_people,
    may_manage_people,
    may_resend_invitation,
    may_reset_second_factor,
)
from concord.accounts.states import PersonState
from concord.actor import Actor, Role
from concord.errors import InvalidInput, NotAllowed
from concord.reference.languages import UI_LANGUAGES
from concord.reference.queries import code_lists
from concord.web.flash import see_other
from concord.web.formats import state_name
from concord.web.forms import fields, reader
from concord.web.i18n import gettext as _
from concord.web.labels import role_name
from concord.web.pagination import Page, csv_response, window
from concord.web.rendering import render
from concord.web.routing import command, page

PATH = "/admin/people"
MAY_NOT = "Only administrators see the people of the platform."
CSV_LIMIT = 20_000
CSV_HEADER = ("name", "email", "status", "roles", "organizations", "created_at", "seen_at")


@dataclass(frozen=True, slots=True)
class Filter:
    """What a list of people is narrowed to."""

    search: str
    role: str
    state: str


async def list_people(request: Request) -> Response:
    actor = _keeper(request)
    asked = _filter(request)
    found = queries.people(actor, search=asked.search, role=asked.role, state=asked.state)
    part = window(request.query_params, sorts=list(queries.PEOPLE_ORDERS), default="name")
    order = part.order(queries.PEOPLE_ORDERS)
    if request.query_params.get("format") == "csv":
        rows = await queries.people_rows(found, actor, order=order, offset=0, limit=CSV_LIMIT)
        return csv_response("people.csv", CSV_HEADER, [_csv_row(person) for person in rows])
    total = await found.count()
    rows = await queries.people_rows(
        found, actor, order=order, offset=part.offset, limit=part.size
    )
    return render(
        request,
        "accounts/people.html",
        page=Page(rows, total, part),
        filter=asked,
        roles=_role_options(actor),
        states=[state.value for state in PersonState],
    )


async def show_person(request: Request) -> Response:
    actor = _keeper(request)
    person = await queries.person_for(actor, request.path_params["person"])
    return await person_page(request, person)


async def show_invitation(request: Request) -> Response:
    return await _invitation_page(request, _keeper(request))


async def invite(request: Request) -> Response:
    actor = _keeper(request)
    try:
        values = forms.invitation(
            await reader(request), roles=list(Role), states=(await code_lists()).states
        )
        person = await actions.invite(values, actor=actor, now=request.state.now)
    except InvalidInput as refused:
        return await _invitation_page(request, actor, errors=refused.fields, status=422)
    if person.state is PersonState.INVITED:
        return see_other(f"{PATH}/{person.id}", _("The invitation is on its way."))
    return see_other(f"{PATH}/{person.id}", _("This person has the role now."))


def _keeper(request: Request) -> Actor:
    actor: Actor = request.state.actor
    if not may_list_people(actor):
        raise NotAllowed(MAY_NOT)
    return actor


def _filter(request: Request) -> Filter:
    query = request.query_params
    role, state = query.get("role", ""), query.get("state", "")
    return Filter(
        search=query.get("q", "").replace("\x00", "").strip()[:100],
        role=role if role in list(Role) else "",
        state=state if state in list(PersonState) else "",
    )


def _csv_row(person: Person) -> Sequence[object]:
    seats = list(person.memberships)
    seen = getattr(person, "seen", None)
    return (
        person.name,
        person.email,
        person.state.value,
        "; ".join(seat.role.value for seat in seats),
        "; ".join(seat.organization.name for seat in seats),
        person.created_at.isoformat(),
        seen.isoformat() if seen else "",
    )


def _role_options(actor: Actor) -> list[tuple[str, str]]:
    """The roles that the actor may give somewhere."""
    organization = actor.organization_id
    return [
        (role.value, str(role_name(role)))
        for role in Role
        if actor.role is Role.ADMIN
        or (organization is not None and may_invite(actor, role, organization))
    ]


async def _invitation_page(
    request: Request,
    actor: Actor,
    *,
    errors: dict[str, str] | None = None,
    status: int = 200,
) -> Response:
    typed = await fields(request) if request.method == "POST" else {}
    return render(
        request,
        "accounts/invite.html",
        status=status,
        errors=errors or {},
        typed={name: values[0] for name, values in typed.items() if values},
        chosen_states=typed.get("states", []),
        languages=list(UI_LANGUAGES.items()),
        **await _seat_options(actor),
    )


async def _seat_options(actor: Actor, *, with_states: bool = True) -> dict[str, Any]:
    served = sorted(
        ((code, state_name(code)) for code in (await code_lists()).states),
        key=lambda option: option[1],
    )
    return {
        "organizations": [(str(place.id), place.name) for place in await queries.places(actor)],
        "roles": _role_options(actor),
        "served": served if with_states and may_manage_people(actor) else [],
    }


async def person_page(
    request: Request, person: Person, *, errors: dict[str, str] | None = None, status: int = 200
) -> Response:
    actor: Actor = request.state.actor
    seats: list[Membership] = list(person.memberships)
    typed = await fields(request) if request.method == "POST" else {}
    organizations = frozenset(seat.organization_id for seat in seats)
    waits = person.state is PersonState.INVITED or (
        person.state is PersonState.ACTIVE and person.totp_secret is None
    )
    return render(
        request,
        "accounts/person.html",
        status=status,
        errors=errors or {},
        typed={name: values[0] for name, values in typed.items() if values},
        chosen_states=typed.get("states", []),
        person=person,
        seats=[
            (seat, may_end_membership(actor, seat.role, seat.organization_id)) for seat in seats
        ],
        colleagues=[(str(other.id), other.name) for other in await queries.colleagues(person)],
        may_resend=waits and may_resend_invitation(actor, organizations),
        may_reset=may_reset_second_factor(actor, person.id) and person.state is PersonState.ACTIVE,
        may_deactivate=may_deactivate(actor, person.id)
        and person.state is not PersonState.DEACTIVATED,
        may_erase=may_erase(actor, person.id)
        and person.state is PersonState.DEACTIVATED
        and not actions.is_erased(person),
        may_manage=may_manage_people(actor),
        **await _seat_options(actor),
    )


routes = [
    page(PATH, list_people),
    command(PATH, invite),
    page(f"{PATH}/new", show_invitation),
    page(f"{PATH}/{{person}}", show_person),
]
