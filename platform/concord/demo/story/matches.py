"""Matches: proposed, consented, accepted, approved; and much that ends early."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from uuid import UUID

from tortoise.expressions import Q

from concord.demo.stage import OutOfStory, Stage
from concord.demo.story.requests import again
from concord.duplicates.actions import answer
from concord.duplicates.models import DuplicateFlag
from concord.duplicates.values import Answer
from concord.errors import Conflict, InvalidInput
from concord.matches.actions import (
    accept,
    approve,
    cancel,
    consent,
    decline_by_partner,
    decline_by_state,
    propose,
    reject,
    suspend,
)
from concord.matches.models import Match, Participant
from concord.matches.values import DATA_PARTS, LineDraft
from concord.offers.models import Offer
from concord.offers.values import UNLIMITED
from concord.pairings.models import Pairing
from concord.requests.models import Request
from concord.requests.policy import states_of

CONSIDERED = 8  # pairings tried from the top: one may have no capacity left by now


async def begin(stage: Stage) -> None:
    """Matches of some weeks ago: most were decided since, one the clock will let lapse."""
    stage.days.before(44)
    for name, told in PAST.items():
        await told(stage, name)


async def go_on(stage: Stage) -> None:
    """Matches under way: each waits for somebody else today."""
    stage.days.before(5)
    for name, told in PRESENT.items():
        await told(stage, name)


async def proposed(stage: Stage, name: str) -> Match:
    """The best pairing that can still be proposed, with the matcher's own lines."""
    request = await again(stage, name)
    await _answer_warnings(stage, request)
    pairings = await Pairing.filter(request_id=request.id).order_by("rank").limit(CONSIDERED)
    reasons = list[str]()
    for pairing in pairings:
        try:
            return await _propose(stage, request, pairing)
        except Conflict as error:
            reasons.append(str(error))
        except InvalidInput as error:
            reasons += error.fields.values()
    raise OutOfStory(
        "No pairing of %(name)s can be proposed: %(why)s", name=name, why=" ".join(reasons)
    )


async def _answer_warnings(stage: Stage, request: Request) -> None:
    """The coordinator has looked at what seems to repeat this request: it does not."""
    concerned = Q(left_id=request.id) | Q(right_id=request.id)
    for flag in await DuplicateFlag.filter(concerned, answer=None).order_by("id"):
        await answer(
            flag,
            Answer.DIFFERENT,
            note="Another institution and another need.",
            actor=stage.coordinator(request.lead_state_id),
            now=stage.days.next(),
        )


async def _propose(stage: Stage, request: Request, pairing: Pairing) -> Match:
    offer = await Offer.get(id=pairing.offer_id).select_related("organization")
    starts_on = max(
        filter(None, (request.starts_on, offer.starts_on, stage.days.end.date()))
    ) + timedelta(days=14)
    return await propose(
        request,
        offer,
        lines=_lines(pairing),
        starts_on=starts_on,
        ends_on=starts_on + timedelta(days=90),
        data_shared=DATA_PARTS,
        rationale="First in rank, and the languages fit.",
        no_conflict=True,
        actor=stage.coordinator(request.lead_state_id),
        now=stage.days.next(),
    )


def _lines(pairing: Pairing) -> list[LineDraft]:
    """The suggested lines that count something in equal units."""
    found = [
        (str(line["item"]), str(line["slot"]), line["quantity"])
        for line in pairing.lines
        if line["unit"] != UNLIMITED
    ]
    return [
        LineDraft(UUID(item), UUID(slot), quantity, quantity)
        for item, slot, quantity in found
        if isinstance(quantity, int)
    ]


async def consented(stage: Stage, name: str) -> Match:
    match = await proposed(stage, name)
    for state in sorted(states_of(await again(stage, name))):
        await consent(
            match,
            data_shared=DATA_PARTS,
            actor=stage.focal_point(state),
            now=stage.days.next(),
        )
    return await Match.get(id=match.id)


async def half_consented(stage: Stage, name: str) -> Match:
    """The lead State has consented, its co-requesting State not yet."""
    match = await proposed(stage, name)
    lead = (await again(stage, name)).lead_state_id
    await consent(
        match, data_shared=DATA_PARTS, actor=stage.focal_point(lead), now=stage.days.next()
    )
    return match


async def accepted(stage: Stage, name: str) -> Match:
    match = await consented(stage, name)
    for participant in await Participant.filter(match_id=match.id).order_by("id"):
        await accept(
            match,
            no_conflict=True,
            actor=stage.admin_of(participant.organization_id),
            now=stage.days.next(),
        )
    return await Match.get(id=match.id)


async def approved(stage: Stage, name: str) -> Match:
    match = await accepted(stage, name)
    await approve(
        match,
        risk_note="Officers of a security force take part.",
        risk_mitigation="Human rights are part of the course; participants are vetted.",
        funding_note="The State bears what the provider does not.",
        actor=stage.actors["approver_one"],
        now=stage.days.next(),
    )
    return await Match.get(id=match.id)


async def declined_by_state(stage: Stage, name: str) -> None:
    match = await proposed(stage, name)
    await decline_by_state(
        match,
        reason="declined_by_state.timing",
        note="The court is in recess in those weeks.",
        actor=stage.focal_point((await again(stage, name)).lead_state_id),
        now=stage.days.next(),
    )


async def declined_by_partner(stage: Stage, name: str) -> None:
    match = await consented(stage, name)
    participant = await Participant.filter(match_id=match.id).order_by("id").first()
    assert participant is not None  # noqa: S101 - a match has its provider
    await decline_by_partner(
        match,
        reason="declined_by_partner.capacity",
        actor=stage.admin_of(participant.organization_id),
        now=stage.days.next(),
    )


async def rejected(stage: Stage, name: str) -> None:
    match = await accepted(stage, name)
    await reject(
        match,
        reason="rejected_by_approver.better_alternative",
        note="The second pairing costs the State less travel.",
        actor=stage.actors["approver_two"],
        now=stage.days.next(),
    )


async def cancelled(stage: Stage, name: str) -> None:
    match = await consented(stage, name)
    await cancel(
        match,
        reason="cancelled.need_changed",
        actor=stage.coordinator((await again(stage, name)).lead_state_id),
        now=stage.days.next(),
    )


async def suspended(stage: Stage, name: str) -> None:
    match = await approved(stage, name)
    await suspend(
        match,
        note="Elections: everything waits until the new government is in place.",
        actor=stage.focal_point((await again(stage, name)).lead_state_id),
        now=stage.days.next(),
    )


PAST: dict[str, Callable[[Stage, str], Awaitable[object]]] = {
    "SMP-R22": approved,
    "SMP-R08": declined_by_state,
    "SMP-R09": declined_by_partner,
    "SMP-R14": rejected,
    "SMP-R17": proposed,  # nobody answers: the clock ends it
    "SMP-R18": cancelled,
    "SMP-R19": suspended,
}
PRESENT: dict[str, Callable[[Stage, str], Awaitable[object]]] = {
    "SMP-R03": consented,
    "SMP-R05": half_consented,
    "SMP-R07": accepted,
    "SMP-R10": consented,
    "SMP-R13": proposed,
    "SMP-R24": proposed,
    "SMP-R27": accepted,
}
