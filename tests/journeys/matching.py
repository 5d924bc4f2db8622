"""The match's way, from the workbench to approved."""

from tests.journeys.hand import Hand


async def propose(coordinator: Hand, request: str, offer: str) -> str:
    """From the ranked pairing, in one step; returns the match's public id."""
    await coordinator.tab.open(f"/requests/{request}/pairings")
    card = coordinator.page.get_by_role("article").filter(has_text=offer).last
    await card.get_by_label("I have no conflict of interest in this match").check()
    await coordinator.press("Propose", twice=True, within=card)
    await coordinator.reads("You have just proposed this match")
    return coordinator.page.url.rpartition("/")[2]


async def consent(focal_point: Hand, match: str) -> None:
    await focal_point.tab.open("/")
    await focal_point.follow("Consent to this match, or decline")
    await focal_point.reads(f"consents to match {match}")
    await focal_point.press("Consent", twice=True)


async def accept(partner: Hand, match: str, *, shown: str) -> None:
    """The provider sees the request within what was consented to, before it answers."""
    await partner.tab.open("/")
    await partner.follow("Accept this match, or decline")
    await partner.reads(f"will take part in match {match}", shown)
    await partner.tick("My organization has no conflict of interest in this match")
    await partner.press("Accept", twice=True)


async def approve(approver: Hand, match: str) -> None:
    await approver.tab.open("/")
    await approver.follow("Approve or reject this match")
    await approver.reads(f"The capacity of match {match} becomes a reservation")
    await approver.fill("Risk", "Seized devices may be searched without a warrant.")
    await approver.fill("How it is mitigated", "The course teaches the safeguards of the law.")
    await approver.press("Approve", twice=True)
