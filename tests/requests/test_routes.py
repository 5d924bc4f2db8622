"""Pages and commands of requests over HTTP: what each role reads and what a form does."""

import pytest

from concord.actor import Role
from concord.requests.models import Clarification, Request, RequestReading
from concord.requests.states import Confidentiality, RequestState
from tests.conftest import NOW, Client, SignIn
from tests.factories import requests as make
from tests.factories.people import member, organization, provider

pytestmark = pytest.mark.usefixtures("database")
C = Confidentiality
S = RequestState


async def focal(sign_in: SignIn, state: str = "QMM") -> Client:
    return await sign_in(await member(Role.FOCAL_POINT, await organization(state=state)))


async def version_of(request: Request) -> str:
    return str((await Request.get(id=request.id)).version)


async def test_a_focal_point_writes_a_request_page_by_page_and_submits_it(
    sign_in: SignIn,
) -> None:
    browser = await focal(sign_in)
    begun = await browser.post("/requests/new", data={"title": "Formation", "language": "fr"})
    base = begun.headers["location"]
    request = await Request.get(title="Formation")
    assert (begun.status_code, base) == (303, f"/requests/{request.public_id}/draft")

    pages: list[tuple[str, dict[str, str | list[str]]]] = [
        ("need", {"title": "Formation", "description": make.DESCRIPTION, "language": "fr"}),
        (
            "items/new",
            {
                "topic": "INV.02",
                "modality": "training_course",
                "institution": "National Police of QM",
                "quantity": "40",
                "unit": "training_places",
            },
        ),
        (
            "outcome",
            {"outcome": make.complete_values().outcome, "existing": "Nothing yet at all."},
        ),
        (
            "timing",
            {
                "starts_on": "2027-03-01",
                "ends_on": "2027-11-30",
                "working_languages": ["fr", "ar"],
                "other_languages": "pt, fa-AF",
            },
        ),
        ("sharing", {"confidentiality": "public"}),
        ("partners", {"co_states": []}),
    ]
    for name, data in pages:
        shown = await browser.get(f"{base}/{name}")
        assert shown.status_code == 200, name
        saved = await browser.post(
            f"{base}/{name}", data={**data, "version": await version_of(request)}
        )
        assert saved.status_code == 303, (name, saved.text)

    listed = await browser.get(base)
    assert "Nothing is missing" in listed.text
    check = await browser.get(f"{base}/check")
    assert "National Police of QM" in check.text
    sent = await browser.post(
        f"/requests/{request.public_id}/submission", data={"version": await version_of(request)}
    )
    assert sent.headers["location"] == f"/requests/{request.public_id}"
    kept = await Request.get(id=request.id)
    assert (kept.state, kept.completeness) == (S.SUBMITTED, 100)
    assert kept.working_languages == ["fr", "ar", "pt", "fa-AF"]


async def test_review_no_objection_and_opening(sign_in: SignIn, client: Client) -> None:
    state, office = await focal(sign_in), await sign_in(await member(Role.COORDINATOR))
    partner = await sign_in(await member(Role.PARTNER_ADMIN, await provider()))
    request = await make.submitted(confidentiality=C.PUBLIC)
    at = f"/requests/{request.public_id}"
    assert (await partner.get(at)).status_code == 404
    page = await office.get(f"{at}/review")
    assert request.title in page.text

    accepted = await office.post(
        f"{at}/review",
        data={
            "decision": "accept",
            "circulation_text": "A State seeks training.",
            "public_summary": "Training is sought.",
            "texts_language": "en",
            "version": "1",
        },
    )
    assert accepted.status_code == 303
    both = await state.get(f"{at}/no-objection")
    assert "A State seeks training." in both.text
    assert "Training is sought." in both.text
    agreed = await state.post(
        f"{at}/no-objection",
        data={"decision": "agree", "publish": "yes", "version": await version_of(request)},
    )
    assert agreed.status_code == 303
    shown = await partner.get(at)
    assert "A State seeks training." in shown.text
    public = await client.get(f"/summaries/{request.public_id}")
    assert public.status_code == 200
    assert "Training is sought." in public.text
    assert "Training is sought." in (await client.get("/summaries")).text

    hidden = await state.post(f"{at}/publication", data={"version": await version_of(request)})
    assert hidden.status_code == 303
    assert (await client.get(f"/summaries/{request.public_id}")).status_code == 404


async def test_objection_makes_it_restricted_and_the_state_may_name_a_provider(
    sign_in: SignIn,
) -> None:
    state, named = await focal(sign_in), await provider("Named Institute")
    partner = await sign_in(await member(Role.PARTNER_ADMIN, named))
    request = await make.in_no_objection()
    at = f"/requests/{request.public_id}"

    await state.post(
        f"{at}/no-objection", data={"decision": "object", "note": "No.", "version": "1"}
    )
    assert (await partner.get(at)).status_code == 404
    assert "Named Institute" in (await state.get(at)).text
    done = await state.post(
        f"{at}/named-providers",
        data={"organization": str(named.id), "version": await version_of(request)},
    )
    assert done.status_code == 303
    assert request.title in (await partner.get(at)).text


async def test_return_and_referral_over_the_review_page(sign_in: SignIn) -> None:
    office, approver = (
        await sign_in(await member(Role.COORDINATOR)),
        await sign_in(await member(Role.APPROVER)),
    )
    back, away = await make.submitted(), await make.submitted()

    bare = await office.post(
        f"/requests/{back.public_id}/review",
        data={"decision": "return", "note": "Typed already", "version": "1"},
    )
    assert bare.status_code == 422
    assert "Typed already" in bare.text
    done = await office.post(
        f"/requests/{back.public_id}/review",
        data={"decision": "return", "reasons": "request_returned.incomplete", "version": "1"},
    )
    assert done.status_code == 303
    await office.post(
        f"/requests/{away.public_id}/review",
        data={"decision": "refer", "reason": "request_referred.operational", "version": "1"},
    )
    assert (await approver.get(f"/requests/{away.public_id}/referral")).status_code == 200
    nameless = await approver.post(
        f"/requests/{away.public_id}/referral", data={"decision": "refer", "version": "2"}
    )
    assert nameless.status_code == 422
    assert "Name the competent body." in nameless.text
    decided = await approver.post(
        f"/requests/{away.public_id}/referral",
        data={"decision": "refer", "body": "The 24/7 contact point", "version": "2"},
    )
    assert decided.status_code == 303
    assert {row.state for row in await Request.all()} == {S.RETURNED, S.REFERRED}
    returned = await (await focal(sign_in)).get(f"/requests/{back.public_id}/draft")
    assert "Details are missing" in returned.text


async def test_a_co_requesting_state_confirms_on_the_page(sign_in: SignIn) -> None:
    second = await focal(sign_in, "QNN")
    request = await make.submitted(co_states=["QNN"])
    await request.parties.all().update(confirmed_at=None)
    at = f"/requests/{request.public_id}"
    assert "Does your State make this request too?" in (await second.get(at)).text

    done = await second.post(f"{at}/confirmation", data={"decision": "confirm", "version": "1"})

    assert done.status_code == 303
    assert "Does your State" not in (await second.get(at)).text


async def test_questions_are_asked_and_answered_on_their_pages(sign_in: SignIn) -> None:
    state = await focal(sign_in)
    at_partner = await provider("Asking Institute")
    partner = await sign_in(await member(Role.PARTNER_ADMIN, at_partner))
    other = await sign_in(await member(Role.PARTNER_ADMIN, await provider()))
    request = await make.open_request()
    at = f"/requests/{request.public_id}"

    empty = await partner.post(f"{at}/clarifications", data={"question": "", "language": "en"})
    assert empty.status_code == 422
    await partner.post(f"{at}/clarifications", data={"question": "How many?", "language": "en"})
    asked = await Clarification.get(request_id=request.id)
    assert "How many?" not in (await other.get(at)).text
    answering = f"{at}/clarifications/{asked.id}/answer"
    assert "How many?" in (await state.get(answering)).text
    assert (await partner.get(answering)).status_code == 403
    done = await state.post(
        answering, data={"answer": "Forty.", "language": "en", "shared": "yes"}
    )
    assert done.status_code == 303
    shown = (await other.get(at)).text
    assert "Forty." in shown
    assert "Asking Institute" not in shown
    again = await state.post(answering, data={"answer": "Fifty.", "language": "en"})
    assert again.status_code == 409
    assert "Fifty." in again.text
    assert "Forty." in again.text


async def test_the_state_reads_who_has_opened_its_request(sign_in: SignIn) -> None:
    state, office = await focal(sign_in), await member(Role.COORDINATOR)
    request = await make.open_request()
    await (await sign_in(office)).get(f"/requests/{request.public_id}")

    page = await state.get(f"/requests/{request.public_id}")

    await office.fetch_related("person")
    assert "UNODC</bdi> · Coordinator" in page.text
    assert office.person.name not in page.text
    assert await RequestReading.filter(request_id=request.id).count() == 1


async def test_auditors_read_that_steps_happened_and_no_text(sign_in: SignIn) -> None:
    auditor = await sign_in(await member(Role.AUDITOR))
    request = await make.open_request(confidentiality=C.SEALED)
    page = await auditor.get(f"/requests/{request.public_id}")

    assert page.status_code == 200
    for secret in (request.title, make.DESCRIPTION[:40], "National Police"):
        assert secret not in page.text
    assert request.title not in (await auditor.get("/requests")).text


@pytest.mark.parametrize("role", [Role.ADMIN, Role.DUE_DILIGENCE, Role.DONOR])
async def test_roles_without_a_part_find_nothing(sign_in: SignIn, role: Role) -> None:
    browser = await sign_in(await member(role))
    request = await make.open_request()

    assert (await browser.get(f"/requests/{request.public_id}")).status_code == 404
    assert request.public_id not in (await browser.get("/requests")).text


async def test_nobody_signed_in_is_sent_to_sign_in(client: Client) -> None:
    request = await make.open_request(confidentiality=C.PUBLIC, public_summary="Sought.")

    for path in ("/requests", f"/requests/{request.public_id}", "/requests/new"):
        assert (await client.get(path)).headers["location"].startswith("/sign-in")
    assert (await client.get(f"/summaries/{request.public_id}")).status_code == 404
    assert "No public requests" in (await client.get("/summaries")).text


async def test_closing_and_following_up(sign_in: SignIn) -> None:
    state = await focal(sign_in)
    request = await make.open_request()
    at = f"/requests/{request.public_id}"
    assert (await state.post(f"{at}/copy")).status_code == 409  # nobody has said how it went
    assert (await state.post(f"{at}/closure", data={"version": "1"})).status_code == 303
    await Request.filter(id=request.id).update(follow_up_asked_at=NOW)

    assert "Was this request met?" in (await state.get(at)).text
    data = {"answer": "no", "note": "Still needed.", "version": "2"}
    assert (await state.post(f"{at}/follow-up", data=data)).status_code == 303
    assert "Take it up again" in (await state.get(at)).text
    copied = await state.post(f"{at}/copy")
    draft = await Request.get(state=S.DRAFT)
    assert copied.headers["location"] == f"/requests/{draft.public_id}/draft"
    assert (draft.follows_id, draft.title) == (request.id, request.title)
    assert (await state.post(f"{at}/copy", data={"idempotency_key": "x"})).status_code == 409
