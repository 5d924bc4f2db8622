"""The sample's files as rows, and the gates that its labels take for granted."""

import csv
from collections import defaultdict
from datetime import date
from importlib.resources import files

from concord.reference import tables

Row = dict[str, str]
REGION = {state.code: state.region for state in tables.states(illustrative=True)}
ILLUSTRATIVE = frozenset(f"Q{letter}{letter}" for letter in "MNOPQRSTUVWXYZ")


def rows(name: str) -> list[Row]:
    text = files("concord.demo.sample").joinpath(f"{name}.csv").read_text("utf-8")
    return list(csv.DictReader(text.splitlines()))


def by_id(name: str) -> dict[str, list[Row]]:
    """The rows of each record: its items or slots."""
    found: dict[str, list[Row]] = defaultdict(list)
    for row in rows(name):
        found[row["external_id"]].append(row)
    return dict(found)


def values(field: str) -> list[str]:
    return [value for value in field.split(";") if value]


def states_of(request: Row) -> set[str]:
    return {request["state"], *values(request["co_states"])}


def closed_gates(request: list[Row], offer: list[Row], *, home: str) -> set[str]:
    """What bars an offer whose organization belongs to the State `home`, if to any."""
    asked, given = request[0], offer[0]
    states = states_of(asked)
    regions = values(given["regions"])
    closed = {
        "modality": {row["modality"] for row in request}.isdisjoint(
            row["modality"] for row in offer
        ),
        "language": asked["language"] not in values(given["delivery_languages"]),
        "window": _starts(given) > _ends(asked) or _ends(given) < _starts(asked),
        "region": bool(regions) and any(REGION[state] not in regions for state in states),
        "excluded": not states.isdisjoint(values(given["excluded_states"])),
        "own": home in states,
    }
    return {gate for gate, shut in closed.items() if shut}


def _starts(row: Row) -> date:
    return date.fromisoformat(row["starts_on"])


def _ends(row: Row) -> date:
    return date.fromisoformat(row["ends_on"])
