"""After approval: terms agreed, work begun, deliveries reported, confirmed and evaluated."""

from collections.abc import Awaitable, Callable
from datetime import timedelta

from concord.actor import Actor
from concord.deliveries.actions import (
    agree_terms,
    begin,
    close,
    confirm,
    dispute,
    draft_terms,
    evaluate,
    plan,
    report,
    start,
)
from concord.deliveries.sections import composed
from concord.deliveries.values import (
    QUESTIONS,
    Attendance,
    DeliveryPlan,
    EvaluationForm,
    PlannedLine,
    PlannedMilestone,
    Report,
    TermsDraft,
)
from concord.demo.stage import Stage
from concord.demo.story.matches import approved
from concord.demo.story.requests import again
from concord.matches.actions import suspend
from concord.matches.models import Delivery, DeliveryLine, Match, MatchLine, Participant, Terms
from concord.requests.policy import states_of

SECTIONS = {
    "purpose": "Those who take part use in their daily work what they have learnt.",
    "activities": "A week of courses with exercises on invented cases, and a day of questions.",
    "place": "The training centre of the institution that asked",
    "costs": "The provider pays its experts and their travel; the State provides rooms.",
    "data_protection": "Lists of participants stay with the State; numbers alone are reported.",
    "contacts": "The training section of the State and the programme office of the provider.",
}


async def terms_drafted(stage: Stage, name: str) -> Match:
    """One side has written, the other has still to agree."""
    match = await approved(stage, name)
    starts_on = stage.days.moment.date() + timedelta(days=2)
    draft = TermsDraft(
        composed(SECTIONS), starts_on=starts_on, ends_on=starts_on + timedelta(days=10)
    )
    await draft_terms(match, draft, actor=await _admin(stage, match), now=stage.days.next())
    return await _fresh(match)


async def agreed(stage: Stage, name: str) -> Match:
    match = await terms_drafted(stage, name)
    terms = await Terms.get(match_id=match.id, superseded_at=None)
    for actor in await _both_sides(stage, name, match):
        now = stage.days.next()
        await agree_terms(match, sha256=terms.sha256, actor=actor, now=now)
    return await _fresh(match)


async def in_delivery(stage: Stage, name: str) -> Match:
    """Begun, with two deliveries planned; the first is under way."""
    match = await agreed(stage, name)
    actor = await _admin(stage, match)
    await start(match, actor=actor, now=stage.days.next())
    lines = await MatchLine.filter(match_id=match.id).order_by("id")
    halves = [line.item_quantity // 2 for line in lines]
    rest = [line.item_quantity - half for line, half in zip(lines, halves, strict=True)]
    for number, quantities in enumerate((rest, halves)):
        planned = tuple(
            PlannedLine(line.id, quantity)
            for line, quantity in zip(lines, quantities, strict=True)
            if quantity
        )
        if planned:
            await _plan(stage, match, planned, number=number)
    first = await Delivery.filter(match_id=match.id).order_by("starts_on", "id").first()
    assert first is not None  # noqa: S101 - planned above
    await begin(first, actor=actor, now=stage.days.next())
    return await _fresh(match)


async def reported(stage: Stage, name: str) -> Match:
    match = await in_delivery(stage, name)
    await _report(stage, match)
    return match


async def disputed(stage: Stage, name: str) -> Match:
    match = await reported(stage, name)
    delivery = await Delivery.get(match_id=match.id, state="reported")
    await dispute(
        delivery,
        reason="delivery_disputed.fewer",
        note="The second day was cut short.",
        actor=stage.focal_point((await again(stage, name)).lead_state_id),
        now=stage.days.next(),
    )
    return match


async def partly_delivered(stage: Stage, name: str) -> Match:
    """The first delivery is confirmed, the second still planned."""
    match = await reported(stage, name)
    delivery = await Delivery.get(match_id=match.id, state="reported")
    actor = stage.focal_point((await again(stage, name)).lead_state_id)
    await confirm(delivery, actor=actor, now=stage.days.next())
    return await _fresh(match)


async def delivered(stage: Stage, name: str) -> Match:
    match = await partly_delivered(stage, name)
    for delivery in await Delivery.filter(match_id=match.id, state="planned"):
        await begin(delivery, actor=await _admin(stage, match), now=stage.days.next())
        await _report(stage, match)
        fresh = await Delivery.get(id=delivery.id)
        actor = stage.focal_point((await again(stage, name)).lead_state_id)
        await confirm(fresh, actor=actor, now=stage.days.next())
    return await _fresh(match)


async def evaluated(stage: Stage, name: str) -> Match:
    match = await delivered(stage, name)
    for actor in await _both_sides(stage, name, match):
        form = EvaluationForm(
            ratings=dict.fromkeys(QUESTIONS["state" if actor.is_state else "provider"], 4),
            text="The exercises were closer to daily work than any lecture.",
            change="Send the reading list earlier.",
        )
        await evaluate(match, form, actor=actor, now=stage.days.next())
    return await _fresh(match)


async def closed(stage: Stage, name: str) -> Match:
    match = await evaluated(stage, name)
    coordinator = stage.coordinator((await again(stage, name)).lead_state_id)
    await close(match, actor=coordinator, now=stage.days.next())
    return await _fresh(match)


async def suspended(stage: Stage, name: str) -> Match:
    """A part is delivered, the rest waits."""
    match = await partly_delivered(stage, name)
    await suspend(
        match,
        note="The training centre is being rebuilt until summer.",
        actor=stage.focal_point((await again(stage, name)).lead_state_id),
        now=stage.days.next(),
    )
    return await _fresh(match)


async def _plan(
    stage: Stage, match: Match, lines: tuple[PlannedLine, ...], *, number: int
) -> None:
    first = stage.days.moment.date() + timedelta(days=7 * number)
    await plan(
        match,
        DeliveryPlan(
            title=("First course", "Second course")[number],
            place="Training centre",
            starts_on=first,
            ends_on=first,
            lines=lines,
            milestones=(PlannedMilestone("Invitations are out", first),),
        ),
        actor=await _admin(stage, match),
        now=stage.days.next(),
    )


async def _report(stage: Stage, match: Match) -> None:
    """All that was planned, half of it women."""
    delivery = await Delivery.get(match_id=match.id, state="running")
    lines = await DeliveryLine.filter(delivery_id=delivery.id)
    people = sum(line.quantity for line in lines)
    today = stage.days.moment.date()
    await report(
        delivery,
        Report(
            text="The course took place as planned, with exercises on invented cases.",
            quantities={line.line_id: line.quantity for line in lines},
            attendance=(Attendance("Those who asked", people // 2, people - people // 2),),
            outputs=("A curriculum that the institution repeats by itself",),
            starts_on=min(delivery.starts_on, today),
            ends_on=min(delivery.ends_on, today),
        ),
        actor=await _admin(stage, match),
        now=stage.days.next(),
    )


async def _both_sides(stage: Stage, name: str, match: Match) -> list[Actor]:
    """Every participant's administrator, then every State's focal point."""
    participants = await Participant.filter(match_id=match.id).order_by("id")
    states = sorted(states_of(await again(stage, name)))
    admins = {one.organization_id: stage.admin_of(one.organization_id) for one in participants}
    return [*admins.values(), *map(stage.focal_point, states)]


async def _admin(stage: Stage, match: Match) -> Actor:
    participant = await Participant.filter(match_id=match.id).order_by("id").first()
    assert participant is not None  # noqa: S101 - a match has its provider
    return stage.admin_of(participant.organization_id)


async def _fresh(match: Match) -> Match:
    return await Match.get(id=match.id)


PAST: dict[str, Callable[[Stage, str], Awaitable[object]]] = {
    "SMP-R04": closed,
    "SMP-R06": evaluated,
    "SMP-R12": suspended,
}
PRESENT: dict[str, Callable[[Stage, str], Awaitable[object]]] = {
    "SMP-R01": agreed,
    "SMP-R16": reported,
    "SMP-R25": delivered,
    "SMP-R32": partly_delivered,
    "SMP-R35": disputed,
}


async def begin_early(stage: Stage) -> None:
    """Of some weeks ago: what was learnt from it is known by now."""
    stage.days.before(44)
    for name, told in PAST.items():
        await told(stage, name)


async def go_on(stage: Stage) -> None:
    """Under way: each waits for somebody else today."""
    stage.days.before(5)
    for name, told in PRESENT.items():
        await told(stage, name)
