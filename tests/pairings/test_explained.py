"""Why an offer is not here, and which sentences say the same, on the coordinator's page."""

import pytest

from concord.actor import Role
from concord.pairings import wording
from concord.pairings.models import Pairing
from concord.reference.queries import code_lists
from concord.web.i18n import use_locale
from tests.conftest import Client, SignIn
from tests.factories import offers, people, requests
from tests.factories.rankings import ranked


@pytest.mark.parametrize(
    ("locale", "languages"),
    [("ar", "الفرنسية والإسبانية والعربية"), ("zh", "法语、西班牙语和阿拉伯语")],
)
async def test_names_are_never_joined_as_in_english(
    database: None, locale: str, languages: str
) -> None:
    lists = await code_lists()
    said = {"offered": ["fr", "es", "ar"], "asked": ["en", "ru"]}
    named = {"modalities": ["workshop", "training_course"]}
    with use_locale(locale):
        assert languages in wording.gate("language", said, lists)
        words = [
            wording.gate("eligible_country", {"regions": ["Africa", "Asia"]}, lists),
            wording.reason("modality", named, lists),
            wording.reason("equity", {"groups": ["ldc", "lldc"]}, lists),
        ]
    assert not any(", " in each for each in words)


async def coordinator(sign_in: SignIn) -> Client:
    return await sign_in(await people.member(Role.COORDINATOR))


async def test_an_offer_that_is_not_on_the_market_says_so(sign_in: SignIn) -> None:
    gone = await offers.expired()
    opened = await requests.open_request()
    await ranked(opened)
    new = await offers.published()
    browser = await coordinator(sign_in)
    address = f"/requests/{opened.public_id}/pairings?offer="
    assert "It is not published at present" in (await browser.get(address + gone.public_id)).text
    assert "not among the best 50" in (await browser.get(address + new.public_id)).text


async def test_the_closest_sentences_stand_in_their_languages(sign_in: SignIn) -> None:
    made = await offers.published(language="fr")
    opened = await requests.open_request()
    await ranked(opened)
    pair = await Pairing.get(offer_id=made.id)
    closest = {"mark": "", "request": "Officers seize telephones.", "offer": "Saisie <b>."}
    await Pairing.filter(id=pair.id).update(explanation=pair.explanation | {"closest": closest})
    page = (await (await coordinator(sign_in)).get("/workbench")).text
    assert "The closest sentences:" in page
    assert "Officers seize telephones." in page
    assert "Saisie &lt;b&gt;." in page
