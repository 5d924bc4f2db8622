"""The pages of organizations, as each role sees and uses them."""

import re
from datetime import timedelta

import pytest
from starlette.applications import Starlette

from concord.accounts.models import Membership
from concord.actor import Role
from concord.organizations import actions
from concord.organizations.models import Attachment, Organization
from concord.organizations.states import OrganizationKind, Verification
from tests.conftest import NOW, Client, SignIn
from tests.counting import counted_queries
from tests.factories import people
from tests.factories.organizations import PDF, registered

pytestmark = pytest.mark.usefixtures("database")
NOBODY = "/organizations/ORG-0000-00"
FILE = {"file": ("note verbale.pdf", PDF, "application/pdf")}
REGISTRATION = {
    "kind": "academia",
    "name": "Illustrative Academy",
    "state": "QMM",
    "person_name": "New Administrator",
    "email": "new@example.org",
    "truthful": "yes",
}


async def officer(sign_in: SignIn) -> Client:
    return await sign_in(await people.member(Role.DUE_DILIGENCE))


def at(organization: Organization, *parts: str) -> str:
    return "/".join(("/organizations", organization.public_id, *parts))


async def test_registration_answers_the_same_for_known_and_unknown(client: Client) -> None:
    known = await people.member(Role.PARTNER_ADMIN, await people.provider("Known Academy"))
    await known.fetch_related("person")
    answers = []
    for email, name in (
        ("new@example.org", "Illustrative Academy"),
        ("new@example.org", "Illustrative Academy"),
        (known.person.email, "Another Academy"),
        ("other@example.org", "Known Academy"),
    ):
        sent = REGISTRATION | {"email": email, "name": name}
        answer = await client.post("/organizations/register", data=sent)
        answers.append((answer.status_code, answer.headers["location"], answer.text))

    assert set(answers) == {(303, "/organizations/register/done", "")}
    names = await Organization.filter(kind="academia").order_by("name").values_list("name")
    assert names == [("Illustrative Academy",), ("Known Academy",), ("Known Academy",)]
    thanks = await client.get("/organizations/register/done")
    assert "We have received what you entered." in thanks.text


async def test_registration_keeps_what_was_typed(client: Client) -> None:
    sent = REGISTRATION | {
        "name": "a\u202eb",
        "email": "nobody",
        "website": "javascript:alert(1)",
        "description": "<b>Kept</b>",
        "kind": "secretariat",
        "truthful": "",
    }
    answer = await client.post("/organizations/register", data=sent)

    assert answer.status_code == 422
    assert set(re.findall(r'id="error-(\w+)"', answer.text)) == {
        "kind",
        "name",
        "email",
        "website",
        "truthful",
    }
    assert "&lt;b&gt;Kept&lt;/b&gt;" in answer.text
    assert await Organization.all().count() == 0


async def test_registration_is_limited_by_address(client: Client) -> None:
    statuses = []
    for number in range(35):
        sent = REGISTRATION | {"email": f"n{number}@example.org"}
        statuses.append((await client.post("/organizations/register", data=sent)).status_code)

    assert 429 in statuses


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
    plain = [re.sub(r"[\w-]{20,}|ORG-[\w-]+", "", page.text) for page in pages]
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


async def test_a_profile_is_edited_and_a_stale_form_loses_nothing(sign_in: SignIn) -> None:
    provider = await people.provider("Old Name")
    browser = await sign_in(await people.member(Role.PARTNER_ADMIN, provider))
    sent = {"name": "New Name", "description": "What we do", "version": "1"}
    saved = await browser.post(at(provider, "profile"), data=sent)
    assert (saved.status_code, saved.headers["location"]) == (303, at(provider))

    stale = await browser.post(at(provider, "profile"), data=sent | {"name": "Typed Name"})
    assert stale.status_code == 409
    assert "Typed Name" in stale.text
    assert "New Name" in stale.text
    assert 'name="version" value="2"' in stale.text
    wrong = await browser.post(at(provider, "profile"), data={"name": "", "version": "2"})
    assert (wrong.status_code, "Error:" in wrong.text) == (422, True)


async def test_an_officer_screens_and_verifies_in_the_browser(sign_in: SignIn) -> None:
    made = await registered()
    browser = await officer(sign_in)
    queue = await browser.get("/organizations/screenings")
    assert "Illustrative Academy" in queue.text
    opened = await browser.post(at(made, "screening"), data={})
    assert opened.headers["location"] == at(made, "review")
    typed = {"existence_finding": "concern", "sanctions_result": "hit", "version": "1"}
    wrong = await browser.post(at(made, "review"), data=typed)
    assert set(re.findall(r'id="error-(\w+)"', wrong.text)) == {
        "existence_note",
        "sanctions_on",
        "sanctions_note",
    }
    codes = ("existence", "ownership", "integrity", "interests", "safeguards")
    answers = {f"{code}_finding": "satisfactory" for code in codes}
    early = await browser.post(
        at(made, "decision"), data={"decision": "verified", "note": "In order"}
    )
    assert (early.status_code, "Answer all five questions first." in early.text) == (409, True)
    screened = {"sanctions_on": "2027-01-11", "sanctions_result": "no_hit", "version": "1"}
    saved = await browser.post(at(made, "review"), data=answers | screened)
    assert saved.status_code == 303
    stale = await browser.post(at(made, "review"), data=answers | screened)
    assert stale.status_code == 409
    decided = await browser.post(
        at(made, "decision"), data={"decision": "verified", "note": "In order"}
    )
    assert decided.headers["location"] == at(made)
    assert "Valid until 11 Jan 2030." in (await browser.get(at(made))).text


async def test_documents_are_uploaded_by_both_sides_and_kept_apart(sign_in: SignIn) -> None:
    provider = await people.provider()
    admin = await sign_in(await people.member(Role.PARTNER_ADMIN, provider))
    reviewer = await officer(sign_in)
    for browser in (admin, reviewer):
        sent = await browser.post(at(provider, "documents"), files=FILE, data={})
        assert sent.headers["location"] == at(provider)
    own, inside = await Attachment.all().order_by("secretariat_only")

    assert str(own.id) in (await admin.get(at(provider))).text
    assert str(inside.id) not in (await admin.get(at(provider))).text
    assert str(inside.id) in (await reviewer.get(at(provider))).text
    refused = await admin.post(
        at(provider, "documents"), files={"file": ("a.pdf", b"<html>", "application/pdf")}, data={}
    )
    assert (refused.status_code, 'id="error-file"' in refused.text) == (422, True)
    missing = await admin.post(at(provider, "documents"), data={})
    assert (missing.status_code, "Choose a file." in missing.text) == (422, True)


async def test_a_download_is_no_page_and_unseen_files_do_not_exist(sign_in: SignIn) -> None:
    provider = await people.provider()
    admin = await sign_in(await people.member(Role.PARTNER_ADMIN, provider))
    named = {"file": ('évil"\r\nx: y;.pdf', PDF, "text/html")}
    await admin.post(at(provider, "documents"), files=named, data={})
    kept = await Attachment.all().get()
    answer = await admin.get(f"/attachments/{kept.id}")

    assert answer.content == PDF
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["content-disposition"].startswith('attachment; filename="')
    assert "x" not in answer.headers
    strangers = [
        await sign_in(await people.member(Role.PARTNER_ADMIN, await people.provider())),
        await sign_in(
            await people.member(Role.FOCAL_POINT, await people.organization(state="QMM"))
        ),
        await sign_in(await people.member(Role.AUDITOR)),
    ]
    for browser in strangers:
        pages = [
            await browser.get(f"/attachments/{name}")
            for name in (kept.id, "00000000-0000-0000-0000-000000000000", "x")
        ]
        assert {page.status_code for page in pages} == {404}
        assert (
            len({re.sub(r"attachments/[\w-]+|[\w-]{16,}", "", page.text) for page in pages}) == 1
        )


async def test_a_file_over_ten_megabytes_is_refused(sign_in: SignIn) -> None:
    provider = await people.provider()
    admin = await sign_in(await people.member(Role.PARTNER_ADMIN, provider))
    large = PDF + b"0" * (11 * 1024 * 1024)
    answer = await admin.post(
        at(provider, "documents"), files={"file": ("a.pdf", large, "application/pdf")}, data={}
    )

    assert (answer.status_code, "larger than 10 MB" in answer.text) == (422, True)


async def test_an_administrator_enters_a_state_authority(sign_in: SignIn) -> None:
    browser = await sign_in(await people.member(Role.ADMIN))
    wrong = await browser.post(
        "/organizations/new", data={"kind": "state_authority", "name": "Office"}
    )
    assert (wrong.status_code, "Choose the State." in wrong.text) == (422, True)
    made = await browser.post(
        "/organizations/new", data={"kind": "state_authority", "name": "Office", "state": "QMM"}
    )
    entered = await Organization.get(name="Office")
    assert made.headers["location"] == at(entered)
    assert (await browser.get(at(entered))).status_code == 200
    other = await sign_in(await people.member(Role.COORDINATOR))
    assert (await other.get("/organizations/new")).status_code == 403
    answer = await other.post("/organizations/new", data={"kind": "academia", "name": "X"})
    assert answer.status_code == 403


async def test_nomination_and_accreditation_in_the_browser(sign_in: SignIn) -> None:
    office = await people.organization(state="QMM")
    browser = await sign_in(await people.member(Role.COORDINATOR, states=("QMM",)))
    wrong = await browser.post(at(office, "people"), data={"name": "Kept Name", "role": "admin"})
    assert (wrong.status_code, "Kept Name" in wrong.text) == (422, True)
    sent = {"name": "Nominee", "email": "n@example.org", "role": "focal_point", "locale": "fr"}
    assert (await browser.post(at(office, "people"), data=sent)).status_code == 303
    seat = await Membership.get(role="focal_point")
    address = at(office, "people", str(seat.id), "accreditation")
    assert "Nominee" in (await browser.get(address)).text
    note = {"note_reference": "NV/1", "note_date": "2027-01-12"}
    future = await browser.post(address, data=note, files=FILE)
    assert (future.status_code, "This date is in the future." in future.text) == (422, True)
    missing = await browser.post(address, data=note | {"note_date": "2027-01-11"})
    assert (missing.status_code, "Attach the note verbale." in missing.text) == (422, True)
    done = await browser.post(address, data=note | {"note_date": "2027-01-11"}, files=FILE)
    assert done.headers["location"] == at(office)
    page = await browser.get(at(office))
    assert "Accredited" in page.text
    assert "NV/1" in page.text
    again = await browser.post(address, data=note | {"note_date": "2027-01-11"}, files=FILE)
    assert again.status_code == 409
    ended = await browser.post(
        at(office, "people", str(seat.id), "end"), data={"reason": "Another post"}
    )
    assert ended.headers["location"] == at(office)


async def test_a_membership_elsewhere_is_not_reached_through_this_office(
    sign_in: SignIn,
) -> None:
    office, other = await people.organization(), await people.organization(state="QNN")
    seat = await people.member(Role.FOCAL_POINT, other, accreditation="nominated")
    browser = await sign_in(await people.member(Role.COORDINATOR))

    for name in (str(seat.id), "x"):
        address = at(office, "people", name, "accreditation")
        assert (await browser.get(address)).status_code == 404
        assert (await browser.post(address, data={})).status_code == 404


async def test_the_public_signs_in_first(client: Client) -> None:
    for address in ("/organizations", "/acts-on-behalf", "/admin/code-lists", "/attachments/x"):
        answer = await client.get(address)
        assert (answer.status_code, answer.headers["location"]) == (
            303,
            f"/sign-in?next={address}",
        )


async def test_a_provider_is_reminded_on_its_page(sign_in: SignIn, app: Starlette) -> None:
    provider = await people.provider()
    provider.verification = Verification.EXPIRED
    provider.verified_until = NOW - timedelta(days=1)
    await provider.save()
    browser = await sign_in(await people.member(Role.PARTNER_ADMIN, provider))
    page = await browser.get(at(provider))

    assert "The verification has run out" in page.text
    assert "Apply again" in page.text
    applied = await browser.post(at(provider, "screening"), data={})
    assert applied.headers["location"] == at(provider)
