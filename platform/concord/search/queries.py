"""Finds what one may see, by every word, only in texts that one may read."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from tortoise.expressions import Q

from concord.actor import Actor, Role
from concord.inputs import clean
from concord.matches.queries import visible_to as visible_matches
from concord.matches.views import audience_of, shown_state
from concord.offers.queries import visible_to as visible_offers
from concord.organizations.queries import visible_to as visible_organizations
from concord.reference.identifiers import normalized_public_id
from concord.requests.projection import heading_of
from concord.requests.queries import listed, summaries
from concord.requests.queries import visible_to as visible_requests

MOST_WORDS = 8
MOST_FOUND = 20
LONGEST = 200
SEES_REQUESTS = frozenset({Role.COORDINATOR, Role.APPROVER, Role.AUDITOR})


@dataclass(frozen=True, slots=True)
class Hit:
    """One thing found; `title` is in its own language."""

    kind: str
    public_id: str
    href: str
    title: str
    language: str
    state: str


def words_of(text: str) -> list[str]:
    """The distinct words asked for, at most eight."""
    return list(dict.fromkeys(clean(text)[:LONGEST].split()))[:MOST_WORDS]


async def found(actor: Actor, text: str) -> list[Hit]:
    """Things whose texts hold every word, or whose number was typed; nothing for no words."""
    words = words_of(text)
    if not words:
        return []
    number = normalized_public_id(text.strip()) or ""
    requests = await _requests(actor, words, number)
    return [
        *requests,
        *await _summaries(actor, words, number, known={hit.public_id for hit in requests}),
        *await _offers(actor, words, number),
        *await _matches(actor, number),
        *await _organizations(actor, words, number),
    ]


def _every(words: Sequence[str], *fields: str) -> Q:
    """Each word stands in one of the fields, whatever its case."""
    return Q(
        *(Q(*(Q(**{f"{f}__icontains": word}) for f in fields), join_type="OR") for word in words)
    )


def _readable(actor: Actor) -> tuple[str, ...]:
    """The texts of a request that this reader may know: a provider is shown what circulates."""
    if actor.is_provider:
        return ("circulation_text",)
    if actor.role is Role.AUDITOR:
        return ()
    return ("title", "description", "outcome")


async def _requests(actor: Actor, words: Sequence[str], number: str) -> list[Hit]:
    texts = _readable(actor)
    wanted = Q(public_id=number)
    if texts:
        wanted |= _every(words, *texts)
    rows = visible_requests(actor).filter(wanted).order_by("-state_since", "id")
    views, _ = await listed(actor, rows, offset=0, limit=MOST_FOUND)
    return [
        Hit(
            kind="request",
            public_id=view.public_id,
            href=f"/requests/{view.public_id}",
            title=view.heading,
            language=view.heading_language,
            state=view.state,
        )
        for view in views
    ]


async def _summaries(
    actor: Actor, words: Sequence[str], number: str, *, known: Collection[str]
) -> list[Hit]:
    """What States agreed to publish, for those who do not see the request itself."""
    if actor.role in SEES_REQUESTS:
        return []
    wanted = Q(public_id=number) | _every(words, "public_summary")
    rows = await summaries().filter(wanted).order_by("-state_since", "id").limit(MOST_FOUND)
    return [
        Hit(
            kind="request",
            public_id=row.public_id,
            href=f"/summaries/{row.public_id}",
            title=heading_of(row.public_summary),
            language=row.texts_language,
            state=row.state,
        )
        for row in rows
        if row.public_id not in known
    ]


async def _offers(actor: Actor, words: Sequence[str], number: str) -> list[Hit]:
    wanted = Q(public_id=number) | _every(words, "title", "description", "organization__name")
    rows = (
        await visible_offers(actor).filter(wanted).order_by("-state_since", "id").limit(MOST_FOUND)
    )
    return [
        Hit("offer", row.public_id, f"/offers/{row.public_id}", row.title, row.language, row.state)
        for row in rows
    ]


async def _matches(actor: Actor, number: str) -> list[Hit]:
    rows = await visible_matches(actor).filter(public_id=number).limit(1)
    return [
        Hit(
            kind="match",
            public_id=row.public_id,
            href=f"/matches/{row.public_id}",
            title=row.public_id,
            language="",
            state=shown_state(row.state, audience_of(actor)),
        )
        for row in rows
    ]


async def _organizations(actor: Actor, words: Sequence[str], number: str) -> list[Hit]:
    if not actor.is_signed_in:
        return []
    wanted = Q(public_id=number) | _every(words, "name")
    rows = (
        await visible_organizations(actor).filter(wanted).order_by("name", "id").limit(MOST_FOUND)
    )
    return [
        Hit(
            "verification",
            row.public_id,
            f"/organizations/{row.public_id}",
            row.name,
            "",
            row.verification,
        )
        for row in rows
    ]
