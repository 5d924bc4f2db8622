"""Who takes part in a journey, with what each needs to sign in, and somebody who must not see."""

from dataclasses import dataclass

import httpx2

from concord.actor import Role
from concord.matches.models import MatchLine
from concord.offers.models import Offer
from concord.organizations.models import Organization
from tests.browser.site import Site
from tests.factories import offers, people
from tests.factories.accounts import Account, account

PLACES = 25
NEEDED = 20
LISTS = ("/", "/inbox", "/requests", "/requests?format=csv", "/matches", "/summaries")


@dataclass(frozen=True, slots=True)
class Cast:
    """`outsider` belongs to a verified provider that the State will not take."""

    focal_point: Account
    coordinator: Account
    approver: Account
    partner: Account
    outsider: Account
    unwanted: Organization
    offer: Offer


async def cast(site: Site, state: str) -> Cast:
    """Everybody for one journey of a State, and a published offer that fits."""
    office = await people.organization(state=state, name=f"Office for Cooperation of {state}")
    provider = await people.provider(f"Illustrative Academy for {state}")
    unwanted = await people.provider(f"Illustrative Rival of {state}")
    return Cast(
        focal_point=await account(site.settings, Role.FOCAL_POINT, office),
        coordinator=await account(site.settings, Role.COORDINATOR),
        approver=await account(site.settings, Role.APPROVER),
        partner=await account(site.settings, Role.PARTNER_ADMIN, provider),
        outsider=await account(site.settings, Role.PARTNER_ADMIN, unwanted),
        unwanted=unwanted,
        offer=await offers.published(
            provider, slots=[("INV.02", "training_course", PLACES, "training_places")]
        ),
    )


@dataclass(frozen=True, slots=True)
class Outsider:
    """Looks everywhere at every step; without a browser, since only the answers count."""

    client: httpx2.AsyncClient

    async def sees_nothing_of(self, title: str, *addresses: str) -> None:
        for address in addresses:
            answer = await self.client.get(address)
            assert answer.status_code == 404, address
        words = (title, *(address.split("/")[2] for address in addresses))
        for lists in LISTS:
            answer = await self.client.get(lists)
            assert answer.status_code == 200, lists
            assert not [word for word in words if word in answer.text], lists
        answer = await self.client.get("/search", params={"q": title})
        assert answer.status_code == 200
        assert not [address for address in addresses if address in answer.text]


async def taken_of(offer: Offer) -> tuple[int, int, int]:
    """What is held and reserved of the offer's slot, and reserved of the item it serves."""
    line = await MatchLine.get(slot__offer_id=offer.id).prefetch_related("slot", "item")
    return line.slot.held, line.slot.reserved, line.item.reserved
