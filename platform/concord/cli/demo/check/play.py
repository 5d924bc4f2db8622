"""The steps of one request from draft to approved match, each by the person whose step it is."""

import asyncio
import re
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from concord.cli.demo.check.browser import Failed, Page
from concord.cli.demo.check.facts import Facts
from concord.cli.demo.check.people import People

FOCAL_POINT = "focal.qv@example.org"
OTHER_STATE = "focal.qo@example.org"
COORDINATOR = "coordinator.two@example.org"
APPROVER = "approver.one@example.org"
AUDITOR = "auditor.one@example.org"
DESCRIPTION = (
    "The Prosecution Service of QV has opened a section for offences committed with computers."
    " Its twelve prosecutors have handled paper files so far. They need a practical course, in"
    " English, on what digital evidence is, how it is obtained and kept, how its authenticity is"
    " shown in court, and how a report of a forensic laboratory is read and questioned. Exercises"
    " should use invented cases and the forms that prosecutors fill in every day."
)
SUMMARY = "Prosecutors of a State ask for a practical course on digital evidence, in English."
SECTIONS: dict[str, dict[str, str]] = {
    "need": {"description": DESCRIPTION},
    "items/new": {
        "topic": "JUS.01",
        "modality": "training_course",
        "institution": "Prosecution Service of QV",
        "beneficiary": "prosecution",
        "quantity": "12",
        "unit": "training_places",
    },
    "outcome": {
        "outcome": "Twelve prosecutors present digital evidence in court and question it.",
        "existing": "Two prosecutors attended a seminar three years ago; nothing else is planned.",
    },
    "sharing": {"confidentiality": "public"},
}
"""What is typed on the pages of the draft, but for the dates."""
PATIENCE = 90.0  # seconds for what the worker does after it was killed
PAUSE = 0.05
IDENTIFIER = re.compile(r"/(?:requests|matches)/((?:REQ|MAT)-[0-9A-Z]{4}-[0-9A-Z]{2})")


@dataclass(slots=True)
class Play:
    """What the steps know of each other; `within` is the time the worker has for pairings."""

    people: People
    facts: Facts
    within: float
    request: str = ""
    match: str = ""
    delivery: str = ""
    partner: str = ""
    ranked_after: float = 0.0
    before: list[dict[str, Any]] = field(default_factory=list)

    async def draft(self) -> str:
        """The focal point writes the request, page by page."""
        browser = self.people(FOCAL_POINT)
        page = browser.get("/requests/new")
        title = "Digital evidence for prosecutors"
        page = browser.submit(page, "/requests/new", title=title, language="en")
        self.request = identifier_in(page)
        first = date.today() + timedelta(days=60)
        for section, typed in SECTIONS.items():
            page = browser.get(f"/requests/{self.request}/draft/{section}")
            browser.submit(page, f"/{section}", **typed)
        page = browser.get(f"/requests/{self.request}/draft/timing")
        browser.submit(
            page,
            "/timing",
            starts_on=first.isoformat(),
            ends_on=(first + timedelta(days=300)).isoformat(),
            working_languages=["en"],
        )
        return self.request

    async def stay_unseen(self) -> str:
        """To another State the draft does not exist."""
        self.people(OTHER_STATE).get(f"/requests/{self.request}", status=404)
        return "404 for another State"

    async def submit(self) -> str:
        browser = self.people(FOCAL_POINT)
        page = browser.get(f"/requests/{self.request}/draft/check")
        browser.submit(page, "/submission")
        return await self._state_is("submitted")

    async def review(self) -> str:
        """The coordinator writes the two texts that the State will see."""
        browser = self.people(COORDINATOR)
        page = browser.get(f"/requests/{self.request}/review")
        browser.submit(
            page, "/review", button="accept", circulation_text=DESCRIPTION, public_summary=SUMMARY
        )
        return await self._state_is("no_objection")

    async def agree(self) -> str:
        """The State agrees to both texts: the request opens, and the worker ranks."""
        browser = self.people(FOCAL_POINT)
        page = browser.get(f"/requests/{self.request}/no-objection")
        browser.submit(page, "/no-objection", decision="agree", publish="yes")
        began = time.monotonic()
        await self._state_is("open")
        await self._until(self._has_pairings, self.within, "no pairing was there")
        self.ranked_after = time.monotonic() - began
        return f"open; pairings after {self.ranked_after:.2f} s"

    async def compare(self) -> str:
        """The coordinator sees the pairings, and answers warnings of duplicates first."""
        browser = self.people(COORDINATOR)
        page = browser.get(f"/requests/{self.request}/pairings")
        answered = 0
        while warnings := page.forms_to("/duplicates/"):
            browser.submit(page, warnings[0], answer="different")
            page = browser.get(f"/requests/{self.request}/pairings")
            answered += 1
        offers = [link for link in page.links(beginning="/offers/OFR-")]
        if not offers:
            raise Failed("the coordinator's page shows no pairing")
        return f"{len(set(offers))} offers shown, {answered} warnings answered"

    async def propose(self) -> str:
        browser = self.people(COORDINATOR)
        page = browser.get(f"/requests/{self.request}/pairings")
        page = browser.submit(page, f"/requests/{self.request}/matches", no_conflict="yes")
        self.match = identifier_in(page)
        self.partner = self.people.administrator_of(
            (await self.facts.match(self.match))["provider"]
        )
        held = await self.facts.lines(self.match)
        if not held or any(line["status"] != "held" for line in held):
            raise Failed(f"the match holds nothing: {held}")
        self.before = held
        self.people(self.partner).get(f"/matches/{self.match}", status=404)
        return f"{self.match}; held, and unseen by the provider"

    async def consent(self) -> str:
        browser = self.people(FOCAL_POINT)
        page = browser.get(f"/matches/{self.match}")
        browser.submit(page, "/consent")
        return await self.match_is("state_consented")

    async def accept(self) -> str:
        browser = self.people(self.partner)
        page = browser.get(f"/matches/{self.match}")
        browser.submit(page, "/acceptance", no_conflict="yes")
        return await self.match_is("partner_accepted")

    async def approve(self) -> str:
        """With a risk note where one is asked for, and who pays where something is unpaid."""
        browser = self.people(APPROVER)
        page = browser.get(f"/matches/{self.match}")
        written = {
            "risk_note": "Prosecutors learn to handle personal data of suspects.",
            "risk_mitigation": "The course covers safeguards; cases are invented.",
            "funding_note": "The State pays for travel.",
        }
        asked = page.form("/approval").names
        typed = {name: text for name, text in written.items() if name in asked}
        browser.submit(page, "/approval", **typed)
        return await self.match_is("approved")

    async def _state_is(self, wanted: str) -> str:
        found = str((await self.facts.request(self.request))["state"])
        if found != wanted:
            raise Failed(f"the request is {found}, not {wanted}")
        return found

    async def match_is(self, wanted: str) -> str:
        found = str((await self.facts.match(self.match))["state"])
        if found != wanted:
            raise Failed(f"the match is {found}, not {wanted}")
        return found

    async def _has_pairings(self) -> bool:
        return bool((await self.facts.request(self.request))["pairings"])

    async def _until(
        self, is_so: Callable[[], Awaitable[bool]], within: float, otherwise: str
    ) -> None:
        deadline = time.monotonic() + within
        while not await is_so():
            if time.monotonic() > deadline:
                raise Failed(f"{otherwise} within {within:.0f} s")
            await asyncio.sleep(PAUSE)


def identifier_in(page: Page) -> str:
    """The public id of the thing whose page this is."""
    found = IDENTIFIER.search(page.path)
    if found is None:
        raise Failed(f"{page.path} is no page of a request or match: {page.heading()}")
    return found.group(1)
