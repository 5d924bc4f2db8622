"""What people say about themselves: name, language, time zone, mail."""

from datetime import datetime

from concord import audit
from concord.accounts.models import Person
from concord.accounts.values import Profile
from concord.actor import Actor
from concord.database import transaction
from concord.errors import NotFound


async def change_profile(values: Profile, *, actor: Actor, now: datetime) -> None:
    async with transaction():
        changed = await Person.filter(id=actor.person_id).update(
            name=values.name,
            locale=values.locale,
            timezone=values.timezone,
            wants_email=values.wants_email,
        )
        if not changed or actor.person_id is None:
            raise NotFound
        await audit.record(
            "person.profile_changed",
            actor=actor,
            subject_kind="person",
            subject_id=actor.person_id,
            now=now,
        )


async def choose_locale(locale: str, *, actor: Actor) -> None:
    """Pages and mails speak `locale` from now on; no decision, so no entry in the trail."""
    await Person.filter(id=actor.person_id).update(locale=locale)
