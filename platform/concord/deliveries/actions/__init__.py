"""Every write after approval: terms, start, deliveries, evaluation, closing."""

from concord.deliveries.actions.confirming import (
    acknowledge,
    cancel_delivery,
    confirm,
    decide,
    dispute,
)
from concord.deliveries.actions.evaluating import answer_lesson, close, evaluate
from concord.deliveries.actions.planning import begin, change, plan
from concord.deliveries.actions.reporting import attach_evidence, report
from concord.deliveries.actions.starting import start
from concord.deliveries.actions.terms import agree_terms, draft_terms
from concord.deliveries.actions.time import (
    ask_about_stalled,
    ask_report,
    ask_to_decide,
    begin_on_its_day,
    close_in_time,
    confirm_by_silence,
)

__all__ = [
    "acknowledge",
    "agree_terms",
    "answer_lesson",
    "ask_about_stalled",
    "ask_report",
    "ask_to_decide",
    "attach_evidence",
    "begin",
    "begin_on_its_day",
    "cancel_delivery",
    "change",
    "close",
    "close_in_time",
    "confirm",
    "confirm_by_silence",
    "decide",
    "dispute",
    "draft_terms",
    "evaluate",
    "plan",
    "report",
    "start",
]
