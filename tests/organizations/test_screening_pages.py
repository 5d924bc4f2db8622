"""Screening, documents and downloads, in the browser."""

import re
from datetime import timedelta

import pytest

from concord.actor import Role
from concord.organizations.models import Attachment, Organization
from concord.organizations.states import Verification
from tests.conftest import NOW, Client, SignIn
from tests.factories import people
from tests.factories.organizations import PDF, registered

pytestmark = pytest.mark.usefixtures("database")
FILE = {"file": ("note verbale.pdf", PDF, "application/pdf")}


async def officer(sign_in: SignIn) -> Client:
    return await sign_in(await people.member(Role.DUE_DILIGENCE))


def at(organization: Organization, *parts: str) -> str:
    return "/".join(("/organizations", organization.public_id, *parts))


async def test_an_officer_screens_and_verifies_in_the_browser(sign_in: SignIn) -> None:
    made = await registered()
    browser = await officer(sign_in)
    queue = await browser.get("/organizations/screenings")
    assert "Illustrative Academy" in queue.text
    not_yet = await browser.get(at(made, "review"))
    assert (not_yet.status_code, not_yet.headers["location"]) == (303, at(made))
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
            len({re.sub(r"attachments/[\w-]+|[\w.-]{16,}", "", page.text) for page in pages}) == 1
        )


async def test_a_file_over_ten_megabytes_is_refused(sign_in: SignIn) -> None:
    provider = await people.provider()
    admin = await sign_in(await people.member(Role.PARTNER_ADMIN, provider))
    large = PDF + b"0" * (11 * 1024 * 1024)
    answer = await admin.post(
        at(provider, "documents"), files={"file": ("a.pdf", large, "application/pdf")}, data={}
    )

    assert (answer.status_code, "larger than 10 MB" in answer.text) == (422, True)


async def test_a_provider_is_reminded_on_its_page(sign_in: SignIn) -> None:
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
