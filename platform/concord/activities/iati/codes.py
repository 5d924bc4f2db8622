"""Codes of IATI 1.x and 2.x in one set of words, and what sectors say of our topics."""

from collections.abc import Mapping

STATUS: Mapping[str, str] = {
    "1": "pipeline",
    "2": "implementation",
    "3": "finalisation",
    "4": "closed",
    "5": "cancelled",
    "6": "suspended",
    "pipeline/identification": "pipeline",
    "completion": "finalisation",
    "ongoing": "implementation",
    "post-completion": "closed",
}
DATES: Mapping[str, str] = {
    "1": "planned_start",
    "2": "actual_start",
    "3": "planned_end",
    "4": "actual_end",
    "start-planned": "planned_start",
    "start-actual": "actual_start",
    "end-planned": "planned_end",
    "end-actual": "actual_end",
    "start": "planned_start",
    "end": "planned_end",
    "completion": "planned_end",
}
ROLES: Mapping[str, str] = {
    "1": "funding",
    "2": "accountable",
    "3": "extending",
    "4": "implementing",
    "donor": "funding",
}
VOCABULARIES: Mapping[str, str] = {"dac": "1", "dac-3": "2", "": "1"}
OURS = frozenset({"98", "99"})
"""Vocabularies of the reporting organization: those that UNODC publishes carry our topics."""

PURPOSES: Mapping[str, tuple[str, ...]] = {
    "15130": ("SUB", "PRO", "JUS"),
    "15132": ("INV",),
    "15134": ("JUS",),
}
"""DAC purposes as groups of topics; 22040 (ICT) is far wider than any of them."""
