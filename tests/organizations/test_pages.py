"""The list and the page of organizations, as each role sees them."""

import re

import pytest

from concord.actor import Role
from concord.organizations import actions
from concord.organizations.models import Organization
from concord.organizations.states import OrganizationKind, Verification
from tests.conftest import NOW, SignIn
from tests.counting import counted_queries
from tests.factories import people
from tests.factories.organizations import registered

pytestmark = pytest.mark.usefixtures("database")
NOBODY = "/organizations/ORG-0000-00"


def at(organization: Organization, *parts: str) -> str:
    return "/".join(("/organizations", organization.public_id, *parts))


async def test_a_list_holds_what_its_reader_may_see(sign_in: SignIn) -> None:
    verified = await people.provider("Verified Academy")
    await people.organization(
        OrganizationKind.ACADEMIA,
        state=None,
        name="New Academy",
        verification=Verification.REGISTERED,
    )
    await people.organization(state="QMM", name="Office of QM")
    await people.organization(state="QNN", name="Office of QN")
    seen = {
        Role.COORDINATOR: {"Verified Academy", "New Academy", "Office of QM", "Office of QN"},
        Role.ADMIN: {"Verified Academy", "New Academy", "Office of QM", "Office of QN"},
        Role.PARTNER_MEMBER: {"Verified Academy"},
        Role.OBSERVER: {"Verified Academy", "Office of QM"},
    }
    for role, names in seen.items():
        place = {
            Role.PARTNER_MEMBER: verified,
            Role.OBSERVER: await Organization.get(name="Office of QM"),
        }.get(role)
        browser = await sign_in(await people.member(role, place))
        text = (await browser.get("/organizations")).text
        table = (await browser.get("/organizations?format=csv")).text

        shown = {name for name in seen[Role.ADMIN] if name in text}
        assert shown == names
        assert {name for name in seen[Role.ADMIN] if name in table} == names


async def test_a_list_is_filtered_sorted_and_paged(sign_in: SignIn) -> None:
    for number in range(30):
        await people.provider(f"Academy {number:02}")
    await people.provider("=HYPERLINK()", kind=OrganizationKind.PRIVATE_SECTOR)
    browser = await sign_in(await people.member(Role.COORDINATOR))

    def names(text: str) -> list[str]:
        return re.findall(r"Academy \d\d", text)

    descending = await browser.get("/organizations?kind=academia&sort=-name&page=2")
    assert names(descending.text) == [f"Academy {number:02}" for number in (4, 3, 2, 1, 0)]
    assert names((await browser.get("/organizations?q=academy+07")).text) == ["Academy 07"]
    assert "'=HYPERLINK()" in (await browser.get("/organizations?format=csv")).text
    nonsense = await browser.get("/organizations?kind=x&state=%00&sort=password&page=-1&q=%00")
    assert nonsense.status_code == 200
    empty = await browser.get("/organizations?q=zzz")
    assert "No organization fits" in empty.text


@pytest.mark.parametrize("rows", [1, 3])
async def test_a_list_costs_three_queries(sign_in: SignIn, rows: int) -> None:
    for _ in range(rows):
        await people.provider()
    browser = await sign_in(await people.member(Role.COORDINATOR))
    await browser.get("/organizations")
    with counted_queries() as queries:
        await browser.get("/organizations")

    assert len(queries) == 3


async def test_pages_of_one_organization_cost_at_most_six_queries(sign_in: SignIn) -> None:
    made = await registered()
    reviewer = await people.member(Role.DUE_DILIGENCE)
    acting = await people.actor(reviewer)
    await actions.open_screening(made, actor=acting, now=NOW)
    office = await people.organization(state="QMM")
    for _ in range(3):
        await people.member(Role.DRAFTER, office)
    coordinator = await sign_in(await people.member(Role.COORDINATOR))
    expected = {at(made): (await sign_in(reviewer), 6), at(office): (coordinator, 3)}
    for address, (browser, most) in expected.items():
        await browser.get(address)
        with counted_queries() as queries:
            assert (await browser.get(address)).status_code == 200
        assert len(queries) == most


async def test_an_unseen_organization_is_like_an_unknown_one(sign_in: SignIn) -> None:
    unseen = await people.organization(
        OrganizationKind.ACADEMIA, state=None, verification=Verification.REGISTERED
    )
    browser = await sign_in(await people.member(Role.PARTNER_ADMIN, await people.provider()))
    pages = [await browser.get(address) for address in (at(unseen), NOBODY)]

    assert [page.status_code for page in pages] == [404, 404]
    plain = [re.sub(r"[\w.-]{16,}|ORG-[\w-]+", "", page.text) for page in pages]
    assert plain[0] == plain[1]
    for path in ("profile", "review", "suspension", "people/new"):
        assert (await browser.get(at(unseen, path))).status_code == 404
    for path in ("screening", "decision", "documents", "people", "recognition"):
        assert (await browser.post(at(unseen, path), data={})).status_code == 404


async def test_a_state_reads_the_public_profile_alone(sign_in: SignIn) -> None:
    provider = await people.provider("Verified Academy")
    await people.member(Role.PARTNER_ADMIN, provider)
    await actions.mark_suspended(
        provider,
        reason="CANARY",
        actor=await people.actor(await people.member(Role.DUE_DILIGENCE)),
        now=NOW,
    )
    await actions.reinstate(
        provider,
        reason="CANARY",
        actor=await people.actor(await people.member(Role.DUE_DILIGENCE)),
        now=NOW,
    )
    browser = await sign_in(
        await people.member(Role.FOCAL_POINT, await people.organization(state="QMM"))
    )
    page = await browser.get(at(provider))

    assert page.status_code == 200
    assert "Verified Academy" in page.text
    for hidden in ("CANARY", "@example.org", "Due diligence", "Documents", "Suspend"):
        assert hidden not in page.text
