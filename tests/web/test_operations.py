"""Probes, metrics, headers and error pages of the bare application."""

from concord.web.headers import HEADERS
from tests.conftest import Client


async def test_health_answers_without_the_database(client: Client) -> None:
    response = await client.get("/health")
    assert (response.status_code, response.text) == (200, "ok")


async def test_ready_says_what_is_there(client: Client) -> None:
    response = await client.get("/ready")
    assert response.status_code == 200
    assert response.json() == {
        "database": True,
        "migrations": True,
        "redis": False,
        "worker": False,
    }


async def test_every_answer_carries_the_security_headers(client: Client) -> None:
    for path in ("/health", "/nowhere", "/static/app.css", "/static/none"):
        response = await client.get(path)
        missing = {name for name, value in HEADERS.items() if response.headers.get(name) != value}
        assert missing == set(), path
        assert response.headers["strict-transport-security"].startswith("max-age=63072000")


async def test_unknown_address_is_a_problem_for_programs(client: Client) -> None:
    response = await client.get("/nowhere", headers={"accept": "application/json"})
    assert response.headers["content-type"] == "application/problem+json"
    assert response.json() == {
        "type": "about:blank",
        "title": "There is nothing at this address",
        "status": 404,
    }
