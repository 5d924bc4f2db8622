"""Who hears a message: one rule per audience, over facts that the caller passes in."""

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Generic, Protocol, TypeVar

from notifications.messages import Audience, Message, Urgency

Id = TypeVar("Id", bound=Hashable)

FOCAL_ROLES = frozenset({"focal_point", "alternate"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Membership(Generic[Id]):
    """One role of one active person; a person with two roles has two.

    No `coordinated_states` on a coordinator means every State.
    """

    person: Id
    role: str
    organization: Id | None = None
    state: str | None = None
    coordinated_states: frozenset[str] = frozenset()
    accredited: bool = True
    wants_email: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Case(Generic[Id]):
    """What the message is about, as far as it decides who may hear of it.

    `asked` are the provider organizations that have been asked to accept the match, and
    `circulated_to` those that saw the request's circulated text: no other provider hears of it.
    `assigned` are the persons of UNODC named on a sealed request; None for any other class.
    `recused` may not approve or confirm (proposer, recorder, conflict of interest).
    `authors` drafted the subject and follow it.
    """

    lead_state: str | None = None
    co_states: frozenset[str] = frozenset()
    owner: Id | None = None
    asked: frozenset[Id] = frozenset()
    circulated_to: frozenset[Id] = frozenset()
    person: Id | None = None
    actor: Id | None = None
    authors: frozenset[Id] = frozenset()
    recused: frozenset[Id] = frozenset()
    assigned: frozenset[Id] | None = None

    @property
    def states(self) -> frozenset[str]:
        return self.co_states | ({self.lead_state} if self.lead_state else frozenset())


def recipients(
    kind: type[Message], *, people: Iterable[Membership[Id]], case: Case[Id]
) -> frozenset[Id]:
    """Person ids owed the message; its own actor hears only what asks for another act."""
    told = RULES[kind.audience](list(people), case)
    if kind.audience is not Audience.PERSON and kind.urgency is Urgency.KNOW:
        told -= {case.actor}
    return frozenset(told)


def mailed(kind: type[Message], *, people: Iterable[Membership[Id]]) -> frozenset[Id]:
    """Those among `people` who get it by e-mail too; account notices ignore the preference."""
    return frozenset(one.person for one in people if kind.mandatory or one.wants_email)


class Rule(Protocol):
    def __call__(self, people: list[Membership[Id]], case: Case[Id], /) -> set[Id]: ...


def _person(people: list[Membership[Id]], case: Case[Id]) -> set[Id]:
    return set() if case.person is None else {case.person}


def _focal_points(people: list[Membership[Id]], case: Case[Id]) -> set[Id]:
    return _accredited(people, case.states)


def _co_focal_points(people: list[Membership[Id]], case: Case[Id]) -> set[Id]:
    return _accredited(people, case.co_states)


def _state_team(people: list[Membership[Id]], case: Case[Id]) -> set[Id]:
    members = {one.person for one in people if one.state in case.states}
    return _accredited(people, case.states) | (members & case.authors)


def _accredited(people: list[Membership[Id]], states: frozenset[str]) -> set[Id]:
    return {
        one.person
        for one in people
        if one.state in states and one.role in FOCAL_ROLES and one.accredited
    }


def _coordinators(people: list[Membership[Id]], case: Case[Id]) -> set[Id]:
    """Those who cover a State of the case; all of them where nobody does, so that none is lost."""
    able = [one for one in people if one.role == "coordinator" and _may_know(one.person, case)]
    covering = {one.person for one in able if _covers(one, case.states)}
    if case.assigned is not None or not covering:
        return {one.person for one in able}
    return covering


def _covers(coordinator: Membership[Id], states: frozenset[str]) -> bool:
    covered = coordinator.coordinated_states
    return not covered or not states or bool(covered & states)


def _approvers(people: list[Membership[Id]], case: Case[Id]) -> set[Id]:
    able = {one.person for one in people if one.role == "approver" and _may_know(one.person, case)}
    return able - case.recused


def _secretariat(people: list[Membership[Id]], case: Case[Id]) -> set[Id]:
    return (_coordinators(people, case) - case.recused) | _approvers(people, case)


def _due_diligence(people: list[Membership[Id]], case: Case[Id]) -> set[Id]:
    return {one.person for one in people if one.role == "due_diligence"} - case.recused


def _owner(people: list[Membership[Id]], case: Case[Id]) -> set[Id]:
    return _admins(people, _owners(case))


def _owner_team(people: list[Membership[Id]], case: Case[Id]) -> set[Id]:
    members = {one.person for one in people if one.organization in _owners(case)}
    return _admins(people, _owners(case)) | (members & case.authors)


def _participants(people: list[Membership[Id]], case: Case[Id]) -> set[Id]:
    return _admins(people, case.asked)


def _circulation(people: list[Membership[Id]], case: Case[Id]) -> set[Id]:
    return _admins(people, case.circulated_to)


def _told_providers(people: list[Membership[Id]], case: Case[Id]) -> set[Id]:
    return _admins(people, case.asked | case.circulated_to)


def _admins(people: list[Membership[Id]], organizations: frozenset[Id]) -> set[Id]:
    return {
        one.person
        for one in people
        if one.role == "partner_admin" and one.organization in organizations
    }


def _owners(case: Case[Id]) -> frozenset[Id]:
    return frozenset() if case.owner is None else frozenset({case.owner})


def _may_know(person: Id, case: Case[Id]) -> bool:
    return case.assigned is None or person in case.assigned


RULES: Mapping[Audience, Rule] = MappingProxyType(
    {
        Audience.PERSON: _person,
        Audience.FOCAL_POINTS: _focal_points,
        Audience.STATE_TEAM: _state_team,
        Audience.CO_FOCAL_POINTS: _co_focal_points,
        Audience.COORDINATORS: _coordinators,
        Audience.APPROVERS: _approvers,
        Audience.SECRETARIAT: _secretariat,
        Audience.DUE_DILIGENCE: _due_diligence,
        Audience.OWNER: _owner,
        Audience.OWNER_TEAM: _owner_team,
        Audience.PARTICIPANTS: _participants,
        Audience.CIRCULATION: _circulation,
        Audience.TOLD_PROVIDERS: _told_providers,
    }
)
