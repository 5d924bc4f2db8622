"""Rows of every table, without the rules of the actions."""

from collections.abc import Sequence
from typing import Any
from uuid import uuid4

from tortoise.transactions import in_transaction

from concord.audit import record
from concord.database import Record
from concord.duplicates.models import DuplicateFlag
from concord.inbox.models import Notice, Task
from concord.matches.models import Delivery
from concord.organizations.models import ActOnBehalf, Attachment, OrganizationStep, Screening
from concord.pairings.models import Pairing, Ranking, ShownList
from concord.reference.identifiers import new_public_id
from concord.web.models import IdempotencyKey
from tests.conftest import NOW
from tests.security.case_rows import add_offers, add_requests
from tests.security.match_rows import add_deliveries, add_matches
from tests.security.scene import DAY, STEP, TEXT_HASH, Scene

UNBOUND = "SET LOCAL ROLE NONE; SET LOCAL session_replication_role = replica"


async def fill(scene: Scene) -> None:
    async with in_transaction() as connection:
        await connection.execute_script(UNBOUND)
        await add_requests(scene)
        await add_offers(scene)
        await add_matches(scene)
        await add_deliveries(scene)
        await add_around(scene)


async def add_around(scene: Scene) -> None:
    at: dict[str, Any] = {"request_id": lambda parent: parent.id}
    run: dict[str, Any] = {"model_version": "1", "computed_at": NOW}
    await scene.each(Ranking, scene.requests, considered=1, eligible=1, **run, **at)
    await scene.each(
        Pairing,
        scene.requests,
        offer_id=lambda _: scene.one_of(scene.offers).id,
        rank=1,
        score=0.5,
        **run,
        **at,
    )
    await scene.each(
        ShownList,
        scene.requests,
        person_id=scene.person,
        shown_at=NOW,
        length=1,
        offers=[],
        **run,
        **at,
    )
    await _flags(scene)
    await _waiting(scene)
    await _files(scene)
    place: dict[str, Any] = {"organization_id": lambda parent: parent.id}
    await scene.each(OrganizationStep, scene.crowd.providers * 3, **STEP, **place)
    await scene.each(Screening, scene.crowd.providers * 3, **place)
    for person in scene.crowd.people:
        await IdempotencyKey.create(key="k", person_id=person, fingerprint="f")
        await Notice.create(person_id=person, message="m", payload={}, dedup="d", told_at=NOW)
    await record(
        "request.submit",
        actor=scene.crowd.actors["approver"],
        subject_kind="request",
        subject_id=scene.requests[0].id,
        now=NOW,
    )


async def _flags(scene: Scene) -> None:
    sides: dict[str, tuple[Sequence[Record], Sequence[Record]]] = {
        "request_request": (scene.requests, scene.requests),
        "offer_offer": (scene.offers, scene.offers),
        "match_undertaking": (scene.requests, scene.matches),
    }
    for kind, (left, right) in sides.items():
        await DuplicateFlag.bulk_create(
            [
                DuplicateFlag(
                    kind=kind,
                    left_id=scene.one_of(left).id,
                    right_id=scene.one_of(right).id,
                    score=0.5,
                    verdict="possible",
                )
                for _ in range(60)
            ],
            ignore_conflicts=True,
        )


async def _waiting(scene: Scene) -> None:
    subjects: list[tuple[str, Record]] = [("request", one) for one in scene.requests]
    subjects += [("match", one) for one in scene.matches]
    roles = ["focal_point", "drafter", "partner_admin", "coordinator", "approver", "admin"]
    await Task.bulk_create(
        [
            Task(
                kind="k",
                subject_kind=kind,
                subject_id=one.id,
                subject_public_id="x",
                roles=scene.chance.sample(roles, 2),
                opened_at=NOW,
                closed_at=scene.maybe(NOW, 0.2),
                organization_id=scene.maybe(scene.provider(), 0.3),
                state_code=scene.maybe(scene.state(), 0.4),
                person_id=scene.maybe(scene.person(), 0.2),
            )
            for kind, one in subjects
        ],
        ignore_conflicts=True,
    )


async def _files(scene: Scene) -> None:
    acts = await scene.each(
        ActOnBehalf,
        scene.requests,
        id=lambda _: uuid4(),
        state_id=scene.state,
        command="x",
        public_id=lambda _: new_public_id("ACT"),
        subject_kind="request",
        arguments={},
        subject_id=lambda one: one.id,
        subject_public_id="x",
        note_reference="n",
        note_date=DAY,
        recorded_by_id=scene.person,
        assigned=lambda _: scene.maybe([scene.person(), scene.person()], 0.3),
    )
    places = [*scene.crowd.authorities, *scene.crowd.providers]
    subjects: dict[str, Sequence[Record]] = {
        "request": scene.requests,
        "act_on_behalf": acts,
        "delivery": await Delivery.all(),
        "organization": places,
        "unknown": scene.requests[:9],
    }
    for kind, of in subjects.items():
        await scene.each(
            Attachment,
            of,
            subject_kind=kind,
            subject_id=lambda one: one.id,
            filename="f",
            media_type="text/plain",
            size=1,
            sha256=TEXT_HASH,
            content=b"x",
            secretariat_only=lambda _: scene.maybe(True, 0.2) or False,
        )
