"""One word on who provides: whoever asks, only a verified organization does."""

from datetime import timedelta

import pytest

from concord.actor import PUBLIC
from concord.matches.actions.admitting import pair_of
from concord.matches.gates import pair_problems
from concord.offers.models import Offer
from concord.offers.queries import rankable, visible_to
from concord.organizations.models import Organization
from concord.organizations.policy import may_provide
from concord.organizations.states import PROVIDER_KINDS, OrganizationKind, Verification
from concord.pairings.profiles import offer_fingerprints
from tests.conftest import NOW
from tests.factories.history import set_down
from tests.factories.matches import open_request
from tests.factories.offers import published

pytestmark = pytest.mark.usefixtures("database")
UNVERIFIED = "“%(name)s” is not verified at present."


async def verdicts(offer: Offer, place: Organization) -> dict[str, bool]:
    """Who lets this provider's offer through."""
    request = await open_request()
    offer = await Offer.get(id=offer.id).select_related("organization")
    pair = await pair_of(request, offer, [offer.organization])
    return {
        "policy": may_provide(place, now=NOW),
        "gates": UNVERIFIED not in [problem.msgid for problem in pair_problems(pair, now=NOW)],
        "ranking": str(offer.id) in await offer_fingerprints(),
        "desk": await rankable().filter(id=offer.id).exists(),
        "public": await visible_to(PUBLIC).filter(id=offer.id).exists(),
    }


@pytest.mark.parametrize("kind", sorted(PROVIDER_KINDS))
async def test_verified_alone_provides_everywhere(kind: OrganizationKind) -> None:
    offer = await published()
    place = await Organization.get(id=offer.organization_id)
    state = "QNN" if kind is OrganizationKind.STATE else None
    for verification in Verification:
        await set_down(place, kind=kind, verification=verification, state_id=state)
        expected = verification is Verification.VERIFIED

        found = await verdicts(offer, place)

        assert found == dict.fromkeys(found, expected), verification


async def test_a_verification_that_ran_out_ends_at_once() -> None:
    """The clock may be late: who decides under lock looks at the date as well."""
    place = Organization(
        kind=OrganizationKind.ACADEMIA,
        verification=Verification.VERIFIED,
        verified_until=NOW,
    )

    assert not may_provide(place, now=NOW)
    assert may_provide(place, now=NOW - timedelta(seconds=1))
