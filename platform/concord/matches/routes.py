"""Addresses of matches, and of what stops a request, an offer or a provider with its matches."""

from concord.matches import (
    browsing,
    changing,
    deciding,
    drafting,
    merging,
    on_paper,
    requests_on_paper,
    withdrawing,
)
from concord.matches.pages import STEPS
from concord.web.routing import command, page

on_paper.register()
requests_on_paper.register()

MATCH = "/matches/{id}"
REQUEST = "/requests/{id}"
OFFER = "/offers/{id}"
BOTH = ("GET", "POST")

routes = [
    page("/matches", browsing.index, name="matches"),
    page(MATCH, browsing.show, name="match"),
    command(f"{MATCH}/consent", deciding.consent, name="consent_to_match"),
    command(f"{MATCH}/acceptance", deciding.accept, name="accept_match"),
    command(f"{MATCH}/approval", deciding.approve, name="approve_match"),
    command(f"{MATCH}/undo", deciding.undo, name="undo_match"),
    *(
        page(f"{MATCH}/{address}", deciding.step_page, name=f"match_{verb}_page")
        for verb, address in STEPS.items()
    ),
    *(
        command(f"{MATCH}/{address}", deciding.take_step, name=f"match_{verb}")
        for verb, address in STEPS.items()
    ),
    page(f"{REQUEST}/matches/new", drafting.new, name="new_match"),
    command(f"{REQUEST}/matches", drafting.create, name="propose_match"),
    *(
        page(f"{REQUEST}/{way}", withdrawing.request_stop, name=f"request_{way}_page")
        for way in withdrawing.REQUEST_STOPS
    ),
    *(
        command(f"{REQUEST}/{way}", withdrawing.stop_request, name=f"request_{way}")
        for way in withdrawing.REQUEST_STOPS
    ),
    page(f"{REQUEST}/merge", merging.show, name="request_merge_page"),
    command(f"{REQUEST}/merge", merging.ask, name="request_merge"),
    command(f"{REQUEST}/merge/confirmation", merging.confirm, name="request_merge_confirmation"),
    command(f"{REQUEST}/merge/withdrawal", merging.withdraw, name="request_merge_withdrawal"),
    page(f"{OFFER}/withdrawal", withdrawing.offer_stop, name="offer_withdrawal_page"),
    command(f"{OFFER}/withdrawal", withdrawing.stop_offer, name="offer_withdrawal"),
    page(f"{OFFER}/change", changing.change_offer, name="offer_change", methods=BOTH),
    page(f"{REQUEST}/change", changing.change_request, name="request_change"),
    page(f"{REQUEST}/change/items", changing.change_items, name="request_change_items"),
    page(
        f"{REQUEST}/change/items/new", changing.change_item, name="new_item_change", methods=BOTH
    ),
    page(
        f"{REQUEST}/change/items/{{position:int}}",
        changing.change_item,
        name="item_change",
        methods=BOTH,
    ),
    command(
        f"{REQUEST}/change/items/{{position:int}}/removal",
        changing.remove_one,
        name="item_change_removal",
    ),
    page(
        f"{REQUEST}/change/{{section}}",
        changing.change_section,
        name="request_change_section",
        methods=BOTH,
    ),
    command(
        "/organizations/{id}/suspension",
        changing.suspend_organization,
        name="organization_suspension",
    ),
    command(
        "/organizations/{id}/reinstatement",
        changing.reinstate_organization,
        name="organization_reinstatement",
    ),
]
