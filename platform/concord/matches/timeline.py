"""The steps of a match as a timeline, and its whole history, for one side."""

from dataclasses import dataclass
from datetime import datetime

from concord.actor import Actor
from concord.matches.states import EXITS, MatchState
from concord.matches.views import Audience, Dossier, StepRow, waiting_names
from concord.organizations.states import OrganizationKind
from concord.reference.code_lists import CodeLists
from concord.web.elements import Progress, Step, Text
from concord.web.i18n import gettext as _
from concord.web.i18n import lazy as N_
from concord.web.labels import state_label

_S = MatchState
PATH = (
    *(_S.PROPOSED, _S.STATE_CONSENTED, _S.PARTNER_ACCEPTED, _S.APPROVED),
    *(_S.AGREED, _S.IN_DELIVERY, _S.DELIVERED, _S.EVALUATED, _S.CLOSED),
)
ENTERING = {
    _S.PROPOSED: frozenset({"propose"}),
    _S.STATE_CONSENTED: frozenset({"consent"}),
    _S.PARTNER_ACCEPTED: frozenset({"accept"}),
    _S.APPROVED: frozenset({"approve"}),
    _S.AGREED: frozenset({"agree"}),
    _S.IN_DELIVERY: frozenset({"start"}),
    _S.DELIVERED: frozenset({"deliver"}),
    _S.EVALUATED: frozenset({"evaluate"}),
    _S.CLOSED: frozenset({"close"}),
}
VERBS: dict[str, Text] = {
    "propose": N_("Proposed"),
    "consent": N_("Consented"),
    "accept": N_("Accepted"),
    "approve": N_("Approved"),
    "draft_terms": N_("Terms of reference written"),
    "agree": N_("Terms of reference agreed"),
    "start": N_("Work begun"),
    "deliver": N_("Delivered"),
    "evaluate": N_("Evaluated"),
    "close": N_("Closed"),
    "change_scope": N_("Proposed again after a change"),
    "withdraw_consent": N_("Consent withdrawn"),
    "stop_sharing": N_("Sharing stopped"),
    "suspend": N_("Suspended"),
    "resume": N_("Resumed"),
    "decline_by_state": N_("Declined by the State"),
    "decline_by_partner": N_("Declined by the partner"),
    "reject": N_("Rejected"),
    "cancel": N_("Cancelled"),
    "end_suspension": N_("Ended after a suspension"),
    "lapse": N_("Lapsed"),
}
ENDED = N_("Ended")


def timeline_of(dossier: Dossier, audience: Audience, actor: Actor) -> list[Step]:
    """Past steps with who and when, for whom the present one waits, and what may follow."""
    match = dossier.match
    if match.state in EXITS:
        return _ended(dossier, audience, actor)
    reached = match.state_before if match.state is _S.SUSPENDED else match.state
    position = PATH.index(reached) if reached in PATH else len(PATH) - 1
    steps = [_done(dossier, state, audience, actor) for state in PATH[: position + 1]]
    if match.state is _S.SUSPENDED:
        steps.append(_waiting(dossier, state_label("match", _S.SUSPENDED.value)))
        position += 1
    elif position + 1 < len(PATH):
        steps.append(_waiting(dossier, state_label("match", PATH[position + 1].value)))
    coming = PATH[position + 2 :] if match.state is not _S.SUSPENDED else PATH[position:]
    return steps + [Step(state_label("match", state.value), Progress.UPCOMING) for state in coming]


def _done(dossier: Dossier, state: MatchState, audience: Audience, actor: Actor) -> Step:
    rows = [row for row in dossier.steps if row.step.verb in ENTERING.get(state, ())]
    label = state_label("match", state.value)
    if not rows:
        return Step(label, Progress.DONE)
    return Step(
        label, Progress.DONE, who=_who(rows[-1], dossier, audience, actor), at=rows[-1].step.at
    )


def _waiting(dossier: Dossier, label: Text) -> Step:
    match = dossier.match
    return Step(
        label,
        Progress.WAITING,
        waiting_for=waiting_names(dossier),
        since=match.state_since,
        until=match.due_at,
    )


def _ended(dossier: Dossier, audience: Audience, actor: Actor) -> list[Step]:
    made = {row.step.target for row in dossier.steps}
    steps = [_done(dossier, state, audience, actor) for state in PATH if state.value in made]
    last = dossier.steps[-1]
    own = _is_own(last, actor)
    neutral = audience in {Audience.STATE, Audience.PROVIDER} and not own
    label = ENDED if neutral else state_label("match", dossier.match.state.value)
    who = "" if neutral else _who(last, dossier, audience, actor)
    return [*steps, Step(label, Progress.STOPPED, who=who, at=last.step.at)]


@dataclass(frozen=True, slots=True)
class Event:
    """One line of the history; reason and note only for whom they are meant."""

    label: Text
    who: Text
    at: datetime
    reason: str
    note: str


def history_of(
    dossier: Dossier, audience: Audience, actor: Actor, lists: CodeLists
) -> list[Event]:
    """Every step that this side may know of, the newest first."""
    return [
        _event(row, dossier, audience, actor, lists)
        for row in reversed(dossier.steps)
        if _is_known(row, dossier, audience, actor)
    ]


def _is_known(row: StepRow, dossier: Dossier, audience: Audience, actor: Actor) -> bool:
    """A provider's knowledge begins when it is asked."""
    if audience is not Audience.PROVIDER:
        return True
    invited = [
        participant.invited_at
        for participant in dossier.participants
        if participant.organization_id == actor.organization_id and participant.invited_at
    ]
    return bool(invited) and row.step.at >= min(invited) and row.step.verb != "propose"


def _event(
    row: StepRow, dossier: Dossier, audience: Audience, actor: Actor, lists: CodeLists
) -> Event:
    step = row.step
    own = _is_own(row, actor) or audience is Audience.SECRETARIAT
    ends = step.target in {state.value for state in EXITS}
    neutral = ends and not own and audience is not Audience.TRAIL
    reason = lists.reasons.get(step.reason or "")
    told = reason is not None and (own or reason.seen_by == "all")
    return Event(
        label=ENDED if neutral else VERBS.get(step.verb, step.verb),
        who="" if neutral else _who(row, dossier, audience, actor),
        at=step.at,
        reason=_(reason.label) if reason and told and audience is not Audience.TRAIL else "",
        note=step.note if own and audience is not Audience.TRAIL else "",
    )


def _is_own(row: StepRow, actor: Actor) -> bool:
    step = row.step
    if step.organization_id is None:
        return False
    return step.organization_id == actor.organization_id or (
        actor.is_state and step.on_behalf_of == actor.state
    )


def _who(row: StepRow, dossier: Dossier, audience: Audience, actor: Actor) -> Text:
    """A name to UNODC and to one's own colleagues, the organization to everyone else."""
    if row.step.person_id is None:
        return _("the clock")
    if audience is Audience.TRAIL:
        return ""
    if audience is Audience.SECRETARIAT or row.step.organization_id == actor.organization_id:
        return f"{row.person}, {row.organization}"
    if row.organization_kind == OrganizationKind.SECRETARIAT:
        return _("UNODC")
    if row.organization_kind == OrganizationKind.STATE_AUTHORITY and not _sees_state(
        dossier, audience
    ):
        return _("the requesting State")
    return row.organization


def _sees_state(dossier: Dossier, audience: Audience) -> bool:
    return audience is not Audience.PROVIDER or dossier.is_shared
