"""Questions on offers, who may ask, and who reads the answers."""

import pytest

from concord.actor import PUBLIC, Actor
from concord.errors import Conflict, NotAllowed, NotFound
from concord.offers.actions import answer_clarification, ask_clarification
from concord.offers.models import Offer
from concord.offers.queries import view_of
from concord.offers.values import Answer, Question
from tests.conftest import NOW
from tests.factories import offers, people
from tests.offers.reading import audited, told, waiting

pytestmark = pytest.mark.usefixtures("database")
QUESTION = Question(text="Le cours existe-t-il en arabe ?", language="fr")


async def questions_seen(actor: Actor, offer: Offer) -> list[tuple[str, str | None]]:
    view = await view_of(actor, offer)
    return [(one.question, one.asked_by) for one in view.clarifications]


async def test_state_asks_and_the_provider_does_not_learn_who() -> None:
    place = await people.provider()
    admin, asker = await people.partner_admin(place), await people.focal_point()
    offer = await offers.published(place)

    asked = await ask_clarification(offer, QUESTION, actor=asker, now=NOW)

    assert await told() == {("clarification_asked_of_provider", admin.person_id)}
    assert await waiting(offer) == {
        ("answer_offer_clarification", "partner_admin,partner_member", place.id)
    }
    assert await questions_seen(admin, offer) == [(QUESTION.text, None)]
    assert await questions_seen(asker, offer) == [(QUESTION.text, asker.organization_name)]
    assert await questions_seen(await people.coordinator(), offer) == [
        (QUESTION.text, asker.organization_name)
    ]
    assert asked.due_at is not None


async def test_others_read_only_what_is_shared() -> None:
    place = await people.provider()
    admin = await people.partner_admin(place)
    offer = await offers.published(place)
    asker, other = await people.focal_point(), await people.focal_point("QNN")
    first = await ask_clarification(offer, QUESTION, actor=asker, now=NOW)
    second = await ask_clarification(offer, Question(text="And in 2028?"), actor=asker, now=NOW)

    await answer_clarification(
        offer, first, Answer(text="نعم", language="ar", shared=True), actor=admin, now=NOW
    )
    assert await waiting(offer) != set()
    await answer_clarification(offer, second, Answer(text="Perhaps"), actor=admin, now=NOW)

    assert await questions_seen(other, offer) == [(QUESTION.text, None)]
    assert await questions_seen(PUBLIC, offer) == [(QUESTION.text, None)]
    assert len(await questions_seen(asker, offer)) == 2
    assert await waiting(offer) == set()
    assert ("clarification_answered", asker.person_id) in await told()
    assert (await audited())[-1] == "offer.answer_clarification"


async def test_an_answer_is_given_once_by_the_provider() -> None:
    place = await people.provider()
    admin = await people.partner_admin(place)
    offer, elsewhere = await offers.published(place), await offers.published(place)
    asked = await ask_clarification(offer, QUESTION, actor=await people.coordinator(), now=NOW)

    with pytest.raises(NotAllowed):
        await answer_clarification(
            offer, asked, Answer(text="?"), actor=await people.partner_admin(), now=NOW
        )
    with pytest.raises(NotFound):
        await answer_clarification(elsewhere, asked, Answer(text="?"), actor=admin, now=NOW)
    await answer_clarification(offer, asked, Answer(text="Yes"), actor=admin, now=NOW)
    with pytest.raises(Conflict):
        await answer_clarification(offer, asked, Answer(text="No"), actor=admin, now=NOW)


async def test_providers_do_not_ask_each_other() -> None:
    with pytest.raises(NotAllowed):
        await ask_clarification(
            await offers.published(), QUESTION, actor=await people.partner_admin(), now=NOW
        )
