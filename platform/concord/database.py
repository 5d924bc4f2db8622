"""Tortoise configuration, connections with their role, and transactions that know their actor."""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import asynccontextmanager
from contextvars import ContextVar
from typing import Any, TypeVar
from urllib.parse import parse_qs, unquote, urlsplit

import structlog
from tortoise import Tortoise, fields
from tortoise.backends.base.client import TransactionalDBClient
from tortoise.context import TortoiseContext
from tortoise.exceptions import IntegrityError
from tortoise.models import Model
from tortoise.transactions import in_transaction

from concord.actor import Actor
from concord.commits import is_open, waiting_room
from concord.errors import Conflict

T = TypeVar("T")
_log = structlog.get_logger("concord.clocks")
AREAS = (
    "reference",
    "web",
    "accounts",
    "organizations",
    "inbox",
    "activities",
    "duplicates",
    "requests",
    "offers",
    "pairings",
    "matches",
    "portfolio",
    "demand",
)
MODELS = ["concord.jobs", "concord.audit.models", *(f"concord.{area}.models" for area in AREAS)]
APP_ROLE = "concord_app"
WORKER_ROLE = "concord_worker"

TORTOISE_ORM: dict[str, Any] = {
    "connections": {"default": "asyncpg://concord@localhost/concord"},
    "apps": {
        "concord": {
            "models": MODELS,
            "default_connection": "default",
            "migrations": "concord.migrations",
        }
    },
    "use_tz": True,
    "timezone": "UTC",
}


_MACHINES = ("request", "offer", "match", "delivery", "verification", "accreditation")
REFUSALS = {
    **{f"{name}_moves_legally": "This has moved on. Nothing was changed." for name in _MACHINES},
    **{f"{name}_starts_legally": "This does not begin there." for name in _MACHINES},
    **{f"{name}_end_is_final": "This has ended and is kept as it is." for name in _MACHINES},
    "membership_keeps_its_role": "Another role is another membership.",
    "slot_within_capacity": "The offer has no capacity left for this. Nothing was changed.",
    "item_within_quantity": "What was asked for is already covered. Nothing was changed.",
    "one_live_line_per_item_and_slot": "This item and this slot are already in a match.",
    "no_repeated_assistance": "This would repeat assistance that is already planned or under way.",
    "approver_is_not_proposer": "Another person must approve what you proposed.",
    "consent_is_newer_than_scope": "The State has to consent to the present scope first.",
    "one_office_per_state": "The focal points of this State are at another office.",
    "acceptance_is_newer_than_scope": "The provider has to accept the present scope first.",
    "line_delivered_within_reserved": "More would be delivered than is reserved.",
    "item_unconfirmed_within_delivered": "More would be unconfirmed than was delivered.",
    "deliveries_within_line": "The deliveries together exceed what was approved.",
    "confirmed_within_reported": "No more can be confirmed than was reported.",
    "delivery_quantities_are_natural": "A quantity is a whole number of 1 or more.",
    "participants_are_counted": "A number of participants is 0 or more.",
    "delivery_period_is_ordered": "The last day is before the first one.",
    "delivery_is_of_its_match": "A delivery serves what its own match provides.",
    "delivery_confirmation_is_known": "It is not known who confirmed this delivery.",
    "terms_hash_is_of_text": "The text was changed on its way. Nothing was kept.",
    "terms_period_is_ordered": "The last day is before the first one.",
    "terms_text_is_fixed": "Terms of reference are replaced by a new version, never rewritten.",
    "one_current_terms_per_match": "Another version was drafted at the same moment. Look at it.",
    "agreement_has_one_side": "Either a State or an organization agrees.",
    "agreement_is_of_these_terms": "The terms of reference have changed. Read them again.",
    "terms_agreed_by_all_sides": "Every side has to agree to the same terms of reference first.",
    "evaluation_has_one_side": "Either a State or an organization evaluates.",
    "delivered_is_confirmed": "A delivery is still to be confirmed or cancelled.",
}
"""What each constraint means to the person whose command it refused."""


_beyond: ContextVar[bool] = ContextVar("beyond", default=False)
_may_command: ContextVar[bool] = ContextVar("may_command", default=True)


class Record(Model):
    """What every business table has: a random id, a version for forms, and its birth."""

    id = fields.UUIDField(primary_key=True)
    version = fields.IntField(default=1)
    created_at = fields.DatetimeField(auto_now_add=True)

    class Meta:
        abstract = True


def credentials(url: str) -> dict[str, Any]:
    """The connection arguments in a `asyncpg://user:password@host:port/name?host=/folder` URL."""
    parts = urlsplit(url)
    query = parse_qs(parts.query)
    found: dict[str, Any] = {
        "host": query.get("host", [parts.hostname or "localhost"])[0],
        "port": parts.port or 5432,
        "user": unquote(parts.username or ""),
        "password": unquote(parts.password or ""),
        "database": parts.path.lstrip("/"),
    }
    if "sslmode" in query:
        found["ssl"] = query["sslmode"][0]
    return found


def config(
    url: str, *, role: str | None = None, pool_size: int = 10, beyond: bool = False
) -> dict[str, Any]:
    """A Tortoise configuration for `url`; every connection acts as `role` where one is given.

    `beyond` is for whoever holds the database's credentials: no actor narrows what is read.
    """
    server_settings = {
        "application_name": "concord",
        **({"role": role} if role else {}),
        **({"app.beyond": "on"} if beyond else {}),
    }
    connection = {
        "engine": "tortoise.backends.asyncpg",
        "credentials": {
            **credentials(url),
            "minsize": 1,
            "maxsize": pool_size,
            "server_settings": server_settings,
        },
    }
    return {**TORTOISE_ORM, "connections": {"default": connection}}


@asynccontextmanager
async def connected(
    url: str, *, role: str | None = None, pool_size: int = 10, beyond: bool = False
) -> AsyncIterator[TortoiseContext]:
    """Open the pool for a process that has one event loop; close it at the end."""
    context = await Tortoise.init(
        config=config(url, role=role, pool_size=pool_size, beyond=beyond),
        _enable_global_fallback=True,
    )
    try:
        yield context
    finally:
        await context.close_connections()


@asynccontextmanager
async def visit(
    actor: Actor | None = None, *, commands: bool = True
) -> AsyncIterator[TransactionalDBClient]:
    """One transaction (a savepoint inside another) that sees what its actor may see, no more.

    Row-level security holds for every statement. Without `commands` nothing inside may open
    a command's `transaction`: a page that only shows never looks further.
    """
    token = _may_command.set(commands)
    try:
        async with _opened(actor) as connection:
            if actor is not None:
                await _look_beyond(connection, "")
            yield connection
    finally:
        _may_command.reset(token)


@asynccontextmanager
async def transaction(actor: Actor | None = None) -> AsyncIterator[TransactionalDBClient]:
    """One transaction (a savepoint inside another) of a command, as `actor` where one is given.

    Whether the actor may give the command is settled before; to carry it out takes rows that
    the actor never sees: rivals of a match, capacity held by others, whom to tell. Row-level
    security lets these through until its end. For actions alone, never for what is shown.
    READ COMMITTED. Start no task inside it: tasks would share its connection.
    """
    if not _may_command.get():
        raise RuntimeError("a page that only shows opens no command")
    nested, looking = is_open(), _beyond.get()
    async with _opened(actor) as connection:
        if looking:
            yield connection
            return
        await _look_beyond(connection, "on")
        token = _beyond.set(True)
        try:
            yield connection
        finally:
            _beyond.reset(token)
        if nested:  # undone by itself where the savepoint or the transaction ends
            await _look_beyond(connection, "")


@asynccontextmanager
async def snapshot() -> AsyncIterator[TransactionalDBClient]:
    """One moment of the whole database, read only: for whoever verifies it, outside any other."""
    async with in_transaction() as connection:
        await connection.execute_query(
            "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY"
        )
        await _look_beyond(connection, "on")
        yield connection


@asynccontextmanager
async def _opened(actor: Actor | None) -> AsyncIterator[TransactionalDBClient]:
    with waiting_room() as waiting:
        async with in_transaction() as connection:
            if actor is not None:
                await act_as(connection, actor)
            yield connection
            if waiting and waiting.before:
                await _look_beyond(connection, "on")
                await waiting.settle()
    if waiting:
        waiting.announce()


async def _look_beyond(connection: TransactionalDBClient, on: str) -> None:
    await connection.execute_query("SELECT set_config('app.beyond', $1, true)", [on])


async def act_as(connection: TransactionalDBClient, actor: Actor) -> None:
    """Tell the database who acts, until the end of the transaction, for row-level security."""
    await connection.execute_query(
        "SELECT set_config('app.actor', $1, true), set_config('app.role', $2, true),"
        " set_config('app.organization', $3, true), set_config('app.state', $4, true),"
        " set_config('app.states', $5, true), set_config('app.standing', $6, true)",
        [
            str(actor.person_id or ""),
            actor.role.value if actor.role else actor.name,
            str(actor.organization_id or ""),
            actor.state or "",
            f"{{{','.join(sorted(actor.states))}}}",
            _standing(actor),
        ],
    )


def _standing(actor: Actor) -> str:
    """`good` for an accredited office of a State and for a verified provider."""
    good = actor.accredited if actor.is_state else actor.organization_verified
    return "good" if good else ""


async def one_by_one(things: Iterable[T], act: Callable[[T], Awaitable[object]]) -> int:
    """Do something to each; how many times it was done (its answer was not False).

    For what the clock does: a thing that fails is logged and passed over, so that it never
    stands before the others; the next time tries it again.
    """
    done = 0
    for thing in things:
        try:
            done += await act(thing) is not False
        except Conflict:
            continue  # another process was faster
        except Exception as error:  # an edge: time goes on for the others
            _log.error("clock failed", error=type(error).__name__, exc_info=error)
    return done


def refused_by(error: IntegrityError) -> str | None:
    """What to tell the person whose command a constraint refused; None for an unknown one."""
    cause = error.__cause__ or (error.args[0] if error.args else None)
    return REFUSALS.get(getattr(cause, "constraint_name", None) or "")
