"""What is wrong with a request's values: codes that do not exist, dates in the wrong order."""

from collections.abc import Iterator

from concord.errors import InvalidInput, Text
from concord.inputs import PICK, REQUIRED
from concord.reference.code_lists import CodeLists
from concord.reference.languages import language_tag
from concord.requests.states import Confidentiality
from concord.requests.values import DraftValues, ItemValues

MOST_ITEMS = 20
MOST_CO_STATES = 30


def check(values: DraftValues, lists: CodeLists) -> None:
    """Raise `InvalidInput` for what no draft may hold; what is still missing is no fault."""
    found = dict(_faults(values, lists))
    if found:
        raise InvalidInput(found)


def check_for_submission(values: DraftValues) -> None:
    """Raise `InvalidInput` for what a draft lacks to be submitted at all."""
    found = dict(_gaps(values))
    if found:
        raise InvalidInput(found)


def item_faults(item: ItemValues, lists: CodeLists) -> Iterator[tuple[str, Text]]:
    topic = lists.topics.get(item.topic)
    if topic is None or topic.parent_code is None:
        yield "topic", Text(PICK)
    if item.modality not in lists.modalities:
        yield "modality", Text(PICK)
    if item.beneficiary is not None and item.beneficiary not in lists.beneficiaries:
        yield "beneficiary", Text(PICK)
    if item.unit is not None and item.unit not in lists.units:
        yield "unit", Text(PICK)
    if item.quantity is not None and item.quantity < 1:
        yield "quantity", Text("Enter a quantity of 1 or more.")


def _faults(values: DraftValues, lists: CodeLists) -> Iterator[tuple[str, Text]]:
    for item in values.items:
        yield from item_faults(item, lists)
    if len(values.items) > MOST_ITEMS:
        yield "items", Text("Give %(most)s or fewer.", most=MOST_ITEMS)
    if any(code not in lists.topics for code in values.tags):
        yield "tags", Text(PICK)
    if any(code not in lists.states for code in values.co_states):
        yield "co_states", Text("Choose States from the list.")
    elif values.lead_state in values.co_states:
        yield "co_states", Text("Your own State already makes this request.")
    elif len(values.co_states) > MOST_CO_STATES:
        yield "co_states", Text("Give %(most)s or fewer.", most=MOST_CO_STATES)
    if language_tag(values.language) is None:
        yield "language", Text(PICK)
    if any(language_tag(tag) is None for tag in values.working_languages):
        yield "working_languages", Text(PICK)
    if values.starts_on and values.ends_on and values.ends_on < values.starts_on:
        yield "ends_on", Text("The end must not be before the start.")


def _gaps(values: DraftValues) -> Iterator[tuple[str, Text]]:
    if not values.title:
        yield "title", Text("Give the request a title.")
    if not values.description:
        yield "description", Text("Describe what is needed.")
    if not values.items:
        yield "items", Text("Add at least one thing that is asked for.")
    if values.urgent and not values.urgent_reason:
        yield "urgent_reason", Text(REQUIRED)
    if values.urgent and values.needed_by is None:
        yield "needed_by", Text("Say by when it is needed.")
    if values.confidentiality is Confidentiality.SEALED:
        if not values.coordinators:
            yield "coordinators", Text("Name at least one coordinator who may see this request.")
        if values.approver is None:
            yield "approver", Text("Name the one approver who may see this request.")
