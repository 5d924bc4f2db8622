"""One frozen entry of each code list; the fields are those of the table of the same name."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class StateEntry:
    """A State under its UNTERM short names, one for each language of the pages."""

    code: str
    iso2: str
    number: int
    m49: str
    status: str
    region: str
    subregion: str
    ldc: bool
    lldc: bool
    sids: bool
    names: Mapping[str, str]

    def name(self, language: str) -> str:
        return self.names.get(language, self.names["en"])


@dataclass(frozen=True, slots=True)
class TopicEntry:
    """A group of topics (`parent_code` is None) or a topic within one."""

    code: str
    number: int
    parent_code: str | None
    label: str
    articles: Mapping[str, str]
    related: tuple[str, ...]
    safeguard: bool
    active: bool = True


@dataclass(frozen=True, slots=True)
class ModalityEntry:
    """A form of assistance; cover outlasts it by `cooling_days`."""

    code: str
    number: int
    label: str
    cooling_days: int
    active: bool = True


@dataclass(frozen=True, slots=True)
class BeneficiaryEntry:
    """A kind of institution that assistance is for."""

    code: str
    number: int
    label: str
    security_force: bool
    active: bool = True


@dataclass(frozen=True, slots=True)
class UnitEntry:
    """What a quantity counts."""

    code: str
    label: str
    active: bool = True


@dataclass(frozen=True, slots=True)
class ReasonEntry:
    """A coded reason; `code` begins with its context, as in `cancelled.security`."""

    code: str
    context: str
    label: str
    seen_by: str
    active: bool = True


Entry = StateEntry | TopicEntry | ModalityEntry | BeneficiaryEntry | UnitEntry | ReasonEntry
