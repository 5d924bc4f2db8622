"""What the queries and projections of the areas show to an actor, table by table."""

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from tortoise.models import Model

from concord.actor import Actor, Role
from concord.duplicates.models import DuplicateFlag
from concord.inbox.models import Notice, Task
from concord.inbox.queries import notices_of, waiting_for
from concord.matches import models as of_match
from concord.matches.queries import visible_to as visible_matches
from concord.offers import models as of_offer
from concord.offers import policy as offers
from concord.offers.queries import visible_to as visible_offers
from concord.organizations.acts import visible_to as visible_acts
from concord.organizations.models import ActOnBehalf, Attachment, OrganizationStep, Screening
from concord.organizations.policy import may_see_screening
from concord.organizations.visibility import attachment_policies
from concord.pairings.models import Pairing, Ranking, ShownList
from concord.requests import models as of_request
from concord.requests.policy import CASE_OFFICERS, may_read_log
from concord.requests.queries import summaries
from concord.requests.queries import visible_to as visible_requests
from concord.web.models import IdempotencyKey

Rows = Mapping[str, list[Any]]
Ids = set[UUID]
TABLES: tuple[type[Model], ...] = (
    of_request.Request,
    of_request.RequestItem,
    of_request.RequestParty,
    of_request.RequestExclusion,
    of_request.Disclosure,
    of_request.RequestAssignment,
    of_request.Clarification,
    of_request.RequestStep,
    of_request.RequestReading,
    Ranking,
    Pairing,
    ShownList,
    DuplicateFlag,
    of_match.Match,
    of_match.MatchLine,
    of_match.Participant,
    of_match.Consent,
    of_match.MatchStep,
    of_match.Terms,
    of_match.TermsAgreement,
    of_match.Delivery,
    of_match.DeliveryLine,
    of_match.DeliveryParticipants,
    of_match.Milestone,
    of_match.DeliveryStep,
    of_match.Evaluation,
    of_match.LessonDraft,
    of_offer.Offer,
    of_offer.OfferSlot,
    of_offer.OfferExclusion,
    of_offer.OfferStep,
    of_offer.OfferClarification,
    OrganizationStep,
    Screening,
    ActOnBehalf,
    Attachment,
    Task,
    Notice,
    IdempotencyKey,
)


async def all_rows() -> Rows:
    """Every row of every table, as the owner of the database has them."""
    return {model._meta.db_table: await model.all() for model in TABLES}


async def shown_to(actor: Actor, rows: Rows) -> dict[str, Ids]:
    """Ids of the rows that some page, list or download shows to this actor."""
    seen = await _ids(visible_requests(actor))
    matches = await _ids(visible_matches(actor))
    of_matches = [one for one in rows["match"] if one.id in matches]
    public = await _ids(summaries())
    readable = seen | public
    if actor.is_provider:
        readable |= {one.request_id for one in of_matches}
    offered = await _ids(visible_offers(actor))
    if actor.is_state or actor.is_provider:
        offered |= {one.offer_id for one in of_matches}
    return {
        **_of_requests(actor, rows, seen, readable),
        **_of_offers(actor, rows, offered),
        **_of_matches(actor, rows, matches),
        **await _around(actor, rows, seen, matches, offered),
    }


def _of_requests(actor: Actor, rows: Rows, seen: Ids, readable: Ids) -> dict[str, Ids]:
    full = seen if actor.is_state or actor.role in CASE_OFFICERS else set()
    own = actor.organization_id if actor.is_provider else UUID(int=0)
    requests = {one.id: one for one in rows["request"]}
    return {
        "request": readable,
        "request_item": _where(rows["request_item"], lambda row: row.request_id in readable),
        "request_party": _of(rows["request_party"], full),
        "request_exclusion": _of(rows["request_exclusion"], full),
        "disclosure": _where(
            rows["disclosure"], lambda row: row.request_id in full or row.organization_id == own
        ),
        "request_assignment": _where(
            rows["request_assignment"],
            lambda row: row.request_id in full or row.person_id == actor.person_id,
        ),
        "clarification": _where(
            rows["clarification"],
            lambda row: (
                row.request_id in full
                or (
                    row.request_id in seen
                    and actor.is_provider
                    and (row.asked_by_organization_id == own or bool(row.shared and row.answer))
                )
            ),
        ),
        "request_step": _of(rows["request_step"], seen if actor.role is Role.AUDITOR else full),
        "request_reading": _where(
            rows["request_reading"],
            lambda row: (
                (row.request_id in full and may_read_log(actor, requests[row.request_id]))
                or row.person_id == actor.person_id
            ),
        ),
        "ranking": _of(rows["ranking"], full if actor.role in CASE_OFFICERS else set()),
        "shown_list": _where(
            rows["shown_list"],
            lambda row: (
                row.request_id in full
                and actor.role in CASE_OFFICERS
                and row.person_id == actor.person_id
            ),
        ),
        "pairing": _of(rows["pairing"], full if actor.role in CASE_OFFICERS else set()),
    }


def _of_offers(actor: Actor, rows: Rows, offered: Ids) -> dict[str, Ids]:
    given = {one.id: one for one in rows["offer"]}

    def where(name: str, may: Callable[[Any, Any], bool]) -> Ids:
        return _where(
            rows[name], lambda row: row.offer_id in offered and may(row, given[row.offer_id])
        )

    return {
        "offer": offered,
        "offer_slot": where("offer_slot", lambda row, offer: True),
        "offer_exclusion": where(
            "offer_exclusion", lambda row, offer: offers.may_see_exclusions(actor, offer)
        ),
        "offer_step": where("offer_step", lambda row, offer: offers.may_see_steps(actor, offer)),
        "offer_clarification": where(
            "offer_clarification",
            lambda row, offer: (
                actor.role in CASE_OFFICERS
                or offers.provides(actor, offer)
                or row.asked_by_organization_id == actor.organization_id
                or bool(row.shared and row.answer)
            ),
        ),
    }


def _of_matches(actor: Actor, rows: Rows, matches: Ids) -> dict[str, Ids]:
    parts = ("match_line", "participant", "consent", "match_step")
    worked_on = set() if actor.role is Role.AUDITOR else matches
    ended = {one.id for one in rows["match"] if one.state in {"evaluated", "closed"}}
    terms = _where(rows["terms"], lambda row: row.match_id in worked_on)
    deliveries = _where(rows["delivery"], lambda row: row.match_id in worked_on)
    of_delivery = ("delivery_line", "delivery_participants", "milestone", "delivery_step")
    return {
        "match": matches,
        **{name: _where(rows[name], lambda row: row.match_id in matches) for name in parts},
        "terms": terms,
        "terms_agreement": _where(rows["terms_agreement"], lambda row: row.terms_id in terms),
        "delivery": deliveries,
        **{
            name: _where(rows[name], lambda row: row.delivery_id in deliveries)
            for name in of_delivery
        },
        "evaluation": _where(
            rows["evaluation"],
            lambda row: (
                row.match_id in worked_on
                and (
                    actor.role in CASE_OFFICERS
                    or row.match_id in ended
                    or (actor.is_state and row.state_id == actor.state)
                    or (actor.is_provider and row.organization_id == actor.organization_id)
                )
            ),
        ),
        "lesson_draft": _where(
            rows["lesson_draft"],
            lambda row: row.match_id in worked_on and not actor.is_provider,
        ),
    }


async def _around(
    actor: Actor, rows: Rows, seen: Ids, matches: Ids, offered: Ids
) -> dict[str, Ids]:
    def flagged(row: DuplicateFlag) -> bool:
        sides = {row.left_id, row.right_id}
        if actor.role not in CASE_OFFICERS:
            return False
        if row.kind == "match_undertaking":
            return row.left_id in seen
        return sides <= (seen if row.kind == "request_request" else offered)

    full = seen if actor.is_state or actor.role in CASE_OFFICERS else set()
    waiting = await _ids(waiting_for(actor).order_by())
    return {
        "duplicate_flag": _where(rows["duplicate_flag"], flagged),
        "task": waiting
        | _where(
            rows["task"],
            lambda row: (
                row.subject_kind == "request" and row.subject_id in full and row.closed_at is None
            ),
        ),
        "notice": await _ids(notices_of(actor).order_by()) if actor.person_id else set(),
        "idempotency_key": _where(
            rows["idempotency_key"], lambda row: row.person_id == actor.person_id
        ),
        **{
            name: _where(
                rows[name],
                lambda row: (
                    may_see_screening(actor) or row.organization_id == actor.organization_id
                ),
            )
            for name in ("organization_step", "screening")
        },
        "act_on_behalf": await _ids(visible_acts(actor)),
        "attachment": {
            row.id for row in rows["attachment"] if await _may_open(actor, row, matches, rows)
        },
    }


async def _may_open(actor: Actor, row: Attachment, matches: Ids, rows: Rows) -> bool:
    if row.secretariat_only and not actor.is_secretariat:
        return False
    may_open = attachment_policies.get(row.subject_kind)
    return may_open is not None and await may_open(actor, row.subject_id)


def _where(rows: list[Any], condition: Callable[[Any], bool]) -> Ids:
    return {row.id for row in rows if condition(row)}


def _of(rows: list[Any], requests: Ids) -> Ids:
    return _where(rows, lambda row: row.request_id in requests)


async def _ids(query: Any) -> Ids:
    return set(await query.values_list("id", flat=True))
