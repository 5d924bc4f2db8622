"""The end of a match: both sides evaluate, UNODC closes, the State decides on the lesson."""

from typing import Any

from starlette.requests import Request as WebRequest
from starlette.responses import Response

from concord.deliveries import actions, forms
from concord.deliveries.sides import evaluations
from concord.deliveries.standing import (
    Standing,
    answer_to,
    check_ever,
    check_now,
    of_match,
    standing_at,
    status,
    typed_in,
)
from concord.deliveries.values import QUESTIONS, RATINGS
from concord.errors import Conflict, DomainError, InvalidInput, NotAllowed, NotFound
from concord.matches.actions.locking import DENIED
from concord.matches.policy import may_answer_lesson
from concord.matches.views import Audience, audience_of
from concord.reference.languages import CONTENT_LANGUAGES
from concord.web.choices import language_options
from concord.web.flash import see_other
from concord.web.forms import reader
from concord.web.i18n import current_locale
from concord.web.i18n import gettext as _
from concord.web.rendering import render


def _side_of(standing: Standing) -> str:
    return "state" if standing.actor.is_state else "provider"


async def evaluation(request: WebRequest) -> Response:
    """The fixed questions of one's own side."""
    standing = await standing_at(request)
    check_ever(standing, "evaluate")
    check_now(standing, "evaluate")
    return await _evaluation_page(request, standing)


async def evaluate(request: WebRequest) -> Response:
    standing = await standing_at(request)
    check_ever(standing, "evaluate")
    typed = await reader(request)
    try:
        both = await actions.evaluate(
            standing.match,
            forms.evaluation(typed, list(QUESTIONS[_side_of(standing)]), list(RATINGS)),
            version=forms.version(typed),
            actor=standing.actor,
            now=request.state.now,
        )
    except (InvalidInput, Conflict) as error:
        return await _evaluation_page(request, await standing_at(request), error)
    said = _("Thank you. Everyone has evaluated this match.") if both else _("Thank you.")
    return see_other(standing.here, said)


async def _evaluation_page(
    request: WebRequest, standing: Standing, error: DomainError | None = None
) -> Response:
    options = [(str(rating), str(label)) for rating, label in RATINGS.items()]
    questions = QUESTIONS[_side_of(standing)]
    return render(
        request,
        "deliveries/evaluation.html",
        status=status(error),
        typed=await typed_in(request) if error else {"language": current_locale()},
        questions=[(f"rating-{code}", str(label)) for code, label in questions.items()],
        options=options,
        languages=language_options(CONTENT_LANGUAGES),
        version=standing.match.version,
        **answer_to(error),
        **of_match(standing),
    )


async def closing(request: WebRequest) -> Response:
    """What both sides said, and who was silent, before a coordinator closes."""
    standing = await standing_at(request)
    check_ever(standing, "close")
    check_now(standing, "close")
    return _closing_page(request, standing)


async def close(request: WebRequest) -> Response:
    standing = await standing_at(request)
    check_ever(standing, "close")
    typed = await reader(request)
    try:
        await actions.close(
            standing.match,
            version=forms.version(typed),
            actor=standing.actor,
            now=request.state.now,
        )
    except (InvalidInput, Conflict) as error:
        return _closing_page(request, await standing_at(request), error)
    return see_other(standing.here, _("The match is closed. The State is asked about the lesson."))


def _closing_page(
    request: WebRequest, standing: Standing, error: DomainError | None = None
) -> Response:
    return render(
        request,
        "deliveries/closing.html",
        status=status(error),
        words=evaluations(standing.life, standing.match, standing.names, standing.actor),
        deliveries=standing.life.deliveries,
        may_close=standing.offers("close"),
        version=standing.match.version,
        **answer_to(error),
        **of_match(standing),
    )


async def lesson(request: WebRequest) -> Response:
    """The draft of a lesson: the State reads it, changes it, and says whether it goes public."""
    return await _lesson_page(request, await _with_lesson(request))


async def _with_lesson(request: WebRequest) -> Standing:
    """A provider and an auditor never see a draft."""
    standing = await standing_at(request)
    hidden = {Audience.PROVIDER, Audience.TRAIL}
    if standing.life.lesson is None or audience_of(standing.actor) in hidden:
        raise NotFound
    return standing


async def answer_lesson(request: WebRequest) -> Response:
    standing = await _with_lesson(request)
    if not may_answer_lesson(standing.actor, standing.sides):
        raise NotAllowed(DENIED)
    typed = await reader(request)
    try:
        said = forms.lesson(typed)
        await actions.answer_lesson(
            standing.match,
            agreed=said.agreed,
            text=said.text,
            version=forms.version(typed),
            actor=standing.actor,
            now=request.state.now,
        )
    except (InvalidInput, Conflict) as error:
        return await _lesson_page(request, await _with_lesson(request), error)
    agreed = _("Your State agrees to publish this text.")
    return see_other(standing.here, agreed if said.agreed else _("The text is not published."))


async def _lesson_page(
    request: WebRequest, standing: Standing, error: DomainError | None = None
) -> Response:
    draft = standing.life.lesson
    open_to = draft is not None and draft.answered_at is None
    may_answer = open_to and may_answer_lesson(standing.actor, standing.sides)
    stored: dict[str, Any] = {"text": draft.text if draft else "", "publish": "no"}
    return render(
        request,
        "deliveries/lesson.html",
        status=status(error),
        lesson=draft,
        may_answer=may_answer,
        typed=stored | (await typed_in(request) if error else {}),
        version=draft.version if draft else 0,
        **answer_to(error),
        **of_match(standing),
    )
