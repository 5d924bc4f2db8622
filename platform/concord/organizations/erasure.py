"""Forgets the notes that named a person for an office, once the person is erased."""

from uuid import UUID

from concord.accounts.erasure import register
from concord.inbox.erasure import forget_notices
from concord.organizations.models import Attachment

KIND = "accreditation"


async def forget_notes(person_id: UUID, membership_ids: frozenset[UUID]) -> None:
    await Attachment.filter(subject_kind=KIND, subject_id__in=list(membership_ids)).delete()


def register_erasures() -> None:
    """What is kept of a person outside the account; called by whoever puts the areas together."""
    register(forget_notices)
    register(forget_notes)
