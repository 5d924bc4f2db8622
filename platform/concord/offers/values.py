"""What an offer is made of, as typed or imported: frozen inputs of its actions."""

from dataclasses import dataclass
from datetime import date

from concord.offers.states import Funding

UNLIMITED = "unlimited"
UNLIMITED_MODALITIES = frozenset({"e_learning", "guides"})
"""What does not run out however many take it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SlotValues:
    """One thing that can be given; `capacity` counts `unit`s, None for the unit `unlimited`.

    `position` names the slot within its offer; it is never given to another one.
    """

    position: int
    topic: str
    modality: str
    capacity: int | None = None
    unit: str | None = None
    funding: Funding = Funding.NONE
    starts_on: date | None = None
    ends_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferValues:
    """Everything a provider says in an offer; no `regions` means anywhere."""

    title: str = ""
    description: str = ""
    language: str = "en"
    conditions: str = ""
    delivery_languages: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    past: tuple[str, ...] = ()
    starts_on: date | None = None
    ends_on: date | None = None
    directed_state: str | None = None
    excluded_states: tuple[str, ...] = ()
    slots: tuple[SlotValues, ...] = ()


SCOPE = (
    "conditions",
    "delivery_languages",
    "regions",
    "starts_on",
    "ends_on",
    "directed_state",
    "excluded_states",
    "slots",
)
"""A change of any of these sends a published offer back to review."""


def scope_differs(before: OfferValues, after: OfferValues) -> bool:
    """Whether a change needs review again; the order of languages or regions says nothing."""
    return any(_unordered(before, name) != _unordered(after, name) for name in SCOPE)


def _unordered(values: OfferValues, name: str) -> object:
    found = getattr(values, name)
    return frozenset(found) if isinstance(found, tuple) else found


@dataclass(frozen=True, slots=True, kw_only=True)
class Return:
    """Why an offer is returned: codes of the list `offer_returned`, and a note to the provider."""

    reasons: tuple[str, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    text: str
    language: str = "en"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """`shared` shows question and answer to everyone who may see the offer."""

    text: str
    language: str = "en"
    shared: bool = False
