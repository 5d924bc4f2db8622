"""The sample's organizations and people, as its files name them."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources import files

from concord.actor import STATE_ROLES, Role
from concord.organizations.states import OrganizationKind

PASSWORD = "seven quiet harbours"  # noqa: S105 - printed for whoever tries the demo
"""Everybody's, in every demo: it opens nothing but invented data on one's own machine."""


@dataclass(frozen=True, slots=True)
class SampleOrganization:
    """`office` marks the one that speaks for a State; others of a State provide."""

    name: str
    kind: OrganizationKind
    state: str | None
    website: str
    description: str

    @property
    def office(self) -> bool:
        return self.kind is OrganizationKind.STATE_AUTHORITY


@dataclass(frozen=True, slots=True)
class SamplePerson:
    """Somebody to sign in as; `key` is how the story calls them."""

    key: str
    name: str
    email: str
    role: Role
    organization: str
    states: tuple[str, ...]
    locale: str


def people() -> list[SamplePerson]:
    return [
        SamplePerson(
            key=row["key"],
            name=row["name"],
            email=row["email"],
            role=Role(row["role"]),
            organization=row["organization"],
            states=tuple(filter(None, row["states"].split(";"))),
            locale=row["locale"],
        )
        for row in _rows("people")
    ]


def organizations() -> list[SampleOrganization]:
    """Where a State's own people sit is its office; the file calls all of a State's kind alike."""
    offices = {person.organization for person in people() if person.role in STATE_ROLES}
    return [
        SampleOrganization(
            name=row["name"],
            kind=OrganizationKind.STATE_AUTHORITY
            if row["name"] in offices
            else OrganizationKind(row["kind"]),
            state=row["state"] or None,
            website=row["website"],
            description=row["description"],
        )
        for row in _rows("organizations")
    ]


def _rows(name: str) -> Iterator[dict[str, str]]:
    text = files("concord.demo.sample").joinpath(f"{name}.csv").read_text("utf-8")
    yield from csv.DictReader(text.splitlines())
