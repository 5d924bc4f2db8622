"""The short pages on which a request is written: shown, saved, and never a word lost."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from starlette.requests import Request as HttpRequest
from starlette.responses import Response

from concord.actor import Actor, Role
from concord.errors import Conflict, InvalidInput, NotFound, StaleVersion
from concord.inputs import Reader
from concord.reference.languages import CONTENT_LANGUAGES, UI_LANGUAGES
from concord.reference.queries import code_lists
from concord.requests.comparing import differences
from concord.requests.completeness import completeness
from concord.requests.forms import (
    Parser,
    Raw,
    known_tags,
    parse_need,
    parse_outcome,
    parse_partners,
    parse_sharing,
    parse_timing,
    parse_version,
    raw_of,
)
from concord.requests.models import Request
from concord.requests.queries import provider_names, request_for, secretariat_people, values_of
from concord.requests.states import EDITABLE, Confidentiality
from concord.requests.values import DraftValues
from concord.requests.wording import FIELDS, GAP_SECTIONS, GAPS
from concord.web.choices import (
    flat_topic_options,
    language_options,
    state_options,
)
from concord.web.flash import see_other
from concord.web.forms import fields
from concord.web.i18n import LazyMessage
from concord.web.i18n import gettext as _
from concord.web.i18n import lazy as N_
from concord.web.labels import CONFIDENTIALITY
from concord.web.rendering import render


class Save(Protocol):
    """What saves a page: an action of this area, or one that also sees to the matches."""

    def __call__(
        self, request: Request, values: DraftValues, *, version: int, actor: Actor, now: datetime
    ) -> Awaitable[object]: ...


@dataclass(frozen=True, slots=True)
class Section:
    """One short page; `names` are its fields, `is_done` says whether it is filled in."""

    name: str
    label: LazyMessage
    hint: LazyMessage
    names: tuple[str, ...]
    parse: Parser
    is_done: Callable[[DraftValues], bool]
    optional: bool = False


SECTIONS: Mapping[str, Section] = {
    section.name: section
    for section in (
        Section(
            "need",
            N_("What is needed"),
            N_("Title, description and topics"),
            ("title", "description", "language", "tags"),
            parse_need,
            lambda values: bool(values.title and values.description),
        ),
        Section(
            "outcome",
            N_("Outcome and what exists already"),
            N_("What will be different, and what there is to build on"),
            ("outcome", "existing"),
            parse_outcome,
            lambda values: bool(values.outcome and values.existing),
        ),
        Section(
            "timing",
            N_("When, and in which languages"),
            N_("Window, working languages, urgency"),
            (
                "starts_on",
                "ends_on",
                "working_languages",
                "urgent",
                "urgent_reason",
                "needed_by",
            ),
            parse_timing,
            lambda values: bool(values.starts_on and values.ends_on and values.working_languages),
        ),
        Section(
            "sharing",
            N_("Who may see it"),
            N_("Confidentiality, and providers that you will not take"),
            ("confidentiality", "coordinators", "approver", "excluded"),
            parse_sharing,
            lambda values: (
                values.confidentiality is not Confidentiality.SEALED
                or bool(values.coordinators and values.approver)
            ),
        ),
        Section(
            "partners",
            N_("States that make this request with you"),
            N_("Only for a joint request"),
            ("co_states",),
            parse_partners,
            lambda values: bool(values.co_states),
            optional=True,
        ),
    )
}


async def edit_section(
    http: HttpRequest, request: Request, name: str, *, base: str, save: Save, then: str
) -> Response:
    """GET shows one page of `request`, POST saves it and goes on to `then`."""
    section = SECTIONS.get(name)
    if section is None:
        raise NotFound
    values = await values_of(request)
    if http.method == "GET":
        return await _show(http, request, section, raw_of(values), values, base=base)
    raw = await fields(http)
    reader = Reader(raw)
    try:
        changed = section.parse(reader, values, await code_lists())
        await save(
            request,
            changed,
            version=parse_version(reader),
            actor=http.state.actor,
            now=http.state.now,
        )
    except InvalidInput as refused:
        return await _show(
            http, request, section, raw, values, base=base, errors=refused.fields, status=422
        )
    except Conflict as refused:
        return await _conflict(http, request, section, raw, base=base, refused=refused, then=then)
    if is_autosave(http):
        return await _saved(http, request, base=base)
    return see_other(then, _("Saved."))


def is_autosave(http: HttpRequest) -> bool:
    """Whether the page saves by itself while somebody types."""
    return http.headers.get("hx-request") == "true"


async def _saved(http: HttpRequest, request: Request, *, base: str) -> Response:
    """What the page needs to go on: its next version, and how complete the request is now."""
    stored = await request_for(http.state.actor, request.public_id)
    return render(
        http,
        "requests/_saved.html",
        version=stored.version,
        base=base,
        measured=completeness(await values_of(stored)),
        gaps=GAPS,
        gap_sections=GAP_SECTIONS,
    )


async def _conflict(
    http: HttpRequest,
    request: Request,
    section: Section,
    raw: Raw,
    *,
    base: str,
    refused: Conflict,
    then: str,
) -> Response:
    """The page as typed, with the stored version beside it where somebody was faster.

    Where the stored version says the same, as after the page has saved itself, it is saved.
    """
    stored = await request_for(http.state.actor, request.public_id)
    values = await values_of(stored)
    stale = isinstance(refused, StaleVersion)
    compared = differences(section.names, raw, raw_of(values)) if stale else ()
    if stale and not compared:
        return see_other(then, _("Saved."))
    return await _show(
        http,
        stored,
        section,
        raw,
        values,
        base=base,
        errors={"": refused.message},
        compared=compared,
        status=409,
    )


async def _show(
    http: HttpRequest,
    request: Request,
    section: Section,
    raw: Raw,
    values: DraftValues,
    *,
    base: str,
    errors: Mapping[str, str] | None = None,
    compared: Sequence[object] = (),
    status: int = 200,
) -> Response:
    return render(
        http,
        "requests/section.html",
        status=status,
        base=base,
        section=section,
        autosave=f"{base}/{section.name}" if request.state in EDITABLE else "",
        public_id=request.public_id,
        version=request.version,
        raw=raw,
        errors=errors or {},
        compared=compared,
        labels=FIELDS,
        options=await _options(section, request, raw),
        measured=completeness(values),
        gaps=GAPS,
        gap_sections=GAP_SECTIONS,
    )


async def _options(section: Section, request: Request, raw: Raw) -> dict[str, object]:
    """What may be chosen on this page; the others ask the database for nothing."""
    lists = await code_lists()
    if section.name == "sharing":
        state = request.lead_state_id
        coordinators = await secretariat_people(Role.COORDINATOR, state)
        approvers = await secretariat_people(Role.APPROVER, state)
        return {
            "confidentiality": [(code, *words) for code, words in CONFIDENTIALITY.items()],
            "coordinators": [(str(key), name) for key, name in coordinators.items()],
            "approvers": [(str(key), name) for key, name in approvers.items()],
            "excluded": [(str(key), name) for key, name in (await provider_names()).items()],
        }
    chosen = {value for values in raw.values() for value in values if len(value) < 50}
    own = request.lead_state_id
    return {
        "tags": flat_topic_options(lists, keep=chosen),
        "languages": language_options(CONTENT_LANGUAGES, keep=known_tags(raw, "language")),
        "working_languages": language_options(
            UI_LANGUAGES, keep=known_tags(raw, "working_languages")
        ),
        "states": [pair for pair in state_options(lists) if pair[0] != own],
    }
