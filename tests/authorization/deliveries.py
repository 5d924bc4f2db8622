"""A match in delivery, by rows: terms, one reported delivery, evaluations and a lesson."""

from datetime import date
from enum import StrEnum
from hashlib import sha256
from uuid import UUID

from tortoise.connection import get_connection

from concord.database import APP_ROLE
from concord.matches.delivery_states import DeliveryState
from concord.matches.models import (
    Delivery,
    DeliveryLine,
    DeliveryParticipants,
    DeliveryStep,
    Evaluation,
    LessonDraft,
    Match,
    MatchLine,
    Milestone,
    Terms,
)
from concord.matches.states import MatchState
from concord.reference.identifiers import new_public_id
from tests.authorization.visitors import Company
from tests.conftest import NOW

FIRST, LAST = date(2027, 3, 1), date(2027, 3, 5)


async def past_every_guard(*statements: str) -> None:
    """Run statements as the owner with triggers off: rows without the steps that lead there."""
    connection = get_connection("default")
    await connection.execute_script(
        "SET ROLE NONE; SET session_replication_role = replica;"
        + ";".join(statements)
        + f"; SET session_replication_role = origin; SET ROLE {APP_ROLE}"
    )


async def in_delivery(everyone: Company, match: Match) -> Delivery:
    """Everything that hangs on a match under way; the State has a report to confirm."""
    await _put("match", match.id, MatchState.IN_DELIVERY)
    digest = sha256(b"Terms.").hexdigest()
    await Terms.create(
        match=match, number=1, body="Terms.", text="Terms.", sha256=digest, drafted_at=NOW
    )
    delivery = await Delivery.create(
        public_id=new_public_id("DLV"),
        match=match,
        title="A course",
        place="QM",
        starts_on=FIRST,
        ends_on=LAST,
        state_since=NOW,
        report="Held.",
        reported_at=NOW,
    )
    await _put("delivery", delivery.id, DeliveryState.REPORTED)
    line = await MatchLine.get(match_id=match.id)
    await DeliveryLine.create(delivery=delivery, line=line, quantity=1, reported_quantity=1)
    await DeliveryParticipants.create(delivery=delivery, institution="Police", women=1)
    await Milestone.create(delivery=delivery, position=1, title="First", due_on=FIRST)
    await DeliveryStep.create(delivery=delivery, verb="report", target="reported", at=NOW)
    await Evaluation.create(match=match, state_id="QMM", given_at=NOW)
    await Evaluation.create(match=match, organization=everyone.provider, given_at=NOW)
    await LessonDraft.create(match=match, title="A lesson", text="Learned.", drafted_at=NOW)
    return delivery


async def _put(table: str, subject: UUID, state: StrEnum) -> None:
    await past_every_guard(f"UPDATE {table} SET state = '{state}' WHERE id = '{subject}'")  # noqa: S608
