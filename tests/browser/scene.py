"""Something of everything on a site: people of each role, and cases at each stage."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from concord import jobs
from concord.accounts.models import Membership
from concord.actor import Role
from concord.duplicates.models import DuplicateFlag
from concord.matches.models import Match
from concord.offers import actions as offer_actions
from concord.organizations.models import Organization
from concord.requests import actions as request_actions
from tests.browser.site import Site
from tests.conftest import NOW
from tests.factories import matches, offers, people, requests
from tests.factories import organizations as papers
from tests.waiting import until

SECOND = ("POL.01", "training_course", 12, "training_places")
HOME_STATE, OTHER_STATE = "QMM", "QNN"


@dataclass(slots=True)
class Scene:
    """`members` by role; `names` are public ids by what the thing is."""

    members: dict[Role, Membership] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)

    def member(self, role: Role | None) -> Membership | None:
        return self.members[role] if role else None

    def paths(self, role: Role | None) -> list[str]:
        """Every page that a role has something on."""
        return [path.format_map(self.names) for path in ("/", *OF_ROLE[role])]


SIGNED_IN = ("/inbox", "/account", "/requests", "/matches", "/organizations")
OF_ROLE: Mapping[Role | None, tuple[str, ...]] = {
    None: (
        "/offers",
        "/offers/{published}",
        "/statistics",
        "/search?q=evidence",
        "/sign-in",
        "/password/forgotten",
        "/organizations/register",
        "/summaries",
        "/help",
        "/contact",
        "/about",
        "/accessibility",
        "/privacy",
        "/activate/{token}",
    ),
    Role.FOCAL_POINT: (
        *SIGNED_IN,
        "/search?q=evidence",
        "/offers/{published}",
        "/requests/new",
        "/requests/{draft}/draft",
        "/requests/{draft}/draft/need",
        "/requests/{draft}/draft/items",
        "/requests/{draft}/draft/items/1",
        "/requests/{draft}/draft/outcome",
        "/requests/{draft}/draft/timing",
        "/requests/{draft}/draft/sharing",
        "/requests/{draft}/draft/partners",
        "/requests/{draft}/draft/check",
        "/requests/{submitted}",
        "/requests/{waiting}",
        "/requests/{waiting}/no-objection",
        "/requests/{open}",
        "/requests/{open}/withdrawal",
        "/requests/{open}/outlook",
        "/matches/{proposed}",
        "/matches/{approved}",
    ),
    Role.DRAFTER: ("/requests", "/requests/{draft}/draft"),
    Role.OBSERVER: ("/requests", "/requests/{open}"),
    Role.PARTNER_ADMIN: (
        *SIGNED_IN,
        "/offers?view=mine",
        "/offers/new",
        "/offers/{own_draft}/edit",
        "/offers/{own_draft}",
        "/offers/{published}/change",
        "/offers/{published}/withdrawal",
        "/requests/{open}",
        "/demand",
        "/matches/{consented}",
        "/organizations/{provider}",
        "/organizations/{provider}/profile",
    ),
    Role.COORDINATOR: (
        *SIGNED_IN,
        "/offers",
        "/offers/{published}",
        "/search?q=evidence",
        "/workbench",
        "/requests/{open}/pairings",
        "/requests/{open}/matches/new?offer={published}",
        "/requests/{submitted}",
        "/requests/{submitted}/review",
        "/offers/{submitted_offer}/review",
        "/matches/{proposed}",
        "/duplicates",
        "/matcher/models",
        "/portfolio",
        "/requests/{open}/outlook",
        "/organizations/{office}",
        "/organizations/{office}/people/new",
        "/acts-on-behalf",
    ),
    Role.APPROVER: (*SIGNED_IN, "/matches/{accepted}", "/matches/{approved}"),
    Role.DUE_DILIGENCE: (
        "/organizations",
        "/organizations/screenings",
        "/organizations/{registered}",
        "/organizations/{registered}/review",
    ),
    Role.AUDITOR: ("/audit", "/requests", "/matches"),
    Role.ADMIN: (
        "/admin/people",
        "/admin/people/new",
        "/admin/people/{person}",
        "/organizations/new",
        "/admin/code-lists",
        "/admin/code-lists/topics",
        "/admin/outbox",
    ),
}


async def set_scene(site: Site) -> Scene:
    """Write it all, and wait until the worker has ranked and told."""
    scene = Scene()
    async with site.database():
        await _people(scene)
        await _offers(scene)
        await _requests(scene)
        await _matches(scene)
        await until(_nothing_is_owed)
    return scene


async def _people(scene: Scene) -> None:
    office = await people.organization(
        state=HOME_STATE, name="Office for International Cooperation of QM"
    )
    provider = await people.provider("Illustrative Cyber Forensics Institute")
    homes = {
        **dict.fromkeys((Role.FOCAL_POINT, Role.DRAFTER, Role.OBSERVER), office),
        Role.PARTNER_ADMIN: provider,
    }
    for role in OF_ROLE:
        if role is not None:
            scene.members[role] = await people.member(role, homes.get(role))
    registered = await papers.registered()
    officer = await people.actor(scene.members[Role.DUE_DILIGENCE])
    await papers.screened(registered, officer)
    scene.names |= {
        "office": office.public_id,
        "provider": provider.public_id,
        "registered": registered.public_id,
        "person": str(scene.members[Role.PARTNER_ADMIN].person_id),
        "token": await _invited(registered),
    }


async def _invited(organization: Organization) -> str:
    owed = await jobs.Outbox.get(
        name=jobs.TELL, payload__contains={"message": "activation_invited"}
    )
    payload = owed.payload["payload"]
    assert isinstance(payload, dict)
    assert organization.kind
    return str(payload["token"])


async def _offers(scene: Scene) -> None:
    admin = await people.actor(scene.members[Role.PARTNER_ADMIN])
    provider = await Organization.get(id=admin.organization_id)
    published = await offers.published(provider, slots=[offers.COURSE, SECOND])
    draft = await offers.draft(provider, title="Mentoring of digital forensic laboratories")
    waiting = await offers.draft(provider, title="A course for judges, in Arabic", language="en")
    await offer_actions.submit(waiting, actor=admin, now=NOW)
    for title in ("Self-paced course on electronic evidence", "Legislative drafting desk"):
        await offers.published(title=title)
    scene.names |= {
        "published": published.public_id,
        "own_draft": draft.public_id,
        "submitted_offer": waiting.public_id,
    }


async def _requests(scene: Scene) -> None:
    focal_point = await people.actor(scene.members[Role.FOCAL_POINT])
    office = await Organization.get(id=focal_point.organization_id)
    draft = await requests.draft(HOME_STATE, authority=office)
    sent = await requests.draft(HOME_STATE, title="A laboratory for mobile devices")
    await request_actions.submit(sent, version=sent.version, actor=focal_point, now=NOW)
    waiting = await requests.in_no_objection(HOME_STATE, title="Training of prosecutors")
    opening = await requests.in_no_objection(HOME_STATE)
    await request_actions.agree_to_circulation(
        opening, publish=False, version=opening.version, actor=focal_point, now=NOW
    )
    other = await requests.open_request(OTHER_STATE, title="تدريب المدعين العامين", language="ar")
    left, right = sorted((opening.id, other.id))
    await DuplicateFlag.create(
        kind="request_request", left_id=left, right_id=right, score=0.8, verdict="likely"
    )
    scene.names |= {
        "draft": draft.public_id,
        "submitted": sent.public_id,
        "waiting": waiting.public_id,
        "open": opening.public_id,
    }


async def _matches(scene: Scene) -> None:
    """One at each stage, each of a request of its own."""
    partner = await people.actor(scene.members[Role.PARTNER_ADMIN])
    players = matches.Cast(
        focal_point=await people.actor(scene.members[Role.FOCAL_POINT]),
        coordinator=await people.actor(scene.members[Role.COORDINATOR]),
        approver=await people.actor(scene.members[Role.APPROVER]),
        partner=partner,
        provider=await Organization.get(id=partner.organization_id),
    )
    made: dict[str, Match] = {
        "proposed": await matches.proposed(players),
        "consented": await matches.consented(players),
        "accepted": await matches.accepted(players),
    }
    made["approved"] = await matches.approved(players, request=await matches.open_request())
    scene.names |= {name: match.public_id for name, match in made.items()}


async def _nothing_is_owed() -> bool:
    return not await jobs.Outbox.filter(done_at=None, next_at__lte=NOW).exists()
