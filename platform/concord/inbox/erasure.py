"""Forgets what a person was told, once the person is erased."""

from uuid import UUID

from concord.inbox.models import Notice


async def forget_notices(person_id: UUID, membership_ids: frozenset[UUID]) -> None:
    await Notice.filter(person_id=person_id).delete()
