"""Who may open an attachment: each area says so for its own kinds of subject."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from uuid import UUID

from concord.actor import Actor

AttachmentPolicy = Callable[[Actor, UUID], Awaitable[bool]]
"""Whether the actor may open the attachments of the subject with this id."""

AttachmentOpening = Callable[[Actor, UUID, datetime], Awaitable[None]]
"""What is kept of an opening, for those who may ask who read the subject."""

attachment_openings: dict[str, AttachmentOpening] = {}
"""By kind of subject, where somebody may ask."""

attachment_policies: dict[str, AttachmentPolicy] = {}
"""By kind of subject; a kind that is missing is seen by nobody."""
