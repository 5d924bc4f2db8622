"""Try one statement and undo it: which constraint refused it, if any."""

from tortoise.exceptions import IntegrityError
from tortoise.transactions import in_transaction


class _Undone(Exception):
    pass


async def refusal(statement: str, *values: object) -> str | None:
    """The name of the constraint that refused it; None where it went through. Undone."""
    try:
        async with in_transaction() as connection:
            await connection.execute_query(statement, list(values))
            raise _Undone
    except _Undone:
        return None
    except IntegrityError as error:
        return str(getattr(error.args[0], "constraint_name", None))
