"""What must be true after the play: messages, mails, capacity, cover, trail."""

import asyncio
import time

from concord.cli.demo.check.browser import Failed
from concord.cli.demo.check.play import APPROVER, AUDITOR, COORDINATOR, FOCAL_POINT, Play
from notifications.channels.folder import FolderMailbox

PAUSE = 0.1
REQUEST_STEPS = ("request.submit", "request.review", "request.agree")
MATCH_STEPS = (
    *("match.propose", "match.consent", "match.accept", "match.approve"),
    *("match.agree", "match.start", "match.deliver", "match.evaluate"),
)


async def everything_is_told(play: Play, *, within: float) -> str:
    """Whoever must act next was told, once, in the inbox and by mail; nothing is left owed."""
    deadline = time.monotonic() + within
    while (owed := await play.facts.owed())["due"]:
        if time.monotonic() > deadline:
            raise Failed(f"{owed['due']} messages are still owed after {within:.0f} s")
        await asyncio.sleep(PAUSE)
    if owed["dead"]:
        raise Failed(f"{owed['dead']} messages were given up")
    expected = {
        (COORDINATOR, "request_submitted"): play.request,
        (FOCAL_POINT, "no_objection_begun"): play.request,
        (COORDINATOR, "request_ranked"): play.request,
        (play.partner, "request_circulated"): play.request,
        (play.partner, "match_acceptance_asked"): play.match,
        (APPROVER, "match_approval_asked"): play.match,
        (FOCAL_POINT, "match_approved_to_state"): play.match,
        (play.partner, "match_approved_to_providers"): play.match,
        (play.partner, "match_agreed_to_providers"): play.match,
        (FOCAL_POINT, "delivery_reported_to_state"): play.delivery,
        (play.partner, "delivery_confirmed_to_providers"): play.delivery,
    }
    told = (
        await play.facts.told(play.request)
        | await play.facts.told(play.match)
        | await play.facts.told(play.delivery)
    )
    if missing := [f"{who}: {what}" for who, what in expected if (who, what) not in told]:
        raise Failed(f"nobody told {', '.join(missing)}")
    if repeated := [f"{who}: {what}" for (who, what), times in told.items() if times > 1]:
        raise Failed(f"told more than once: {', '.join(repeated)}")
    return f"{len(told)} notices"


async def inboxes_show_it(play: Play) -> str:
    """The pages of the people concerned name the match."""
    readers = (FOCAL_POINT, play.partner, APPROVER)
    for email in readers:
        page = play.people(email).get("/inbox")
        if play.match not in page.text and not page.links(beginning=f"/matches/{play.match}"):
            raise Failed(f"the inbox of {email} does not name {play.match}")
    return f"{len(readers)} inboxes name the match"


async def mails_are_sent(play: Play) -> str:
    """One mail a person and message, and no confidential text in any."""
    mailbox = FolderMailbox(play.facts.settings.data_folder / "mail")
    letters = [
        letter
        for letter in mailbox.letters(most=10_000)
        if play.request in letter.text or play.match in letter.text
    ]
    for email in (FOCAL_POINT, COORDINATOR, play.partner, APPROVER):
        if not any(email in letter.to for letter in letters):
            raise Failed(f"no mail to {email} names the request or the match")
    if any("Prosecution Service" in letter.text for letter in letters):
        raise Failed("a mail holds confidential text")
    return f"{len(letters)} mails, none with the text of the request"


async def capacity_is_reserved(play: Play) -> str:
    """What was held is reserved now, on the slot and on the item, and the cover is written."""
    lines = await play.facts.lines(play.match)
    for before, after in zip(play.before, lines, strict=True):
        moved = before["held"] - after["held"], after["reserved"] - before["reserved"]
        quantity = after["slot_quantity"]
        if after["status"] != "reserved" or moved != (quantity, quantity):
            raise Failed(f"slot: {before} became {after}")
        if after["item_reserved"] - before["item_reserved"] != after["item_quantity"]:
            raise Failed(f"item: {before} became {after}")
    match = await play.facts.match(play.match)
    if not match["covered"] or match["tasks"] != 1:  # the terms of reference wait
        raise Failed(f"the match covers {match['covered']} cells and has {match['tasks']} tasks")
    total = sum(line["slot_quantity"] for line in lines)
    return f"{total} units reserved, {match['covered']} cells covered"


async def trail_is_whole(play: Play) -> str:
    """Every step is in the trail, in order, each chained to the one before it."""
    trail = await play.facts.trail(play.request, play.match)
    places = [trail.index(step) for step in (*REQUEST_STEPS, *MATCH_STEPS) if step in trail]
    if len(places) < len(REQUEST_STEPS) + len(MATCH_STEPS) or places != sorted(places):
        raise Failed(f"the trail is {trail}")
    if broken := await play.facts.broken_links():
        raise Failed(f"{broken} entries of the trail do not fit the one before them")
    page = play.people(AUDITOR).get("/audit")
    if "match.approve" not in page.text:
        raise Failed("the auditor's page does not show the approval")
    return f"{len(trail)} entries, chain unbroken"
