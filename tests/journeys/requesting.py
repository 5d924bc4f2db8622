"""The request's way, from a blank page to open, as the State and the coordinator walk it."""

from playwright.async_api import expect

from tests.browser.watching import Tab
from tests.factories.requests import DESCRIPTION
from tests.journeys.hand import Hand

OUTCOME = "Twenty officers follow one procedure for seizing devices, year after year."
CIRCULATED = "A State of the region seeks a course for first responders."
SUMMARY = "Training in digital evidence is sought."


async def draft(focal_point: Hand, title: str, *, unwanted: str) -> str:
    """Write it page by page; returns the public id."""
    page = focal_point.page
    await focal_point.tab.open("/requests")
    await focal_point.follow("New request")
    await focal_point.fill("Title", title)
    await focal_point.press("Save and continue")
    public_id = page.url.split("/")[-2]
    await focal_point.follow("What is needed")
    await focal_point.fill("What is needed", DESCRIPTION)
    await focal_point.press("Save and continue")
    await _item(focal_point)
    await focal_point.fill("Expected outcome", OUTCOME)
    await focal_point.fill("What exists already", "A two-hour introductory module.")
    await focal_point.press("Save and continue")
    await focal_point.fill("From", "2027-03-01")
    await focal_point.fill("Until", "2027-11-30")
    await focal_point.tick("English")
    await focal_point.press("Save and continue")
    await focal_point.tick("Public")
    await focal_point.tick(unwanted)
    await focal_point.press("Save and continue")
    await focal_point.press("Save and continue")  # no other State takes part
    await expect(page).to_have_url(f"{focal_point.tab.watch.origin}/requests/{public_id}/draft")
    return public_id


async def _item(focal_point: Hand) -> None:
    await focal_point.follow("Add the first")
    await focal_point.choose("Topic", "First responders")
    await focal_point.choose("Form of assistance", "Training course")
    await focal_point.fill("Institution", "National Police")
    await focal_point.page.get_by_label("Kind of institution").select_option(
        label="Police and other investigators"
    )
    await focal_point.fill("Quantity", "20")
    await focal_point.choose("Unit", "training places")
    await focal_point.press("Save")
    await focal_point.follow("Continue")


async def meet_an_older_form(focal_point: Hand, public_id: str) -> None:
    """Two tabs on one page: the second to save sees both versions, and keeps what it typed."""
    path = f"/requests/{public_id}/draft/outcome"
    other = Tab(await focal_point.page.context.new_page(), focal_point.tab.watch)
    second = Hand(other, focal_point.account, focal_point.javascript)
    await focal_point.tab.open(path)
    await second.tab.open(path)
    await focal_point.fill("What exists already", "A module that was saved first.")
    await focal_point.press("Save and continue")
    await second.fill("What exists already", "A module that was typed meanwhile.")
    with second.tab.expecting(409):
        await second.press("Save and continue")
    await second.reads("A module that was saved first.", "A module that was typed meanwhile.")
    await expect(second.page.get_by_label("What exists already", exact=True)).to_have_value(
        "A module that was typed meanwhile."
    )
    await second.press("Save and continue")
    await other.page.close()


async def submit(focal_point: Hand, public_id: str) -> None:
    await focal_point.tab.open(f"/requests/{public_id}/draft")
    await focal_point.follow("Check your answers")
    await focal_point.reads(OUTCOME, "A module that was typed meanwhile.")
    await focal_point.press("Submit the request", twice=True)
    await focal_point.reads("The request is submitted.")


async def review(coordinator: Hand, public_id: str) -> None:
    """From what waits on the first page to both texts."""
    await coordinator.tab.open("/")
    await coordinator.follow(public_id)
    await coordinator.follow("Review")
    await coordinator.fill("Text for verified providers", CIRCULATED)
    await coordinator.fill("Public summary", SUMMARY)
    await coordinator.press("Accept")


async def agree(focal_point: Hand, public_id: str) -> None:
    """The State reads both exact texts, circulates the first, and publishes nothing."""
    await focal_point.tab.open("/")
    await focal_point.follow(public_id)
    await focal_point.tab.open(f"/requests/{public_id}/no-objection")
    await focal_point.reads(CIRCULATED, SUMMARY)
    await focal_point.tick("Circulate the first text")
    await focal_point.press("Send")
