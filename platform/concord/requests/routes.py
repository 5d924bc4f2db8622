"""Every address of requests and of their public summaries."""

from concord.requests import deciding, drafting, lists, reading
from concord.web.routing import command, page

BOTH = ("GET", "POST")
_R = "/requests/{public_id}"

routes = [
    page("/requests", lists.list_requests, name="requests"),
    page("/requests/new", drafting.new, name="new_request", methods=BOTH),
    page(_R, reading.show, name="request"),
    page(f"{_R}/draft", drafting.task_list, name="request_draft"),
    page(f"{_R}/draft/check", drafting.check, name="request_check"),
    page(f"{_R}/draft/items", drafting.items, name="request_items"),
    page(f"{_R}/draft/items/new", drafting.item, name="new_item", methods=BOTH),
    page(f"{_R}/draft/items/{{position:int}}", drafting.item, name="item", methods=BOTH),
    command(f"{_R}/draft/items/{{position:int}}/removal", drafting.removal, name="item_removal"),
    page(f"{_R}/draft/{{section}}", drafting.section, name="request_section", methods=BOTH),
    command(f"{_R}/submission", drafting.submission, name="request_submission"),
    command(f"{_R}/confirmation", drafting.confirmation, name="request_confirmation"),
    page(f"{_R}/review", deciding.review, name="request_review", methods=BOTH),
    page(f"{_R}/referral", deciding.referral, name="request_referral", methods=BOTH),
    page(f"{_R}/no-objection", deciding.no_objection, name="no_objection", methods=BOTH),
    command(f"{_R}/publication", reading.publication, name="request_publication"),
    command(f"{_R}/clarifications", reading.clarification, name="request_clarification"),
    page(
        f"{_R}/clarifications/{{clarification}}/answer",
        reading.answer,
        name="request_answer",
        methods=BOTH,
    ),
    command(f"{_R}/closure", reading.closure, name="request_closure"),
    command(f"{_R}/follow-up", reading.follow_up, name="request_follow_up"),
    command(f"{_R}/copy", reading.taking_up, name="request_copy"),
    command(f"{_R}/files", reading.attachment, name="request_file"),
    command(f"{_R}/assignments", reading.assignment, name="request_assignment"),
    command(f"{_R}/named-providers", reading.naming, name="request_naming"),
    page("/summaries", lists.list_summaries, name="summaries", public=True),
    page("/summaries/{public_id}", reading.show_summary, name="summary", public=True),
]
