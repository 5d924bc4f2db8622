"""Drafts: made, filled, kept, and taken over from files."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from concord.actor import Actor
from concord.database import transaction
from concord.errors import Conflict
from concord.offers.actions.recording import allow, locked, record
from concord.offers.actions.slots import write_slots
from concord.offers.checking import check
from concord.offers.models import Offer, OfferExclusion
from concord.offers.policy import may_draft, may_edit, may_import
from concord.offers.queries import exclusions_of, imported, values_of
from concord.offers.states import EDITABLE, OfferState
from concord.offers.values import OfferValues
from concord.organizations.models import Organization
from concord.reference.identifiers import new_public_id
from concord.reference.queries import code_lists

NOT_EDITABLE = "This offer has been submitted: it can no longer be changed here."
FIELDS = ("title", "description", "language", "conditions", "starts_on", "ends_on")
LISTS = ("delivery_languages", "regions", "tags", "past")


@dataclass(frozen=True, slots=True)
class Imported:
    """The offer of an external id, and whether it is new."""

    offer: Offer
    created: bool


async def create_draft(values: OfferValues, *, actor: Actor, now: datetime) -> Offer:
    """A draft of the actor's own organization."""
    allow(may_draft(actor))
    async with transaction():
        place = await Organization.get(id=actor.organization_id)
        offer = await _begin(values, place, actor=actor, now=now)
        await record(offer, "draft", actor=actor, now=now)
    return offer


async def save(
    offer: Offer, values: OfferValues, *, version: int, actor: Actor, now: datetime
) -> Offer:
    """Save a draft or a returned offer; only its completeness is left for the submission."""
    async with locked(offer.id, version=version) as found:
        if found.state not in EDITABLE:
            raise Conflict(NOT_EDITABLE)
        allow(may_edit(actor, found))
        found.version += 1
        found.scope_changed_at = now
        await write(found, values, now=now)
    return found


async def import_offer(
    values: OfferValues,
    *,
    organization_id: UUID,
    external_id: str,
    source: str,
    actor: Actor,
    now: datetime,
) -> Imported:
    """One offer for one `external_id`, as a draft; what has been submitted stays as it is."""
    allow(may_import(actor, organization_id))
    async with transaction():
        known = await imported(external_id)
        if known is not None:
            return Imported(offer=await _renewed(known, values, now=now), created=False)
        place = await Organization.get(id=organization_id)
        offer = await _begin(
            values, place, actor=actor, now=now, external_id=external_id, source=source
        )
        await record(offer, "import", actor=actor, now=now, source=source)
    return Imported(offer=offer, created=True)


async def _renewed(known: Offer, values: OfferValues, *, now: datetime) -> Offer:
    async with locked(known.id) as offer:
        if offer.state is OfferState.DRAFT and await values_of(offer) != values:
            offer.version += 1
            offer.scope_changed_at = now
            await write(offer, values, now=now)
    return offer


async def _begin(
    values: OfferValues,
    place: Organization,
    *,
    actor: Actor,
    now: datetime,
    external_id: str | None = None,
    source: str | None = None,
) -> Offer:
    offer = Offer(
        public_id=await _free_public_id(),
        organization=place,
        created_by_id=actor.person_id,
        state_since=now,
        scope_changed_at=now,
        external_id=external_id,
        import_source=source,
    )
    await write(offer, values, now=now)
    return offer


async def write(offer: Offer, values: OfferValues, *, now: datetime) -> None:
    """Save the row, its slots and exclusions from `values`, which are checked first."""
    check(values, await code_lists())
    for name in FIELDS:
        setattr(offer, name, getattr(values, name))
    for name in LISTS:
        setattr(offer, name, list(getattr(values, name)))
    offer.directed_state_id = values.directed_state
    await offer.save()
    await write_slots(offer, values.slots, now=now)
    await _write_exclusions(offer, values.excluded_states)


async def _write_exclusions(offer: Offer, wanted: tuple[str, ...]) -> None:
    present = {one.state_id: one for one in await exclusions_of(offer.id)}
    for code in present.keys() - set(wanted):
        await present[code].delete()
    await OfferExclusion.bulk_create(
        [
            OfferExclusion(offer_id=offer.id, state_id=code)
            for code in wanted
            if code not in present
        ]
    )


async def _free_public_id() -> str:
    while await Offer.exists(public_id=(candidate := new_public_id("OFR"))):
        pass
    return candidate
