"""Search finds what its reader may read, by the words that the reader may read."""

import pytest

from concord.actor import Role
from concord.organizations.states import OrganizationKind, Verification
from concord.requests.states import Confidentiality
from tests.conftest import NOW, Client, SignIn
from tests.counting import counted_queries
from tests.factories import matches, offers, people, requests

PROVIDER = OrganizationKind.ACADEMIA


async def found_by(browser: Client, text: str) -> str:
    page = await browser.get("/search", params={"q": text})
    assert page.status_code == 200
    results = page.text.partition('aria-label="Results"')[2]
    return results.partition("</ol>")[0]


async def partner(sign_in: SignIn) -> Client:
    place = await people.provider("Searching Institute")
    return await sign_in(await people.member(Role.PARTNER_ADMIN, place))


async def test_a_provider_finds_requests_by_what_is_circulated_alone(sign_in: SignIn) -> None:
    made = await requests.open_request(
        title="Canarytitle",
        description="Canarydescription",
        outcome="Canaryoutcome",
        existing="Canaryexisting",
        circulation_text="A State seeks help with ransomware.",
    )
    browser = await partner(sign_in)
    assert made.public_id in await found_by(browser, "ransomware SEEKS")
    assert made.public_id in await found_by(browser, made.public_id.lower())
    for hidden in ("Canarytitle", "Canarydescription", "Canaryoutcome", "Canaryexisting", "QMM"):
        assert await found_by(browser, hidden) == ""
    assert "Canary" not in await found_by(browser, "ransomware")


@pytest.mark.parametrize("kind", [Confidentiality.RESTRICTED, Confidentiality.SEALED])
async def test_what_is_not_circulated_is_found_by_no_provider(
    sign_in: SignIn, kind: Confidentiality
) -> None:
    made = await requests.open_request(confidentiality=kind, title="Canary matter")
    browser = await partner(sign_in)
    for text in ("Canary", made.public_id):
        assert await found_by(browser, text) == ""


async def test_an_excluded_or_unverified_provider_finds_nothing(sign_in: SignIn) -> None:
    excluded = await people.provider()
    unverified = await people.organization(
        PROVIDER, state=None, verification=Verification.SCREENING
    )
    made = await requests.open_request(excluded=[excluded])
    for place in (excluded, unverified):
        browser = await sign_in(await people.member(Role.PARTNER_ADMIN, place))
        assert await found_by(browser, "digital evidence") == ""
        assert await found_by(browser, made.public_id) == ""


async def test_a_state_finds_its_own_requests(sign_in: SignIn) -> None:
    mine = await requests.draft("QMM", title="Seizure of devices")
    await requests.open_request("QNN", title="Seizure of the canary")
    place = await people.organization(state="QMM")
    browser = await sign_in(await people.member(Role.FOCAL_POINT, place))
    shown = await found_by(browser, "seizure")
    assert mine.public_id in shown
    assert "canary" not in shown


async def test_sealed_requests_are_found_by_those_named_alone(sign_in: SignIn) -> None:
    named, other = await people.member(Role.COORDINATOR), await people.member(Role.COORDINATOR)
    made = await requests.open_request(
        confidentiality=Confidentiality.SEALED,
        coordinators=[named.person_id],
        title="Canary of a sealed one",
    )
    assert made.public_id in await found_by(await sign_in(named), "canary")
    for text in ("canary", made.public_id):
        assert await found_by(await sign_in(other), text) == ""


async def test_an_auditor_finds_numbers_not_texts(sign_in: SignIn) -> None:
    made = await requests.open_request(title="Canary title")
    browser = await sign_in(await people.member(Role.AUDITOR))
    assert await found_by(browser, "canary") == ""
    shown = await found_by(browser, made.public_id)
    assert made.public_id in shown
    assert "Canary" not in shown


async def test_the_public_finds_what_is_published(client: Client) -> None:
    offer = await offers.published(title="Course on evidence")
    await offers.submitted(title="Course that is a canary")
    await offers.published(title="Course directed to a canary", directed="QMM")
    shown = await found_by(client, "course")
    assert offer.public_id in shown
    assert "canary" not in shown


async def test_the_public_finds_summaries_by_their_own_words(client: Client) -> None:
    agreed, silent = [
        await requests.open_request(
            confidentiality=Confidentiality.PUBLIC,
            publish_agreed_at=agreed_at,
            public_summary="Training in digital evidence is sought.",
            title="Canary title",
            circulation_text="Canary circulated",
        )
        for agreed_at in (NOW, None)
    ]
    shown = await found_by(client, "digital evidence")
    assert f'href="/summaries/{agreed.public_id}"' in shown
    assert silent.public_id not in shown
    assert await found_by(client, "canary") == ""
    assert "Canary" not in shown


async def test_organizations_are_found_by_those_who_see_them(
    client: Client, sign_in: SignIn
) -> None:
    place = await people.provider("Institute of the Nightingale")
    coordinator = await sign_in(await people.member(Role.COORDINATOR))
    assert place.public_id in await found_by(coordinator, "nightingale")
    assert await found_by(client, "nightingale") == ""
    assert await found_by(await partner(sign_in), "nightingale") == ""


async def test_a_match_is_found_by_its_number_once_one_is_asked(sign_in: SignIn) -> None:
    players = await matches.cast()
    made = await matches.proposed(players)
    coordinator = await sign_in(await people.member(Role.COORDINATOR, states=("QMM",)))
    assert f"/matches/{made.public_id}" in await found_by(coordinator, made.public_id)
    provider = await sign_in(await people.member(Role.PARTNER_ADMIN, players.provider))
    assert await found_by(provider, made.public_id) == ""  # not asked before the State consents


@pytest.mark.parametrize("role", list(Role))
async def test_every_role_may_search(sign_in: SignIn, role: Role) -> None:
    await requests.open_request()
    await offers.published()
    unodc = role in {
        Role.COORDINATOR,
        Role.APPROVER,
        Role.DUE_DILIGENCE,
        Role.AUDITOR,
        Role.ADMIN,
    }
    place = None if unodc else await people.organization()
    browser = await sign_in(await people.member(role, place))
    assert (await browser.get("/search?q=evidence")).status_code == 200


@pytest.mark.parametrize(
    "hostile",
    [
        "%",
        "_",
        "\\",
        "\0",
        "digital\0evidence",
        "x" * 10_000,
        " ".join(str(n) for n in range(5000)),
        "\u202edigital",
        "قرصنة",
        "'; DROP TABLE request; --",
        '<script>alert("x")</script>',
    ],
)
async def test_hostile_input_finds_nothing_and_breaks_nothing(
    sign_in: SignIn, hostile: str
) -> None:
    await requests.open_request(title="Plain words")
    browser = await sign_in(await people.member(Role.COORDINATOR))
    page = await browser.get("/search", params={"q": hostile})
    assert page.status_code == 200
    assert "Plain words" not in page.text
    assert "<script>alert" not in page.text


async def test_signs_of_like_are_no_wildcards(sign_in: SignIn) -> None:
    made = await requests.open_request(title="Plain 100% words")
    browser = await sign_in(await people.member(Role.COORDINATOR))
    assert made.public_id in await found_by(browser, "100%")
    assert await found_by(browser, "Pl%n") == ""
    assert await found_by(browser, "Pl_in") == ""


async def test_the_number_of_queries_does_not_grow(client: Client, sign_in: SignIn) -> None:
    browsers = [
        await sign_in(await people.member(Role.COORDINATOR)),
        await partner(sign_in),
        client,
    ]
    await client.get("/search?q=warm")  # the code lists are loaded once a process
    counts = []
    for size in (1, 3):
        for _ in range(size):
            await requests.open_request()
            await offers.published()
        for browser in browsers:
            with counted_queries() as queries:
                assert await found_by(browser, "digital evidence")
            counts.append(len(queries))
    assert counts[:3] == counts[3:] == [5, 7, 4]
