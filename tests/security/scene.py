"""What chance makes of a populated database; the seed is fixed, so that a failure comes back."""

import hashlib
from collections.abc import Sequence
from datetime import date
from random import Random
from typing import Any, TypeVar
from uuid import UUID

from tortoise.models import Model

from concord.matches.models import Match
from concord.offers.models import Offer
from concord.requests.models import Request
from tests.conftest import NOW
from tests.security.crowd import STATES, Crowd

M = TypeVar("M", bound=Model)
T = TypeVar("T")
DAY = date(2027, 3, 1)
TEXT_HASH = hashlib.sha256(b"x").hexdigest()
STEP: dict[str, Any] = {"verb": "submit", "source": "draft", "target": "submitted", "at": NOW}


class Scene:
    """The people, what was made so far, and draws from a fixed seed."""

    def __init__(self, crowd: Crowd, seed: int = 7) -> None:
        self.crowd = crowd
        self.chance = Random(seed)  # noqa: S311 - to vary rows, nothing secret
        self.requests: list[Request] = []
        self.offers: list[Offer] = []
        self.matches: list[Match] = []

    def one_of(self, things: Sequence[T]) -> T:
        return self.chance.choice(things)

    def maybe(self, thing: T, of: float = 0.5) -> T | None:
        return thing if self.chance.random() < of else None

    async def each(self, model: type[M], parents: Sequence[Model], **columns: Any) -> list[M]:
        """Up to two rows a parent; a column that can be called is asked for each row."""
        made = [
            model(
                **{
                    name: value(parent) if callable(value) else value
                    for name, value in columns.items()
                }
            )
            for parent in parents
            for _ in range(self.chance.randint(0, 2))
        ]
        await model.bulk_create(made, ignore_conflicts=True)
        return made

    def person(self, _: object = None) -> UUID:
        return self.one_of(self.crowd.people)

    def provider(self, _: object = None) -> UUID:
        return self.one_of(self.crowd.providers).id

    def question(self) -> dict[str, Any]:
        return {
            "asked_by_id": self.person,
            "asked_by_organization_id": self.provider,
            "asked_at": NOW,
            "question": "Which language?",
            "shared": self.yes,
            "answer": lambda _: self.maybe("French."),
        }

    def state(self, _: object = None) -> str:
        return self.one_of(STATES)

    def yes(self, _: object = None) -> bool:
        return self.chance.random() < 0.5

    def when(self, _: object = None) -> Any:
        return self.maybe(NOW)
