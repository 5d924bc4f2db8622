"""Addresses of deliveries, and of what follows the approval of a match."""

from concord.deliveries import (
    agreeing,
    beginning,
    browsing,
    concluding,
    files,
    following,
    judging,
    on_paper,
    planning,
    reporting,
    shown,
    stepping,
)
from concord.web.routing import command, page

files.register()
following.register()
on_paper.register()

DELIVERY = "/deliveries/{id}"
MATCH = "/matches/{id}"
BOTH = ("GET", "POST")

routes = [
    page("/deliveries", browsing.index, name="deliveries"),
    page("/deliveries.ics", browsing.feed, name="deliveries_feed"),
    page("/deliveries/calendar", browsing.calendar, name="deliveries_calendar"),
    page(DELIVERY, shown.show, name="delivery"),
    page(f"{DELIVERY}/plan", planning.change, name="delivery_plan", methods=BOTH),
    page(f"{DELIVERY}/report", reporting.report, name="delivery_report", methods=BOTH),
    command(f"{DELIVERY}/evidence", reporting.attach, name="delivery_evidence"),
    page(f"{DELIVERY}/confirmation", judging.ask, name="delivery_confirmation_page"),
    command(f"{DELIVERY}/confirmation", judging.confirm, name="delivery_confirmation"),
    page(f"{DELIVERY}/decision", judging.ask, name="delivery_decision_page"),
    command(f"{DELIVERY}/decision", judging.decide, name="delivery_decision"),
    *(
        page(f"{DELIVERY}/{address}", stepping.ask, name=f"delivery_{address}_page")
        for address in stepping.VERB_OF
    ),
    *(
        command(f"{DELIVERY}/{address}", stepping.take, name=f"delivery_{address}")
        for address in stepping.VERB_OF
    ),
    page(f"{MATCH}/terms", agreeing.show, name="match_terms"),
    page(f"{MATCH}/terms/draft", agreeing.draft, name="match_terms_draft", methods=BOTH),
    command(f"{MATCH}/terms/agreement", agreeing.agree, name="match_terms_agreement"),
    page(f"{MATCH}/start", beginning.ask, name="match_start_page"),
    command(f"{MATCH}/start", beginning.start, name="match_start"),
    page(f"{MATCH}/deliveries/new", planning.new, name="new_delivery"),
    command(f"{MATCH}/deliveries", planning.create, name="plan_delivery"),
    page(f"{MATCH}/evaluation", concluding.evaluation, name="match_evaluation_page"),
    command(f"{MATCH}/evaluation", concluding.evaluate, name="match_evaluation"),
    page(f"{MATCH}/closing", concluding.closing, name="match_closing_page"),
    command(f"{MATCH}/closing", concluding.close, name="match_closing"),
    page(f"{MATCH}/lesson", concluding.lesson, name="match_lesson_page"),
    command(f"{MATCH}/lesson", concluding.answer_lesson, name="match_lesson"),
]
