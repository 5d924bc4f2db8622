"""From the approved match to its evaluation: terms, delivery, confirmation, both sides' word."""

import re
from datetime import date, timedelta

from concord.cli.demo.check.browser import Failed, Page
from concord.cli.demo.check.play import FOCAL_POINT, OTHER_STATE, Play

DELIVERY = re.compile(r"/deliveries/(DLV-[0-9A-Z]{4}-[0-9A-Z]{2})")
TERMS = {
    "purpose": "Twelve prosecutors present digital evidence in court and question it.",
    "activities": "One course of two days, with exercises on invented cases.",
    "place": "Prosecution Service of QV",
    "costs": "The provider pays its trainers; the State pays for rooms and travel.",
    "data_protection": "Lists of participants stay with the State and are not shared.",
    "contacts": "The training section on both sides.",
}
REPORT = {
    "text": "The course took place as planned, with exercises on invented cases.",
    "attendance-0-institution": "Prosecution Service of QV",
    "attendance-0-women": "7",
    "attendance-0-men": "5",
    "output-0-title": "A curriculum that the service repeats by itself",
}


async def agree(play: Play) -> str:
    """One side writes the terms, both agree to the same words."""
    here = f"/matches/{play.match}/terms"
    today = date.today()
    browser = play.people(play.partner)
    page = browser.get(f"{here}/draft")
    last = today + timedelta(days=30)
    browser.submit(page, "/draft", starts_on=today.isoformat(), ends_on=last.isoformat(), **TERMS)
    for email in (play.partner, FOCAL_POINT):
        browser = play.people(email)
        browser.submit(browser.get(here), "/agreement")
    return await play.match_is("agreed")


async def start(play: Play) -> str:
    browser = play.people(play.partner)
    browser.submit(browser.get(f"/matches/{play.match}/start"), "/start")
    return await play.match_is("in_delivery")


async def plan(play: Play) -> str:
    """One delivery for everything that was agreed; other States do not see it."""
    today = date.today().isoformat()
    browser = play.people(play.partner)
    page = browser.get(f"/matches/{play.match}/deliveries/new")
    page = browser.submit(
        page, "/deliveries", title="The course", starts_on=today, ends_on=today, place="Capital"
    )
    play.delivery = _identifier_in(page)
    play.people(OTHER_STATE).get(f"/deliveries/{play.delivery}", status=404)
    return f"{play.delivery}; unseen by another State"


async def report(play: Play) -> str:
    here = f"/deliveries/{play.delivery}"
    browser = play.people(play.partner)
    browser.submit(browser.get(f"{here}/beginning"), "/beginning")
    browser.submit(browser.get(f"{here}/report"), "/report", **REPORT)
    return f"{play.delivery} is reported"


async def confirm(play: Play) -> str:
    """With the State's word the need is met, in whole or in part."""
    browser = play.people(FOCAL_POINT)
    browser.submit(browser.get(f"/deliveries/{play.delivery}/confirmation"), "/confirmation")
    await play.match_is("delivered")
    found = str((await play.facts.request(play.request))["state"])
    if found not in {"partially_met", "met"}:
        raise Failed(f"the request is {found} although a delivery is confirmed")
    return f"delivered; the request is {found}"


async def evaluate(play: Play) -> str:
    for email in (FOCAL_POINT, play.partner):
        browser = play.people(email)
        page = browser.get(f"/matches/{play.match}/evaluation")
        form = page.form("/evaluation")
        typed = {name: "5" for name in form.names if name.startswith("rating-")}
        browser.submit(page, "/evaluation", **typed)
    return await play.match_is("evaluated")


def _identifier_in(page: Page) -> str:
    found = DELIVERY.search(page.path)
    if found is None:
        raise Failed(f"{page.path} is no page of a delivery: {page.heading()}")
    return found.group(1)
