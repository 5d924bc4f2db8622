"""What a page answers when the database is away, and when it says something else."""

import asyncpg
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from tortoise.exceptions import DBConnectionError, OperationalError

from concord.web.routing import page
from tests.conftest import Client

TYPED = "what somebody typed"


def wrapped(cause: Exception) -> OperationalError:
    error = OperationalError(str(cause))
    error.__cause__ = cause
    return error


AWAY = [
    asyncpg.CannotConnectNowError("starting up"),
    asyncpg.InterfaceError("pool is closed"),
    DBConnectionError("no"),
    ConnectionRefusedError("no"),
    wrapped(asyncpg.AdminShutdownError("restarting")),
]
OURS = [
    wrapped(asyncpg.StringDataRightTruncationError(TYPED)),
    wrapped(asyncpg.UndefinedColumnError(TYPED)),
]


def failing(app: Starlette, error: Exception) -> None:
    async def fail(request: Request) -> Response:
        raise error

    app.router.routes[:0] = [page("/fail", fail, public=True)]


@pytest.mark.parametrize("error", AWAY, ids=lambda error: type(error).__name__)
async def test_an_outage_says_when_to_come_back(
    app: Starlette, client: Client, error: Exception
) -> None:
    failing(app, error)
    response = await client.get("/fail")
    assert (response.status_code, response.headers["retry-after"]) == (503, "5")


@pytest.mark.parametrize("error", OURS, ids=lambda error: type(error.__cause__).__name__)
async def test_a_mistake_of_ours_is_no_outage_and_logs_no_text(
    app: Starlette, client: Client, error: Exception, capsys: pytest.CaptureFixture[str]
) -> None:
    failing(app, error)
    response = await client.get("/fail")
    assert (response.status_code, TYPED in response.text) == (500, False)
    written = capsys.readouterr()
    assert TYPED not in written.out + written.err


async def test_signing_in_leads_back_to_the_same_filter(client: Client) -> None:
    response = await client.get("/inbox?filter=unread&page=2")
    assert response.headers["location"] == "/sign-in?next=/inbox%3Ffilter%3Dunread%26page%3D2"
