"""Time goes on for the others when one thing fails."""

from concord.database import one_by_one
from concord.errors import Conflict


async def test_one_failure_stops_no_other() -> None:
    seen: list[int] = []

    async def act(number: int) -> bool:
        seen.append(number)
        if number == 1:
            raise ZeroDivisionError
        if number == 2:
            raise Conflict("Somebody was faster.")
        return number != 3

    assert await one_by_one([1, 2, 3, 4], act) == 1
    assert seen == [1, 2, 3, 4]
