"""The solved question as rows to read and to propose, and what is left unmet and why."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from concord.portfolio.gathering import Gathered, Item, Option
from matching.plans import Answer, Outcome

COMPARED = ("plan", "without_floor", "each_best", "first_come")


def rows_of(found: Gathered, answer: Answer) -> list[dict[str, Any]]:
    """One row a request and offer, the most pressing first, then the closest."""
    kept = set(found.question.kept)
    rows: dict[str, dict[str, Any]] = {}
    for place in answer.plan.chosen:
        option = found.options[place]
        row = rows.setdefault(str(option.pair), _row(option, kept=place in kept))
        row["lines"].append([str(option.item.id), str(option.slot), option.quantity])
    return sorted(rows.values(), key=lambda row: (-row["priority"], -row["score"], row["pair"]))


def unmet_of(found: Gathered, answer: Answer) -> list[dict[str, Any]]:
    """Items that the plan leaves open, each with the first reason that holds."""
    served = {found.options[place].item.id for place in answer.plan.chosen}
    scores: dict[object, float] = {}
    for option in found.options:
        scores[option.item.id] = max(scores.get(option.item.id, 0.0), option.score)
    return [
        {"request": item.request, "item": str(item.id), "why": _why(item, found, scores, answer)}
        for item in found.items
        if item.id not in served
    ]


def figures_of(found: Gathered, answer: Answer) -> dict[str, Any]:
    named: Mapping[str, Outcome] = {name: getattr(answer, name) for name in COMPARED}
    figures: dict[str, Any] = {
        name: {key: value for key, value in asdict(outcome).items() if key != "chosen"}
        for name, outcome in named.items()
    }
    return figures | {"items": len(found.items), "floor": answer.floor, "exact": answer.exact}


def _row(option: Option, *, kept: bool) -> dict[str, Any]:
    return {
        "pair": str(option.pair),
        "request": option.item.request,
        "offer": option.offer,
        "score": option.score,
        "rank": option.rank,
        "priority": option.item.priority,
        "kept": kept,
        "lines": [],
    }


def _why(item: Item, found: Gathered, scores: Mapping[object, float], answer: Answer) -> str:
    if item.id not in scores:
        return found.lost.get(item.id) or ("by_hand" if item.ranked else "nothing")
    if answer.floor is not None and scores[item.id] < answer.floor:
        return "floor"
    return "taken"
