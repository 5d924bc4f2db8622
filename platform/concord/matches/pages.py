"""What the page of a match shows to one side: values only, no database."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from concord.actor import Actor
from concord.matches import timeline, views, wording
from concord.matches.actions.approving import needs_funding, needs_risk
from concord.matches.actions.telling import DELETE_WITHIN
from concord.matches.policy import TABLE, Sides, offered
from concord.matches.values import Part
from concord.matches.views import Audience, Dossier, LineView
from concord.reference.code_lists import CodeLists
from concord.requests.values import SharedPart
from concord.web.elements import Capacity, Comparison, Fact
from concord.web.formats import language_name, period, state_name
from concord.web.i18n import gettext as _

STEPS = {
    "decline_by_state": "decline",
    "decline_by_partner": "refusal",
    "reject": "rejection",
    "cancel": "cancellation",
    "withdraw_consent": "consent-withdrawal",
    "stop_sharing": "sharing-end",
    "suspend": "suspension",
    "resume": "resumption",
    "end_suspension": "suspension-end",
}
"""Verbs that have a page of their own, and its address."""


def sides(dossier: Dossier) -> Sides:
    match = dossier.match
    return Sides(
        state=match.state,
        states=dossier.states,
        lead_state=match.request.lead_state_id,
        asked=frozenset(p.organization_id for p in dossier.participants if p.invited_at),
        proposed_by=match.proposed_by_id,
        assigned=dossier.assigned,
        suspended_for=match.suspended_for,
        providing=frozenset(
            p.organization_id
            for p in dossier.participants
            if p.invited_at and p.role == Part.PROVIDER
        ),
        before=match.state_before,
    )


def offered_verbs(dossier: Dossier, actor: Actor, now: datetime) -> set[str]:
    """The forms that this actor is shown now."""
    standing = sides(dossier)
    found = {verb for verb in TABLE if offered(verb, actor, standing)}
    told_at = dossier.match.told_at
    if told_at is None or now >= told_at:
        found.discard("undo")
    if actor.state in dossier.standing:
        found.discard("consent")
    else:
        found -= {"withdraw_consent", "stop_sharing"}
    mine = [p for p in dossier.participants if p.organization_id == actor.organization_id]
    if mine and all(p.accepted_at for p in mine):
        found.discard("accept")
    return found


def context(dossier: Dossier, *, actor: Actor, lists: CodeLists, now: datetime) -> dict[str, Any]:
    """Everything match.html shows; what a side may not know is None or empty."""
    match, audience = dossier.match, views.audience_of(actor)
    dossier = replace(dossier, withheld=_is_withheld(actor))
    verbs = offered_verbs(dossier, actor, now)
    lines = shown_lines(dossier, audience, lists)
    return {
        "match": match,
        "audience": audience.value,
        "eyebrow": eyebrow(dossier, audience),
        "shown_state": views.shown_state(match.state, audience),
        "verbs": verbs,
        "steps": timeline.timeline_of(dossier, audience, actor),
        "history": timeline.history_of(dossier, audience, actor, lists),
        "waiting_for": views.waiting_names(dossier),
        "facts": facts(dossier, audience),
        "lines": [] if audience is Audience.TRAIL else lines,
        "comparison_rows": comparison(dossier, lines) if _sees_both(dossier, audience) else [],
        "request_text": request_text(dossier, audience),
        "participants": views.participant_views(dossier, audience, actor)
        if audience is not Audience.TRAIL
        else [],
        "consents": views.consent_views(dossier, audience),
        "capacities": capacities(lines, audience),
        "delete_by": _delete_by(dossier, audience),
    } | _decisions(dossier, verbs, actor, lists)


def _decisions(
    dossier: Dossier, verbs: set[str], actor: Actor, lists: CodeLists
) -> dict[str, Any]:
    """What the forms of the page need."""
    match = dossier.match
    inside = views.audience_of(actor) is Audience.SECRETARIAT
    return {
        "secretariat": inside,
        "texts": _texts(dossier, verbs, actor, lists),
        "parts": views.part_options(match.data_shared),
        "needs_risk": inside and needs_risk([*dossier.lines], lists),
        "needs_funding": inside and needs_funding([*dossier.lines]),
        "further": [(verb, address) for verb, address in STEPS.items() if verb in verbs],
    }


def eyebrow(dossier: Dossier, audience: Audience) -> str:
    """Who meets whom, as far as this side knows."""
    if audience is Audience.TRAIL:
        return ""
    states = sorted(state_name(code) for code in dossier.states)
    names = states if _sees_both(dossier, audience) else []
    return " · ".join([*names, dossier.match.offer.organization.name])


def shown_lines(dossier: Dossier, audience: Audience, lists: CodeLists) -> list[LineView]:
    """A provider sees of the request's side what is shared, and nothing once sharing ended."""
    lines = [views.line_view(line, lists) for line in dossier.lines]
    if audience is not Audience.PROVIDER:
        return lines
    if not dossier.is_shared:
        return [
            replace(line, topic=line.offered_topic, beneficiary="", institution="")
            for line in lines
        ]
    if SharedPart.INSTITUTIONS in dossier.shared_parts:
        return lines
    return [replace(line, institution="") for line in lines]


def _is_withheld(actor: Actor) -> bool:
    """A provider sees requests only while it is verified."""
    return actor.is_provider and not actor.organization_verified


def _sees_both(dossier: Dossier, audience: Audience) -> bool:
    if audience is Audience.PROVIDER:
        return dossier.is_shared
    return audience is not Audience.TRAIL


def _delete_by(dossier: Dossier, audience: Audience) -> datetime | None:
    """Until when a provider deletes what was shared with it, once the sharing has ended."""
    if audience is not Audience.PROVIDER or dossier.is_shared:
        return None
    return dossier.match.state_since + DELETE_WITHIN


def _texts(dossier: Dossier, verbs: set[str], actor: Actor, lists: CodeLists) -> dict[str, str]:
    match = dossier.match
    texts: dict[str, str] = {}
    if "consent" in verbs:
        texts["consent"] = wording.consent_text(
            match, lines=dossier.lines, state=actor.state or "", lists=lists
        )
    if "accept" in verbs:
        texts["acceptance"] = wording.acceptance_text(match, organization=actor.organization_name)
    if "approve" in verbs:
        texts["approval"] = wording.approval_text(match)
    return texts


def facts(dossier: Dossier, audience: Audience) -> list[Fact]:
    match, request = dossier.match, dossier.match.request
    if audience is Audience.TRAIL:
        return [Fact(_("Request"), request.public_id), Fact(_("Offer"), match.offer.public_id)]
    found = []
    if _sees_both(dossier, audience):
        names = ", ".join(sorted(state_name(code) for code in dossier.states))
        found.append(Fact(_("Requested by"), names))
    found += [
        Fact(_("Provider"), match.offer.organization.name),
        Fact(_("When"), period(match.starts_on, match.ends_on)),
    ]
    if match.funding_note:
        found.append(Fact(_("Who pays the rest"), match.funding_note))
    if match.hold_lost_at and audience is Audience.SECRETARIAT:
        found.append(Fact(_("Hold"), _("Given back; taken again with the next step")))
    return found


def request_text(dossier: Dossier, audience: Audience) -> dict[str, str] | None:
    """The parts of the request that this side sees, by their names; None for none at all."""
    request = dossier.match.request
    if audience is Audience.TRAIL or (audience is Audience.PROVIDER and not dossier.is_shared):
        return None
    texts = {
        SharedPart.DESCRIPTION.value: request.description,
        SharedPart.OUTCOME.value: request.outcome,
        SharedPart.EXISTING.value: request.existing,
    }
    if audience is Audience.PROVIDER:
        texts = {part: text for part, text in texts.items() if part in dossier.shared_parts}
    return {"title": request.title, "language": request.language} | texts


def comparison(dossier: Dossier, lines: list[LineView]) -> list[Comparison]:
    """Request and offer row by row."""
    topics = [
        Comparison(
            _("Topic"),
            line.topic,
            line.offered_topic,
            "same" if line.topic == line.offered_topic else "near",
        )
        for line in lines
    ]
    kinds = [
        Comparison(_("Kind of assistance"), each, each, "same") for each in _modalities(lines)
    ]
    return [*topics, *kinds, _dates(dossier), _languages(dossier)]


def _dates(dossier: Dossier) -> Comparison:
    match, request, offer = dossier.match, dossier.match.request, dossier.match.offer
    return Comparison(
        _("Dates"),
        period(request.starts_on, request.ends_on),
        period(offer.starts_on, offer.ends_on),
        _fits_dates(dossier),
        period(match.starts_on, match.ends_on),
    )


def _languages(dossier: Dossier) -> Comparison:
    asked = dossier.match.request.working_languages
    given = dossier.match.offer.delivery_languages
    fits = not asked or not given or bool(set(asked) & set(given))
    return Comparison(
        _("Languages"),
        ", ".join(map(language_name, asked)) or "–",
        ", ".join(map(language_name, given)) or "–",
        "same" if fits else "differs",
    )


def _modalities(lines: list[LineView]) -> list[str]:
    return list(dict.fromkeys(line.modality for line in lines))


def _fits_dates(dossier: Dossier) -> str:
    match, request = dossier.match, dossier.match.request
    late = request.ends_on is not None and match.ends_on > request.ends_on
    early = request.starts_on is not None and match.starts_on < request.starts_on
    return "near" if late or early else "same"


def capacities(
    lines: list[LineView], audience: Audience
) -> list[tuple[str, Capacity, Capacity | None]]:
    """Bars for each line: of the item for State and UNODC, of the slot for provider and UNODC."""
    if audience is Audience.TRAIL:
        return []
    found: list[tuple[str, Capacity, Capacity | None]] = []
    for line in lines:
        item = Capacity(
            line.item_total,
            delivered=line.item_delivered,
            reserved=line.item_reserved,
            unit=line.item_unit,
        )
        slot = Capacity(
            line.slot_total,
            delivered=line.slot_delivered,
            reserved=line.slot_reserved,
            held=line.own_hold if audience is Audience.PROVIDER else line.slot_held,
            unit=line.slot_unit,
        )
        if audience is Audience.STATE:
            found.append((line.topic, item, None))
        elif audience is Audience.PROVIDER:
            found.append((line.topic, slot, None))
        else:
            found.append((line.topic, item, slot))
    return found
