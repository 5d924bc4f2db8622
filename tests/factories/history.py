"""Rows as an older story left them, in a state that no single step leads to."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from tortoise.models import Model
from tortoise.transactions import in_transaction

from concord.database import APP_ROLE


@asynccontextmanager
async def unguarded() -> AsyncIterator[None]:
    """As the owner of the database, whom no trigger and no row security holds."""
    async with in_transaction() as connection:
        await connection.execute_script(
            "SET LOCAL ROLE NONE; SET LOCAL session_replication_role = replica"
        )
        yield
        await connection.execute_script(
            f"SET LOCAL session_replication_role = origin; SET LOCAL ROLE {APP_ROLE}"
        )


async def set_down(row: Model, **columns: Any) -> None:
    """The row with these columns, however it came to them."""
    async with unguarded():
        await type(row).filter(pk=row.pk).update(**columns)
    row.update_from_dict(columns)
