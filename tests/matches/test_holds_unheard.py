"""What is held of an offer before its provider is asked is not told to the provider."""

from tests.factories.matches import cast, consented, offered, open_request, proposed
from tests.matches.conftest import Browse


async def test_a_provider_hears_of_a_hold_when_it_is_asked(browse: Browse) -> None:
    players = await cast()
    offer = await offered(players.provider)
    await proposed(players, offer=offer, request=await open_request(), quantity=7)
    partner = await browse(players.partner)
    coordinator = await browse(players.coordinator)
    for address in (f"/offers/{offer.public_id}", "/offers"):
        page = (await partner.get(address)).text
        assert "20 of 20 free" in page
        assert "13 of 20" not in page
    assert "13 of 20 free" in (await coordinator.get(f"/offers/{offer.public_id}")).text

    match = await consented(players, offer=offer, request=await open_request(), quantity=5)
    for address in (f"/offers/{offer.public_id}", "/offers", f"/matches/{match.public_id}"):
        page = (await partner.get(address)).text
        assert "15 of 20 free" in page, address
        assert "8 of 20" not in page
    assert "8 of 20 free" in (await coordinator.get(f"/offers/{offer.public_id}")).text
