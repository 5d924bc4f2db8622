"""Files: inspected, then kept in the database."""

import hashlib
from datetime import datetime
from uuid import UUID

from concord import audit
from concord.actor import Actor
from concord.database import transaction
from concord.errors import InvalidInput, NotAllowed
from concord.organizations.files import Refused, inspected
from concord.organizations.models import Attachment, Organization
from concord.organizations.policy import may_add_document
from concord.organizations.values import File


async def store_attachment(
    upload: File,
    *,
    subject_kind: str,
    subject_id: UUID,
    actor: Actor,
    now: datetime,
    secretariat_only: bool = False,
    field: str = "file",
) -> Attachment:
    """Keep a file with a subject, in the caller's transaction; the caller has checked who may.

    `InvalidInput` names `field` when the file is too large, of another kind than the accepted
    ones, or not what its name says.
    """
    try:
        file = inspected(upload.filename, upload.content)
    except Refused as refused:
        raise InvalidInput({field: refused.message}) from None
    async with transaction():
        kept = await Attachment.create(
            subject_kind=subject_kind,
            subject_id=subject_id,
            filename=file.filename,
            media_type=file.media_type,
            size=len(upload.content),
            sha256=hashlib.sha256(upload.content).hexdigest(),
            content=upload.content,
            created_at=now,
            uploaded_by_id=actor.person_id,
            secretariat_only=secretariat_only,
        )
        await audit.record(
            "attachment.stored",
            actor=actor,
            subject_kind=subject_kind,
            subject_id=subject_id,
            now=now,
            attachment=str(kept.id),
            size=kept.size,
            sha256=kept.sha256,
        )
    return kept


async def add_document(
    organization: Organization, upload: File, *, actor: Actor, now: datetime
) -> Attachment:
    """A paper for the screening; what an officer adds stays inside UNODC."""
    if not may_add_document(actor, organization):
        raise NotAllowed("Only the provider or a due diligence officer adds documents here.")
    return await store_attachment(
        upload,
        subject_kind="organization",
        subject_id=organization.id,
        actor=actor,
        now=now,
        secretariat_only=actor.is_secretariat,
    )
