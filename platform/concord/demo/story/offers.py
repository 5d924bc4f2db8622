"""Providers offer: most offers are published, some wait, expire or are taken back."""

from concord.demo.stage import Stage
from concord.matches.actions import withdraw_offer
from concord.offers.actions import create_draft, publish, return_, submit
from concord.offers.models import Offer

EXPIRED = ("SMP-O79", "SMP-O80")
WITHDRAWN = "SMP-O81"
RETURNED = "SMP-O82"
WAITING = ("SMP-O78", "SMP-O83")
DRAFT = "SMP-O84"
UNPUBLISHED = frozenset({*EXPIRED, RETURNED, *WAITING, DRAFT})


async def publish_long_ago(stage: Stage) -> None:
    """A year and more ago: nobody has reconfirmed them since, so the clock lets them expire."""
    stage.days.before(385)
    for name in EXPIRED:
        await _publish(stage, name)


async def publish_most(stage: Stage) -> None:
    stage.days.before(150)
    for name in sorted(stage.sample_offers):
        if name not in UNPUBLISHED:
            await _publish(stage, name)
    offer = await _again(stage, WITHDRAWN)
    await withdraw_offer(
        offer,
        note="The team has moved to other work.",
        actor=stage.admin_of(offer.organization_id),
        now=stage.days.next(),
    )


async def offer_lately(stage: Stage) -> None:
    """What coordinators find on their desk: to review, returned, and a draft nobody sees yet."""
    stage.days.before(4)
    for name in (*WAITING, RETURNED):
        await _submit(stage, name)
    offer = await _again(stage, RETURNED)
    await return_(
        offer,
        reasons=["offer_returned.promotional"],
        note="Please say what participants learn, not how well known the course is.",
        actor=stage.actors["coordinator_one"],
        now=stage.days.next(),
    )
    await _draft(stage, DRAFT)


async def _draft(stage: Stage, name: str) -> Offer:
    place = stage.organizations[stage.sample_offers[name].organization]
    stage.offers[name] = await create_draft(
        stage.offer_values(name), actor=stage.admin_of(place.id), now=stage.days.next()
    )
    return stage.offers[name]


async def _submit(stage: Stage, name: str) -> Offer:
    offer = await _draft(stage, name)
    admin = stage.admin_of(offer.organization_id)
    return await submit(offer, actor=admin, now=stage.days.next())


async def _publish(stage: Stage, name: str) -> None:
    offer = await _submit(stage, name)
    number = len(stage.offers) % 2
    coordinator = stage.actors[("coordinator_one", "coordinator_two")[number]]
    await publish(offer, actor=coordinator, now=stage.days.next())


async def _again(stage: Stage, name: str) -> Offer:
    return await Offer.get(id=stage.offers[name].id).select_related("organization")
