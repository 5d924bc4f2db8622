"""Terms of reference: read, written, agreed to by hash; and the beginning of the work."""

from typing import Any

from starlette.requests import Request as WebRequest
from starlette.responses import Response

from concord.deliveries import actions, forms
from concord.deliveries import sides as all_sides
from concord.deliveries.life import TermsText
from concord.deliveries.on_paper import agreement_address
from concord.deliveries.sections import SECTIONS, taken_apart
from concord.deliveries.standing import (
    Standing,
    answer_to,
    check_ever,
    check_now,
    of_match,
    standing_at,
    standing_of,
    status,
    tell_of_hidden,
    typed_in,
)
from concord.errors import Conflict, DomainError, InvalidInput, NotFound, StaleVersion
from concord.matches.queries import match_for
from concord.matches.states import PENDING, MatchState
from concord.matches.views import Audience, audience_of
from concord.reference.languages import CONTENT_LANGUAGES
from concord.web.choices import language_options
from concord.web.elements import Comparison
from concord.web.flash import see_other
from concord.web.forms import reader
from concord.web.i18n import current_locale
from concord.web.i18n import gettext as _
from concord.web.rendering import render


async def show(request: WebRequest) -> Response:
    """The text in force, and who has agreed to it."""
    return _terms_page(request, await _standing(request))


async def _standing(request: WebRequest) -> Standing:
    """Auditors see that steps happened, not what was agreed."""
    standing = await standing_at(request)
    if standing.match.state in PENDING or audience_of(standing.actor) is Audience.TRAIL:
        raise NotFound
    return standing


def _terms_page(
    request: WebRequest, standing: Standing, error: DomainError | None = None
) -> Response:
    terms = standing.life.terms
    return render(
        request,
        "deliveries/terms.html",
        status=status(error),
        terms=terms,
        author=all_sides.author(terms, standing.match, standing.actor) if terms else "",
        words=all_sides.agreements(terms, standing.names, standing.actor) if terms else [],
        may_draft=standing.offers("draft_terms"),
        may_agree=terms is not None and may_agree(standing, terms),
        on_paper=_on_paper(standing),
        **answer_to(error),
        **of_match(standing),
    )


def _on_paper(standing: Standing) -> str:
    """Where a coordinator records that a State has agreed on paper."""
    waits = standing.match.state is MatchState.APPROVED and standing.life.terms is not None
    return agreement_address(standing.match) if waits and standing.actor.is_coordinator else ""


def may_agree(standing: Standing, terms: TermsText) -> bool:
    """Whose side has not agreed to this version yet."""
    agreed = {(one.state, one.organization_id) for one in terms.agreements}
    mine = [side for side in standing.names if side.is_of(standing.actor)]
    waits = any((side.state, side.organization_id) not in agreed for side in mine)
    return waits and standing.offers("agree")


async def agree(request: WebRequest) -> Response:
    standing = await _standing(request)
    check_ever(standing, "agree")
    typed = await reader(request)
    try:
        last = await actions.agree_terms(
            standing.match,
            sha256=forms.digest(typed),  # the text is what may not have changed: no version
            actor=standing.actor,
            now=request.state.now,
        )
    except (InvalidInput, Conflict) as error:
        await tell_of_hidden(request, standing, error)
        return _terms_page(request, await _again(standing), error)
    said = _("The terms are agreed.") if last else _("Your side has agreed. The other is asked.")
    return see_other(f"{standing.here}/terms", said)


async def _again(standing: Standing) -> Standing:
    """As it is now: somebody was faster."""
    match = await match_for(standing.actor, standing.match.public_id)
    return await standing_of(match, standing.actor)


async def draft(request: WebRequest) -> Response:
    """The form of the text: what is stored, or what was typed and not taken."""
    standing = await _standing(request)
    check_ever(standing, "draft_terms")
    if request.method == "GET":
        check_now(standing, "draft_terms")
        return _draft_page(request, standing, stored(standing))
    typed = await reader(request)
    try:
        await actions.draft_terms(
            standing.match,
            forms.terms(typed),
            version=forms.version(typed),
            actor=standing.actor,
            now=request.state.now,
        )
    except (InvalidInput, Conflict) as error:
        kept = await typed_in(request)
        return _draft_page(request, await _again(standing), kept, error)
    return see_other(f"{standing.here}/terms", _("The text is saved. Both sides are asked."))


def stored(standing: Standing) -> dict[str, str]:
    """What the form begins with: the text in force, or what the match says already."""
    terms, match = standing.life.terms, standing.match
    if terms is None:
        return dict.fromkeys(SECTIONS, "") | {
            "starts_on": match.starts_on.isoformat(),
            "ends_on": match.ends_on.isoformat(),
            "costs": match.funding_note,
            "language": current_locale(),
        }
    return taken_apart(terms.body) | {
        "starts_on": terms.starts_on.isoformat() if terms.starts_on else "",
        "ends_on": terms.ends_on.isoformat() if terms.ends_on else "",
        "language": terms.language,
    }


def _draft_page(
    request: WebRequest,
    standing: Standing,
    typed: dict[str, str],
    error: DomainError | None = None,
) -> Response:
    stale = isinstance(error, StaleVersion)
    said: dict[str, Any] = answer_to(None if stale else error)
    return render(
        request,
        "deliveries/terms_draft.html",
        status=status(error),
        typed=dict.fromkeys(stored(standing), "") | typed,
        compared=differences(typed, stored(standing)) if stale else (),
        version=standing.match.version,
        languages=language_options(CONTENT_LANGUAGES),
        **said,
        **of_match(standing),
    )


def differences(typed: dict[str, str], kept: dict[str, str]) -> tuple[Comparison, ...]:
    """A row for each section in which what was typed differs from what is stored."""
    labels = {name: str(label) for name, label in SECTIONS.items()}
    labels |= {"starts_on": _("First day"), "ends_on": _("Last day")}
    return tuple(
        Comparison(label, typed.get(name, ""), kept.get(name, ""), "differs")
        for name, label in labels.items()
        if typed.get(name, "").split() != kept.get(name, "").split()
    )
