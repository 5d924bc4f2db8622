"""What people type on the pages of a match after approval."""

from concord.deliveries.values import QUESTIONS
from concord.matches.models import Delivery, DeliveryLine, Match, MatchLine

TERMS = {
    "purpose": "Prosecutors present electronic evidence in court.",
    "activities": "One course of five days, with exercises on invented cases.",
    "place": "Training centre",
    "costs": "The provider pays its trainers.",
    "data_protection": "Lists of participants stay with the State.",
    "contacts": "The training sections on both sides.",
    "starts_on": "2027-03-01",
    "ends_on": "2027-03-05",
    "language": "en",
}
PLAN = {
    "title": "First course",
    "place": "Training centre",
    "starts_on": "2027-03-01",
    "ends_on": "2027-03-05",
    "milestone-0-title": "Curriculum ready",
    "milestone-0-due_on": "2027-02-20",
}
REPORT = {
    "text": "The course took place as planned.",
    "language": "en",
    "starts_on": "2027-03-01",
    "ends_on": "2027-03-05",
    "attendance-0-institution": "Prosecution Service",
    "attendance-0-women": "6",
    "attendance-0-men": "4",
    "output-0-title": "A curriculum",
}


async def plan_of(match: Match) -> dict[str, str]:
    """One delivery of everything."""
    lines = await MatchLine.filter(match_id=match.id)
    return PLAN | {f"line-{line.id}": str(line.item_quantity) for line in lines}


async def report_of(delivery: Delivery) -> dict[str, str]:
    """All that was planned took place."""
    lines = await DeliveryLine.filter(delivery_id=delivery.id)
    return REPORT | {f"line-{line.line_id}": str(line.quantity) for line in lines}


def rated(side: str, rating: int = 4) -> dict[str, str]:
    return {f"rating-{code}": str(rating) for code in QUESTIONS[side]} | {"language": "en"}
