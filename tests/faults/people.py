"""Twenty people who read pages and send forms; a lost answer is asked for again, same key."""

import asyncio
import re
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from random import Random
from uuid import uuid4

import httpx2

from concord.actor import Role
from tests.faults.forms import Form, forms_of, leads_on, steps_of, weighed
from tests.faults.history import Command, History
from tests.faults.scene import Scene, Seat

PATIENCE = 90.0
"""Seconds for one answer, restarts of everything included."""
PAUSE = 0.2
CASE = re.compile(r'href="(/(?:matches/MAT|deliveries/DLV)-[0-9A-Z-]+)"')
WHOLE = ("/requests/", "/offers/")
WITHDRAWING = 0.004
"""How often somebody thinks of withdrawing a whole request or offer."""
ENDING = 0.15
"""How often somebody who could end or stop something does."""


class GaveUp(Exception):
    """Nobody answered for a long time."""


@dataclass(slots=True)
class Person:
    """One of the twenty, with a browser that knows both web processes."""

    seat: Seat
    scene: Scene
    history: History
    chance: Random
    addresses: Sequence[str]
    browsers: list[httpx2.AsyncClient] = field(default_factory=list)
    cases: list[str] = field(default_factory=list)

    async def work(self, stop: asyncio.Event) -> None:
        """One act after the other until told to stop."""
        headers = {"accept": "text/html", "x-csrf-token": self.seat.csrf}
        for address in self.addresses:
            browser = httpx2.AsyncClient(
                base_url=address, headers=headers | {"origin": address}, timeout=20
            )
            browser.cookies.set("session", self.seat.cookie)
            self.browsers.append(browser)
        while not stop.is_set():
            try:
                await self.act()
            except GaveUp as error:
                self.history.errors.append(str(error))
            await asyncio.sleep(self.chance.uniform(0, PAUSE))
        for browser in self.browsers:
            await browser.aclose()

    async def act(self) -> None:
        """Open a page, choose one of its steps, send its form."""
        if self.chance.random() < WITHDRAWING:
            found = await self.withdrawal()
        elif self.seat.role is Role.COORDINATOR and self.chance.random() < 0.4:
            request, offer = map(self.chance.choice, (self.scene.requests, self.scene.offers))
            found = await self.forms(f"/requests/{request}/matches/new?offer={offer}")
        else:
            found = await self.steps()
        if not found:
            return
        wanted = weighed([form.address for form in found], self.chance)
        if leads_on(wanted) or wanted.startswith(WHOLE) or self.chance.random() < ENDING:
            await self.send(next(form for form in found if form.address == wanted))

    async def withdrawal(self) -> list[Form]:
        """Of a whole request, or of a whole offer, by whoever may."""
        request, offer = map(self.chance.choice, (self.scene.requests, self.scene.offers))
        whole = self.chance.choice((f"/requests/{request}", f"/offers/{offer}"))
        return await self.forms(f"{whole}/withdrawal")

    async def steps(self) -> list[Form]:
        """What may be done on one of this person's cases: on its page, or a page further."""
        if not self.cases or self.chance.random() < 0.2:
            lists = [await self.read(address) for address in ("/matches", "/deliveries")]
            self.cases = sorted({case for page in lists for case in CASE.findall(page)})
        if not self.cases:
            return []
        case = self.chance.choice(self.cases)
        page = await self.read(case)
        forms = forms_of(page, self.chance) if page else []
        links = steps_of(page, case) if page else []
        if links and (not forms or self.chance.random() < 0.5):
            return await self.forms(weighed(links, self.chance))
        return forms

    async def forms(self, address: str) -> list[Form]:
        """The forms of a page; where it has none, those of a page below it."""
        page = await self.read(address)
        found = forms_of(page, self.chance) if page else []
        below = steps_of(page, address) if page and not found else []
        if below:
            page = await self.read(weighed(below, self.chance))
            found = forms_of(page, self.chance) if page else []
        return found

    async def read(self, address: str) -> str:
        """A page; empty when it is not for this person."""
        answer = await self.answered(lambda browser: browser.get(address), address)
        return answer.text if answer.status_code == 200 else ""

    async def send(self, form: Form) -> None:
        """Send it until it is answered; what came of it goes into the history."""
        command = Command(str(uuid4()), self.seat.person_id, self.seat.role.value, form.address)
        self.history.commands.append(command)
        headers = {"idempotency-key": command.key}

        async def post(browser: httpx2.AsyncClient) -> httpx2.Response:
            command.sent += 1
            return await browser.post(form.address, data=form.values, headers=headers)

        answer = await self.answered(post, form.address)
        command.status = answer.status_code
        command.location = answer.headers.get("location", "")
        if command.acknowledged and command.verb == "matches":
            self.history.matches.append(command.location.split("/")[2].partition("?")[0])

    async def answered(
        self, ask: Callable[[httpx2.AsyncClient], Awaitable[httpx2.Response]], address: str
    ) -> httpx2.Response:
        """Ask one process after the other until there is an answer that is not 503."""
        until = asyncio.get_running_loop().time() + PATIENCE
        while asyncio.get_running_loop().time() < until:
            try:
                answer = await ask(self.chance.choice(self.browsers))
            except httpx2.HTTPError:
                await asyncio.sleep(PAUSE)
                continue
            if answer.status_code != 503:
                if answer.status_code >= 500:
                    self.history.errors.append(f"{answer.status_code} from {address}")
                return answer
            await asyncio.sleep(PAUSE)
        raise GaveUp(f"no answer from {address} for {PATIENCE:.0f} s")
