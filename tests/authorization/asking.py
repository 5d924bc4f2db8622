"""Routes of the application as questions: which address each case of a route has."""

import secrets
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from uuid import uuid4

from starlette.routing import BaseRoute, Route

from concord.app import routes
from concord.reference.identifiers import new_public_id
from tests.authorization.world import World

Addresses = Mapping[str, Mapping[str, str]]
"""Kind of subject → case → id in addresses."""
IDS = {"{id}", "{public_id}", "{organization}", "{attachment}", "{act}"}


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of subject: its name, the prefix of its ids, and where its own pages begin."""

    name: str
    prefix: str
    home: str


SEATS = {"authority": "alt", "provider": "mem"}
"""Whose membership stands in an organization's address, by case."""
KINDS = (
    Kind("request", "REQ", "/requests/"),
    Kind("summary", "REQ", "/summaries/"),
    Kind("match", "MAT", "/matches/"),
    Kind("offer", "OFR", "/offers/"),
    Kind("organization", "ORG", "/organizations/"),
    Kind("attachment", "", "/attachments/"),
    Kind("act", "ACT", "/acts-on-behalf/"),
    Kind("duplicate", "", "/duplicates/"),
    Kind("delivery", "DLV", "/deliveries/"),
    Kind("name", "", "/activities/names/"),
    Kind("activity", "", "/activities/"),
    Kind("portfolio", "", "/portfolio/"),
)


def asked_routes() -> list[str]:
    """`METHOD /path` of every route; HEAD follows GET."""
    return sorted(
        f"{method} {route.path}"
        for route in _flat(routes())
        for method in route.methods or set()
        if method != "HEAD"
    )


def _flat(some: list[BaseRoute]) -> Iterator[Route]:
    for route in some:
        if isinstance(route, Route):
            yield route


def addresses(found: World) -> Addresses:
    """The public ids of the world's subjects."""
    requests = {case: one.public_id for case, one in found.requests.items()}
    return {
        "request": requests,
        "summary": requests,
        "match": {case: one.public_id for case, one in found.matches.items()},
        "offer": {case: one.public_id for case, one in found.offers.items()},
        "organization": {case: one.public_id for case, one in found.organizations.items()},
        "attachment": {case: str(one.id) for case, one in found.attachments.items()},
        "act": {"recorded": found.act.public_id},
        "name": {case: str(one.id) for case, one in found.names.items()},
        "activity": {case: str(one.id) for case, one in found.activities.items()},
        "portfolio": {case: str(one.id) for case, one in found.portfolios.items()},
        "delivery": {case: one.public_id for case, one in found.deliveries.items()},
        "duplicate": {case: str(one.id) for case, one in found.duplicates.items()},
    }


def kind_of(path: str) -> Kind | None:
    """The kind of the subject that a path names; None where it names none."""
    if not any(part in IDS for part in path.split("/")):
        return None
    return next((kind for kind in KINDS if path.startswith(kind.home)), None)


def unused(kind: Kind) -> str:
    """An id of the right shape that nothing has."""
    return new_public_id(kind.prefix) if kind.prefix else str(uuid4())


def filled(path: str, subject: str, parts: Mapping[str, str]) -> str:
    """The address of one subject; every other place is filled from `parts`."""
    pieces = [subject if piece in IDS else parts.get(piece, piece) for piece in path.split("/")]
    return "/".join(pieces)


def parts_of(found: World, kind: str, case: str) -> dict[str, str]:
    """What stands in the places below a subject, for one case."""
    everyone = found.people
    question = found.questions if kind == "request" else found.offer_questions
    return {
        "{position:int}": "1",
        "{section}": "need",
        "{clarification}": str(question[case].id) if case in question else str(uuid4()),
        "{question}": str(question[case].id) if case in question else str(uuid4()),
        "{person}": str(everyone.actors["me2"].person_id),
        "{membership}": str(everyone.memberships[SEATS.get(case, "dr2")].id),
        "{session}": str(uuid4()),
        "{token}": secrets.token_urlsafe(32),
        "{list}": "topics",
        "{code}": "INV.02",
        "{key}": "unknown",
        "{id:int}": "999999",
    }


def every_address(world: World, found: Addresses, method: str) -> list[str]:
    """Every route of a method, in every case."""
    made = []
    for route in asked_routes():
        asked, path = route.split(" ")
        kind = kind_of(path)
        cases = found[kind.name] if kind else {"-": ""}
        if asked == method:
            made += [
                filled(path, subject, parts_of(world, kind.name if kind else "", case))
                for case, subject in cases.items()
            ]
    return made
