"""The kind of an institution, where its name says it plainly in English, French or Spanish."""

import re

# The first row that fits decides: an academy of judges is an academy, a police laboratory one too.
WORDS: tuple[tuple[str, str], ...] = (
    ("forensic_laboratory", r"forensic lab|laborator|laboratoire"),
    ("academy", r"academy|académie|academia|training (?:centre|school)|school of magistrates"),
    ("asset_recovery", r"asset[- ]recovery|recouvrement des avoirs|recuperación de activos"),
    ("financial_intelligence", r"financial intelligence|renseignement financier"),
    ("central_authority", r"central authority|autorité centrale|autoridad central"),
    ("contact_point", r"\b24/7\b|contact point|point de contact"),
    ("csirt", r"\bcsirt\b|\bcert\b|incident response"),
    ("data_protection", r"data[- ]protection|protection des données|protección de datos"),
    ("victim_services", r"victim|survivor|women.s support|víctimas"),
    ("statistics", r"statistic|statistique|estadística"),
    ("parliament", r"parliament|parlement|parlamento|national assembly|congress\b"),
    ("defence", r"bar association|legal aid|defen[cs]e lawyer|barreau"),
    ("coordination_body", r"coordination (?:committee|office|body|council)|coordinating"),
    ("prosecution", r"prosecut|procur|parquet|fiscalía|ministerio público"),
    ("judiciary", r"\bcourts?\b|judici|judge|tribunal|\bcour\b"),
    ("police", r"police|policía|gendarmerie|criminal (?:investigation|evidence)|cybercrime unit"),
    ("regulator", r"regulator|régulat|central bank|banque centrale"),
    ("justice_ministry", r"ministry of justice|ministère de la justice|ministerio de justicia"),
    ("schools", r"\bschools?\b|universit|ministry of education"),
    ("public", r"general public|grand public"),
)
_PATTERNS = tuple((code, re.compile(words, re.IGNORECASE)) for code, words in WORDS)


def beneficiary_of(institution: str) -> str | None:
    """The code of the first kind whose words the name holds; None leaves it to a person."""
    return next((code for code, words in _PATTERNS if words.search(institution)), None)
