"""The outbox: what is to be done after commit, written as rows in the caller's transaction."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from uuid import UUID, uuid4

from tortoise import fields
from tortoise.models import Model

RANK_REQUEST = "rank_request"
RANK_OFFER = "rank_offer"
RANK_AGAIN = "rank_again"
RERANK = "rerank"
CHECK_DUPLICATES = "check_duplicates"
TRAIN_MODEL = "train_model"
SOLVE_PORTFOLIO = "solve_portfolio"
TELL = "tell"
MAIL = "mail"

_written: ContextVar[list[str]] = ContextVar("written")


class Outbox(Model):
    """One thing to do; leased by workers, done once `done_at` is set, dead once `dead_at` is."""

    id = fields.BigIntField(primary_key=True, generated=True)
    name = fields.CharField(max_length=60)
    payload: fields.Field[dict[str, object]] = fields.JSONField()
    dedup = fields.CharField(max_length=200, unique=True)
    created_at = fields.DatetimeField(auto_now_add=True)
    next_at = fields.DatetimeField()
    lease_until = fields.DatetimeField(null=True)
    attempts = fields.IntField(default=0)
    done_at = fields.DatetimeField(null=True)
    dead_at = fields.DatetimeField(null=True)
    error = fields.TextField(default="")

    class Meta:
        table = "outbox"


async def enqueue(
    name: str,
    *,
    now: datetime,
    dedup: str | None = None,
    at: datetime | None = None,
    **ids: UUID | str | int,
) -> None:
    """Ask a worker to run `name` with `ids`, at `at` (now); the same `dedup` is asked for once."""
    payload: dict[str, object] = {key: str(value) for key, value in ids.items()}
    await _insert([(name, payload, dedup or f"{name}:{uuid4()}", at or now)])


async def enqueue_payload(
    name: str, payload: dict[str, object], *, dedup: str, now: datetime
) -> None:
    """Ask for `name` with a payload as it stands."""
    await _insert([(name, payload, dedup, now)])


async def owe(
    message: str,
    payload: dict[str, object],
    *,
    to: Iterable[UUID],
    dedup: str,
    now: datetime,
    at: datetime | None = None,
) -> None:
    """Owe `message` to people, in inbox and mail, not before `at`; one row a person.

    `dedup` names the event (`match:<id>:proposed:<version>`); a repeated call owes nothing more.
    """
    await _insert(
        [
            (
                TELL,
                {"message": message, "person": str(person), "payload": payload, "dedup": dedup},
                f"tell:{dedup}:{person}",
                at or now,
            )
            for person in sorted(set(to))
        ]
    )


async def forget(prefix: str) -> int:
    """Take back what was owed under `dedup`s that begin with `prefix` and is not yet done."""
    return await Outbox.filter(dedup__startswith=prefix, done_at=None, lease_until=None).delete()


@contextmanager
def watched() -> Iterator[list[str]]:
    """Collects the names of what is written inside, so that the caller knows whether to ring."""
    written: list[str] = []
    token = _written.set(written)
    try:
        yield written
    finally:
        _written.reset(token)


async def _insert(rows: list[tuple[str, dict[str, object], str, datetime]]) -> None:
    await Outbox.bulk_create(
        [
            Outbox(name=name, payload=payload, dedup=dedup, next_at=at)
            for name, payload, dedup, at in rows
        ],
        ignore_conflicts=True,
    )
    _written.get([]).extend(name for name, *_ in rows)


async def backlog(*, now: datetime) -> tuple[int, int]:
    """How many rows are due and not done, and how many were given up."""
    waiting = Outbox.filter(done_at=None, dead_at=None, next_at__lte=now)
    return await waiting.count(), await Outbox.filter(done_at=None, dead_at__isnull=False).count()


async def send_again(identifier: int, *, now: datetime) -> bool:
    """Put a dead row back into the queue; False when there is no such row."""
    revived = await Outbox.filter(id=identifier, dead_at__isnull=False, done_at=None).update(
        dead_at=None, attempts=0, next_at=now, lease_until=None
    )
    if revived:
        _written.get([]).append("send_again")
    return bool(revived)


async def forget_done(before: datetime) -> int:
    """Delete what was done before; what is dead waits for somebody."""
    return await Outbox.filter(done_at__lt=before).delete()
