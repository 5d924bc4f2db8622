"""What goes into the matcher and what comes out: frozen values without behaviour of their own."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import NamedTuple


class GateCode(StrEnum):
    """Why a pairing is impossible; each code is worded by the caller."""

    PARTNER_NOT_VERIFIED = "partner_not_verified"
    EXCLUDED = "excluded"
    OWN_OFFER = "own_offer"
    DIRECTED_ELSEWHERE = "directed_elsewhere"
    ELIGIBLE_COUNTRY = "eligible_country"
    LANGUAGE = "language"
    MODALITY = "modality"
    UNIT = "unit"
    WINDOW = "window"
    CAPACITY = "capacity"
    NO_SLOT = "no_slot"


class FeatureCode(StrEnum):
    """The terms of the linear score, in the order in which they are shown when they tie."""

    TEXT = "text"
    TOPIC = "topic"
    MODALITY = "modality"
    LANGUAGE = "language"
    WINDOW = "window"
    CAPACITY = "capacity"
    REGION = "region"
    FUNDING = "funding"
    TRACK_RECORD = "track_record"
    EQUITY = "equity"


class Funding(StrEnum):
    FULL = "full"
    PARTIAL = "partial"
    NONE = "none"


class Window(NamedTuple):
    """Both days included; None leaves that side open."""

    start: date | None = None
    end: date | None = None


ALWAYS = Window()

Parameters = Mapping[str, str | int | float | tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class ItemProfile:
    id: str
    topic: str | None = None
    modality: str | None = None
    beneficiary: str | None = None
    quantity: int | None = None
    unit: str | None = None


@dataclass(frozen=True, slots=True)
class SlotProfile:
    """`capacity_left` None means unlimited."""

    id: str
    topic: str | None = None
    modality: str | None = None
    capacity_left: int | None = None
    unit: str | None = None
    funding: Funding | None = None
    window: Window = ALWAYS


@dataclass(frozen=True, slots=True)
class RequestProfile:
    """A request as the matcher sees it; everything but the id may be left out.

    `state` and `co_states` are ISO 3166-1 alpha-3 codes, `regions` M49 codes or names of the
    regions that contain them, `language` the BCP 47 tag of the text, `working_languages` those
    in which the assistance can be received. `tags` are further topics.
    """

    id: str
    title: str = ""
    text: str = ""
    language: str | None = None
    items: tuple[ItemProfile, ...] = ()
    state: str | None = None
    co_states: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()
    ldc: bool = False
    lldc: bool = False
    sids: bool = False
    working_languages: tuple[str, ...] = ()
    window: Window = ALWAYS
    tags: tuple[str, ...] = ()
    excluded_organizations: tuple[str, ...] = ()
    urgent: bool = False

    @property
    def states(self) -> tuple[str, ...]:
        return (self.state, *self.co_states) if self.state else self.co_states


@dataclass(frozen=True, slots=True)
class OfferProfile:
    """An offer as the matcher sees it; everything but the id may be left out.

    `regions` holds M49 codes, region names or ISO alpha-3 codes of States, and empty means
    anywhere. `organization_state` is the State whose own authority offers (None for any other
    kind of provider). `past` are texts of earlier work; `track_record` counts the provider's
    deliveries in the topics offered that a State confirmed. `verified` says that the provider may
    be proposed at all.
    """

    id: str
    title: str = ""
    text: str = ""
    language: str | None = None
    organization: str | None = None
    organization_kind: str | None = None
    organization_state: str | None = None
    verified: bool = True
    slots: tuple[SlotProfile, ...] = ()
    delivery_languages: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()
    directed_state: str | None = None
    excluded_states: tuple[str, ...] = ()
    window: Window = ALWAYS
    past: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    track_record: int = 0


@dataclass(frozen=True, slots=True)
class TopicTree:
    """`parents`: topic -> its group; `related`: topic -> topics that touch the same matter."""

    parents: Mapping[str, str] = field(default_factory=dict)
    related: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Gate:
    """One failed condition. `unodc_only` must never reach anybody outside UNODC, in any form."""

    code: GateCode
    parameters: Parameters = field(default_factory=dict)
    unodc_only: bool = False


@dataclass(frozen=True, slots=True)
class NearMiss:
    """A gate that holds, but only just."""

    code: GateCode
    parameters: Parameters = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Reason:
    """One term of the score: contribution = weight x value, with what the words need."""

    code: FeatureCode
    contribution: float
    value: float
    parameters: Parameters = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Change:
    """What the score and the place would be, were this term's contribution `contribution`."""

    code: FeatureCode
    contribution: float
    score: float
    rank: int


@dataclass(frozen=True, slots=True)
class SuggestedLine:
    """One line to propose: how much of this item this slot can carry (None: not countable)."""

    item: str
    slot: str
    quantity: int | None
    unit: str | None


@dataclass(frozen=True, slots=True)
class Explanation:
    """`reasons`: the largest four, largest first. `without`: each of them taken away.
    `gains`: terms with the most room, as if they were full."""

    reasons: tuple[Reason, ...]
    shared_terms: tuple[str, ...]
    without: tuple[Change, ...]
    gains: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class Pairing:
    """`components` maps every feature to its contribution; they sum to `score` exactly, in
    millionths. `signals` are what the text value was made of, never summed."""

    offer: str
    rank: int
    score: float
    components: Mapping[FeatureCode, float]
    signals: Mapping[str, float]
    explanation: Explanation
    lines: tuple[SuggestedLine, ...]
    near_misses: tuple[NearMiss, ...]


@dataclass(frozen=True, slots=True)
class BarredCounts:
    """How many offers are barred: in all, `openly` (of those that a State may count on no line
    could be proposed), by each gate, and `alone`: by one open gate only. `given`: of those, how
    many give which other value."""

    offers: int = 0
    openly: int = 0
    by_gate: Mapping[GateCode, int] = field(default_factory=dict)
    alone: Mapping[GateCode, int] = field(default_factory=dict)
    given: Mapping[GateCode, Mapping[str, int]] = field(default_factory=dict)


class KnownTexts(NamedTuple):
    """Requests in one language: digests of their texts, ascending, and their vectors as kept."""

    language: str
    digests: bytes
    vectors: bytes


class Head(NamedTuple):
    """The lowest and the highest of the text values that a learned order gave to others."""

    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Ranking:
    """`barred` may be left out: it is long, and `counts` says the most of it.

    `head`: of a learned order.
    """

    request: str
    model_version: str
    pairings: tuple[Pairing, ...]
    barred: Mapping[str, tuple[Gate, ...]]
    counts: BarredCounts = field(default_factory=BarredCounts)
    head: Head | None = None
