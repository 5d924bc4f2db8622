"""The match's way after approval: terms, work, report, confirmation, evaluation."""

from tests.journeys.hand import Hand

FIRST, LAST = "2027-01-11", "2027-01-13"
TERMS = {
    "Purpose": "Officers follow one procedure for seizing devices.",
    "Activities": "One course of five days, with exercises.",
    "First day": FIRST,
    "Last day": LAST,
    "Place": "National Police College",
    "Costs, and who pays for what": "The provider pays its trainers, the State pays for rooms.",
    "Data protection": "Lists of participants stay with the State.",
    "Contacts": "The training sections on both sides.",
}


async def write_terms(partner: Hand, match: str) -> None:
    await partner.tab.open(f"/matches/{match}")
    await partner.follow("Terms of reference")
    await partner.follow("Write the terms")
    for label, text in TERMS.items():
        await partner.fill(label, text)
    await partner.press("Save the text", twice=True)
    await partner.reads(TERMS["Purpose"], "SHA-256 of this text")
    await partner.press("Agree to this text", twice=True)


async def agree(focal_point: Hand, match: str) -> None:
    await focal_point.tab.open(f"/matches/{match}/terms")
    await focal_point.reads(TERMS["Activities"], "These terms organize work.")
    await focal_point.press("Agree to this text", twice=True)


async def plan(partner: Hand, match: str, *, quantity: int) -> str:
    """Begin the work, and plan one delivery of everything; returns its public id."""
    await partner.tab.open(f"/matches/{match}")
    await partner.follow("Begin the work")
    await partner.press("Begin the work", twice=True)
    await partner.follow("Plan a delivery")
    await partner.fill("What it is called", "First course")
    await partner.fill("First day", FIRST)
    await partner.fill("Last day", LAST)
    await partner.fill("Place", "National Police College")
    await partner.press("Save the plan", twice=True)
    await partner.reads("First course", str(quantity))
    return partner.page.url.rpartition("/")[2]


async def report(partner: Hand, delivery: str) -> None:
    await partner.tab.open(f"/deliveries/{delivery}")
    await partner.follow("Begin")
    await partner.press("It has begun", twice=True)
    await partner.follow("Report")
    await partner.fill("Last day", FIRST)
    await partner.fill("What happened", "The course took place as planned.")
    first = partner.page.get_by_role("group", name="Institution 1")
    await first.get_by_label("Name of the institution", exact=False).fill("National Police")
    await first.get_by_label("Women (optional)", exact=True).fill("9")
    await first.get_by_label("Men (optional)", exact=True).fill("11")
    await partner.press("Send the report", twice=True)
    await partner.reads("The course took place as planned.", "National Police")


async def confirm(focal_point: Hand, delivery: str) -> None:
    await focal_point.tab.open("/")
    await focal_point.follow("Confirm this delivery, or dispute it")
    await focal_point.reads("The course took place as planned.")
    await focal_point.follow("Confirm")
    await focal_point.press("Confirm the delivery", twice=True)


async def evaluate(hand: Hand, match: str, *, answer: str) -> None:
    await hand.tab.open(f"/matches/{match}/evaluation")
    for choice in await hand.page.get_by_role("radio", name=answer, exact=True).all():
        await choice.check()
    await hand.press("Send the evaluation", twice=True)
