"""Labels of codes, for templates: from the code lists in memory, in the reader's language."""

from collections.abc import Mapping

from concord.reference.queries import in_memory
from concord.reference.values import (
    BeneficiaryEntry,
    ModalityEntry,
    ReasonEntry,
    TopicEntry,
    UnitEntry,
)
from concord.web.i18n import gettext

Labelled = TopicEntry | ModalityEntry | BeneficiaryEntry | UnitEntry | ReasonEntry


def topic_name(code: str) -> str:
    lists = in_memory()
    return _label(lists.topics if lists else {}, code)


def modality_name(code: str) -> str:
    lists = in_memory()
    return _label(lists.modalities if lists else {}, code)


def beneficiary_name(code: str) -> str:
    lists = in_memory()
    return _label(lists.beneficiaries if lists else {}, code)


def unit_name(code: str | None) -> str:
    lists = in_memory()
    return _label(lists.units if lists else {}, code or "")


def reason_name(code: str) -> str:
    """`code` is `context.reason`."""
    lists = in_memory()
    return _label(lists.reasons if lists else {}, code)


def _label(entries: Mapping[str, Labelled], code: str) -> str:
    entry = entries.get(code)
    return gettext(entry.label) if entry else code
