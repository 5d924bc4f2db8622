"""Reads and writes the table of expectations, and says what an answer means."""

import re
from collections.abc import Mapping
from pathlib import Path

import httpx2

from tests.authorization.visitors import VISITORS

PATH = Path(__file__).with_name("expectations.txt")
SIGNS = {
    "+": "carried out, or refused for what was sent or where it stands (200, 303, 409, 422)",
    "x": "403: seen, yet not for this role",
    ".": "404: does not exist for this visitor, by the same answer as an unused id",
    "s": "sign in first",
}
Rows = Mapping[str, Mapping[str, str]]
"""Route (`GET /requests/{id}`) → case → one sign for each visitor."""
WIDTH = max(len(name) for name in VISITORS) + 1
CASE = 14


def sign(answer: httpx2.Response) -> str:
    """One of `SIGNS`; any other status is a defect and stands as its number."""
    if answer.status_code == 401 or answer.headers.get("location", "").startswith("/sign-in?"):
        return "s"
    if answer.status_code in {200, 303, 409, 410, 422}:
        return "+"
    return {403: "x", 404: "."}.get(answer.status_code, str(answer.status_code))


def read() -> Rows:
    """The table as it stands in the repository."""
    found: dict[str, dict[str, str]] = {}
    route = ""
    for line in PATH.read_text("utf-8").splitlines():
        if not line or line.startswith("#"):
            continue
        if not line.startswith(" "):
            route = line.strip()
            found[route] = {}
            continue
        case, *signs = line.split()
        if len(signs) != len(VISITORS):
            raise ValueError(f"{route} {case}: {len(signs)} signs for {len(VISITORS)} visitors")
        found[route][case] = "".join(signs)
    return found


def written(rows: Rows) -> str:
    """The table as text: a block a route, a line a case, a column a visitor."""
    head = [*(f"# {name}: {who}" for name, who in VISITORS.items()), "#"]
    head += [f"# {mark} {meaning}" for mark, meaning in SIGNS.items()]
    columns = "#" + " " * (CASE + 1) + "".join(name.ljust(WIDTH) for name in VISITORS)
    blocks = []
    for number, (route, cases) in enumerate(sorted(rows.items(), key=_order)):
        if number % 6 == 0:
            blocks.append(columns.rstrip())
        blocks.append(route)
        for case, signs in cases.items():
            row = "".join(mark.ljust(WIDTH) for mark in signs)
            blocks.append(f"  {case.ljust(CASE)}{row}".rstrip())
    return "\n".join([*head, "", *blocks, ""])


def _order(row: tuple[str, Mapping[str, str]]) -> tuple[str, str]:
    method, path = row[0].split(" ")
    return re.sub(r"[{}]", "", path), method
