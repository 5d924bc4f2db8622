"""The whole way of one request, with what must be true after each step."""

from dataclasses import dataclass

from concord.accounts.models import Person
from concord.inbox.models import Notice
from concord.matches.models import Match, MatchStep
from concord.matches.states import MatchState
from concord.pairings.models import Pairing
from concord.requests.models import Request, RequestStep
from concord.requests.states import RequestState
from notifications.channels.folder import Letter
from tests.browser.site import Site
from tests.factories.accounts import Account
from tests.journeys import delivering, matching, requesting
from tests.journeys.cast import NEEDED, Cast, Outsider, taken_of
from tests.journeys.hand import Hand
from tests.waiting import until

UNDO = 61  # seconds after which a proposal is told


@dataclass(frozen=True, slots=True)
class Journey:
    site: Site
    players: Cast
    outsider: Outsider
    title: str

    async def draft_and_submit(self, focal_point: Hand) -> str:
        unwanted = self.players.unwanted.name
        request = await requesting.draft(focal_point, self.title, unwanted=unwanted)
        await requesting.meet_an_older_form(focal_point, request)
        await requesting.submit(focal_point, request)
        await self._request_is(request, RequestState.SUBMITTED, "submit")
        await self._hidden(f"/requests/{request}", f"/requests/{request}/draft")
        await self._told(self.players.coordinator, "request_submitted", request)
        return request

    async def open(self, request: str, focal_point: Hand, coordinator: Hand) -> None:
        await requesting.review(coordinator, request)
        await self._request_is(request, RequestState.NO_OBJECTION, "submit", "review")
        await self._told(self.players.focal_point, "no_objection_begun", request)
        await requesting.agree(focal_point, request)
        await self._request_is(request, RequestState.OPEN, "submit", "review", "agree", "open")
        await self._hidden(f"/requests/{request}", f"/summaries/{request}")

    async def propose(self, request: str, coordinator: Hand) -> str:
        """The worker ranks by itself; a proposal is told when the minute of undoing is over."""
        async with self.site.database():
            found = Pairing.filter(request__public_id=request, offer_id=self.players.offer.id)
            await until(found.exists)
        await self._told(self.players.coordinator, "request_ranked", request)
        match = await matching.propose(coordinator, request, self.players.offer.public_id)
        await self._match_is(match, MatchState.PROPOSED, "propose", taken=(NEEDED, 0, 0))
        await self._hidden(f"/matches/{match}")
        self.site.clock.forward(seconds=UNDO)
        await self._told(self.players.focal_point, "match_proposed_to_state", match)
        assert not self._letters(self.players.partner, match)
        return match

    async def consent(self, match: str, focal_point: Hand) -> None:
        await matching.consent(focal_point, match)
        taken = (NEEDED, 0, 0)
        await self._match_is(match, MatchState.STATE_CONSENTED, "propose", "consent", taken=taken)
        await self._told(self.players.partner, "match_acceptance_asked", match)

    async def accept(self, match: str, partner: Hand) -> None:
        await matching.accept(partner, match, shown=self.title)
        steps = ("propose", "consent", "accept")
        await self._match_is(match, MatchState.PARTNER_ACCEPTED, *steps, taken=(NEEDED, 0, 0))
        await self._told(self.players.approver, "match_approval_asked", match)

    async def approve(self, match: str, approver: Hand) -> None:
        await matching.approve(approver, match)
        steps = ("propose", "consent", "accept", "approve")
        await self._match_is(match, MatchState.APPROVED, *steps, taken=(0, NEEDED, NEEDED))
        await self._told(self.players.focal_point, "match_approved_to_state", match)
        await self._told(self.players.partner, "match_approved_to_providers", match)
        await self._told(self.players.coordinator, "match_approved_to_coordinators", match)

    async def deliver(self, match: str, partner: Hand, focal_point: Hand) -> None:
        """Terms, one delivery of everything, and both evaluations."""
        await delivering.write_terms(partner, match)
        await delivering.agree(focal_point, match)
        delivery = await delivering.plan(partner, match, quantity=NEEDED)
        await self._hidden(f"/deliveries/{delivery}", f"/matches/{match}/terms")
        await delivering.report(partner, delivery)
        await delivering.confirm(focal_point, delivery)
        for hand in (focal_point, partner):
            await delivering.evaluate(hand, match, answer="Mostly")
        async with self.site.database():
            found = await Match.get(public_id=match).select_related("request")
            assert await taken_of(self.players.offer) == (0, 0, 0)
        assert (found.state, found.request.state) == (MatchState.EVALUATED, RequestState.MET)

    async def end(self, request: str, match: str, focal_point: Hand) -> None:
        """What the State reads at the end; whoever had no part in it heard nothing."""
        await focal_point.tab.open("/inbox")
        await focal_point.reads(match)
        await focal_point.tab.open(f"/matches/{match}")
        await focal_point.reads("Evaluated")
        await self._hidden(f"/requests/{request}", f"/matches/{match}")
        assert not self.site.letters_to(self.players.outsider.email)

    async def _hidden(self, *addresses: str) -> None:
        await self.outsider.sees_nothing_of(self.title, *addresses)

    async def _request_is(self, request: str, state: RequestState, *verbs: str) -> None:
        async with self.site.database():
            found = await Request.get(public_id=request)
            steps = await RequestStep.filter(request_id=found.id).order_by("at", "id")
        assert (found.state, sorted(step.verb for step in steps)) == (state, sorted(verbs))

    async def _match_is(
        self, match: str, state: MatchState, *verbs: str, taken: tuple[int, int, int]
    ) -> None:
        """Every command once, although each was clicked twice; capacity as the step leaves it."""
        async with self.site.database():
            found = await Match.get(public_id=match)
            steps = await MatchStep.filter(match_id=found.id)
            assert await taken_of(self.players.offer) == taken
            assert await Match.filter(request_id=found.request_id).count() == 1
        assert (found.state, sorted(step.verb for step in steps)) == (state, sorted(verbs))

    async def _told(self, account: Account, message: str, public_id: str) -> None:
        """Once in the inbox and once by mail, which names the case and quotes nothing of it."""
        async with self.site.database():
            person = await Person.get(email=account.email)
            notices = Notice.filter(person_id=person.id, message=message)
            mine = notices.filter(payload__contains={public_id_key(public_id): public_id})
            await until(mine.exists)
            assert await mine.count() == 1

        async def is_mailed() -> bool:
            return bool(self._letters(account, public_id))

        await until(is_mailed)
        for letter in self._letters(account, public_id):
            assert self.title not in letter.text + letter.html + letter.subject

    def _letters(self, account: Account, public_id: str) -> list[Letter]:
        letters = self.site.letters_to(account.email)
        return [letter for letter in letters if public_id in letter.text]


def public_id_key(public_id: str) -> str:
    """Under which name a message carries it."""
    return {"REQ": "request", "MAT": "match"}[public_id[:3]]
