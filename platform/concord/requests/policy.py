"""Who may do what to a request that they see: the whole table on one page."""

from concord.actor import FOCAL_POINTS, STATE_ROLES, Actor, Role
from concord.requests.models import Request
from concord.requests.states import (
    EDITABLE,
    MACHINE,
    OPEN_STATES,
    SUMMARIZED,
    TERMINAL,
    Confidentiality,
    RequestState,
)
from concord.requests.values import FollowUp, Level

WRITERS = STATE_ROLES - {Role.OBSERVER}
CASE_OFFICERS = frozenset({Role.COORDINATOR, Role.APPROVER})


def states_of(request: Request) -> frozenset[str]:
    """The lead State and the co-requesting ones."""
    return frozenset({request.lead_state_id, *request.co_states})


def leads(actor: Actor, request: Request) -> bool:
    """An accredited focal point of the lead State."""
    return actor.is_focal_point and actor.state == request.lead_state_id


def speaks_for(actor: Actor, request: Request) -> bool:
    """An accredited focal point of any of the requesting States."""
    return actor.is_focal_point and actor.state in states_of(request)


def handles(actor: Actor, request: Request) -> bool:
    """A coordinator of one of its States, or an approver; a sealed one shows to those named."""
    if actor.role is Role.APPROVER or request.confidentiality is Confidentiality.SEALED:
        return actor.role in CASE_OFFICERS
    return any(actor.serves(state) for state in states_of(request))


def coordinates(actor: Actor, request: Request) -> bool:
    return actor.is_coordinator and handles(actor, request)


def _may(verb: str, actor: Actor, request: Request) -> bool:
    return MACHINE.may(verb, request.state, actor.role)


def may_draft(actor: Actor) -> bool:
    return actor.role in WRITERS and actor.state is not None


def writes(actor: Actor, request: Request) -> bool:
    """Of those at the lead State who may write its requests, whatever the state."""
    own = _filed(actor, request) or actor.is_focal_point
    return actor.role in WRITERS and own and actor.state == request.lead_state_id


def may_edit(actor: Actor, request: Request) -> bool:
    """A nominee and a drafter edit what they or their authority filed."""
    return request.state in EDITABLE and writes(actor, request)


def may_attach(actor: Actor, request: Request) -> bool:
    """Files are added by those who write the request, as long as it lives."""
    return writes(actor, request) and request.state not in TERMINAL


def may_submit(actor: Actor, request: Request) -> bool:
    return _may("submit", actor, request) and leads(actor, request)


def may_confirm(actor: Actor, request: Request) -> bool:
    """The focal point of a co-requesting State, which confirms or declines."""
    named = actor.is_focal_point and actor.state in request.co_states
    return named and _may("confirm", actor, request)


def may_review(actor: Actor, request: Request) -> bool:
    waits_for_approver = request.referral_asked_by_id is not None
    return (
        _may("review", actor, request) and coordinates(actor, request) and not waits_for_approver
    )


def may_return(actor: Actor, request: Request) -> bool:
    return may_review(actor, request)


def may_ask_referral(actor: Actor, request: Request) -> bool:
    return may_review(actor, request)


def may_decide_referral(actor: Actor, request: Request) -> bool:
    """Never the person who asked."""
    asked_by = request.referral_asked_by_id
    return _may("refer", actor, request) and asked_by not in {None, actor.person_id}


def may_agree(actor: Actor, request: Request) -> bool:
    return _may("agree", actor, request) and speaks_for(actor, request)


def may_object(actor: Actor, request: Request) -> bool:
    return _may("object", actor, request) and speaks_for(actor, request)


def may_give_publication(actor: Actor, request: Request) -> bool:
    """Whether the word to publish can be given together with the one to circulate."""
    wide = request.confidentiality is Confidentiality.PUBLIC and bool(request.public_summary)
    return wide and may_agree(actor, request)


def may_publish(actor: Actor, request: Request) -> bool:
    """Each requesting State gives and takes back its own word, also after the opening."""
    there = request.state in SUMMARIZED and bool(request.public_summary)
    wide = request.confidentiality is Confidentiality.PUBLIC
    return there and wide and speaks_for(actor, request)


def may_close(actor: Actor, request: Request) -> bool:
    return _may("close", actor, request) and leads(actor, request)


def was_unmet(request: Request) -> bool:
    """Whether the State said a year later that it was not, or not wholly, met."""
    answered = request.state is RequestState.FOLLOWED_UP
    return answered and request.follow_up_answer in {FollowUp.NO, FollowUp.PARTLY}


def may_take_up(actor: Actor, request: Request) -> bool:
    return was_unmet(request) and leads(actor, request)


def may_follow_up(actor: Actor, request: Request) -> bool:
    return _may("follow_up", actor, request) and leads(actor, request)


def may_suspend(actor: Actor, request: Request) -> bool:
    return _may("suspend", actor, request) and leads(actor, request)


def may_resume(actor: Actor, request: Request) -> bool:
    return _may("resume", actor, request) and leads(actor, request)


def may_withdraw(actor: Actor, request: Request) -> bool:
    side = leads(actor, request) or coordinates(actor, request)
    return _may("withdraw", actor, request) and side


def may_change_scope(actor: Actor, request: Request) -> bool:
    return _may("change_scope", actor, request) and leads(actor, request)


def may_ask_merge(actor: Actor, request: Request) -> bool:
    return _may("ask_merge", actor, request) and coordinates(actor, request)


def may_merge(actor: Actor, request: Request) -> bool:
    """Each requesting State confirms that it asks for the same, or does not."""
    return _may("merge", actor, request) and speaks_for(actor, request)


def asks(actor: Actor, request: Request) -> bool:
    """Providers, and UNODC's case officers: who asks about a request while that is possible."""
    return actor.is_provider or handles(actor, request)


def may_ask(actor: Actor, request: Request, level: Level) -> bool:
    """UNODC's case officers and providers ask; they ask about the request, which they see."""
    if actor.is_provider:
        return request.state in OPEN_STATES and level in {Level.FULL, Level.CIRCULATION}
    asked_of_state = request.state not in EDITABLE | TERMINAL
    return asked_of_state and handles(actor, request)


def may_answer(actor: Actor, request: Request) -> bool:
    """The State's focal points, and the drafters who filed it."""
    writes = actor.role in WRITERS and (actor.role in FOCAL_POINTS or _filed(actor, request))
    return writes and actor.state in states_of(request) and request.state not in TERMINAL


def _filed(actor: Actor, request: Request) -> bool:
    own_authority = actor.organization_id == request.authority_id
    return own_authority or actor.person_id == request.created_by_id


def names_officers(actor: Actor, request: Request) -> bool:
    """The State, or a coordinator: who names people on a request while it is sealed."""
    return leads(actor, request) or actor.is_coordinator


def may_assign(actor: Actor, request: Request) -> bool:
    """The State names who at UNODC sees a sealed request; an assigned coordinator hands it on."""
    sealed = request.confidentiality is Confidentiality.SEALED and request.state not in TERMINAL
    return sealed and names_officers(actor, request)


def may_name_provider(actor: Actor, request: Request) -> bool:
    """Only a restricted request has providers that the State names of itself."""
    restricted = request.confidentiality is Confidentiality.RESTRICTED
    return restricted and request.state in OPEN_STATES and leads(actor, request)


def may_read_log(actor: Actor, request: Request) -> bool:
    return actor.role in STATE_ROLES and actor.state in states_of(request) and actor.accredited


def may_see_completeness(actor: Actor, request: Request) -> bool:
    return actor.state in states_of(request) or handles(actor, request)
