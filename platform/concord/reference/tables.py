"""The code lists as shipped: CSV files beside this module, read without a database.

Sources, all public. States: United Nations M49 (regions; least developed, landlocked developing
and small island developing States), ISO 3166-1 (codes), UNTERM (short names in six languages);
`non_member` marks States that are neither Members nor observers. Illustrative States: the codes
that ISO 3166-1 leaves to its users (QM to QZ, QMM to QZZ, 901 to 914). Topics: Concord's own, with
article numbers of the United Nations Convention against Cybercrime (2024), the Convention against
Transnational Organized Crime (2000), the Convention on Cybercrime (2001) and the dimensions of the
Cybersecurity Capacity Maturity Model (2021). The other lists are Concord's own.

A `number` is the entry's place in the ranges that prevent repeated assistance: it is never
changed and never given to another entry.
"""

import csv
from collections.abc import Iterator
from importlib.resources import files

from concord.reference.languages import UI_LANGUAGES
from concord.reference.values import (
    BeneficiaryEntry,
    ModalityEntry,
    ReasonEntry,
    StateEntry,
    TopicEntry,
    UnitEntry,
)

INSTRUMENTS = ("un_convention_2024", "untoc_2000", "budapest_2001", "cmm_2021")


def states(*, illustrative: bool = False) -> list[StateEntry]:
    """All States, with the illustrative ones for samples and tests if asked."""
    rows = [*_rows("states")]
    if illustrative:
        rows += _rows("illustrative_states")
    return [_state(row) for row in rows]


def topics() -> list[TopicEntry]:
    return [
        TopicEntry(
            code=row["code"],
            number=int(row["number"]),
            parent_code=row["parent"] or None,
            label=row["label"],
            articles={name: row[name] for name in INSTRUMENTS if row[name]},
            related=tuple(row["related"].split()),
            safeguard=row["safeguard"] == "yes",
        )
        for row in _rows("topics")
    ]


def modalities() -> list[ModalityEntry]:
    return [
        ModalityEntry(row["code"], int(row["number"]), row["label"], int(row["cooling_days"]))
        for row in _rows("modalities")
    ]


def beneficiaries() -> list[BeneficiaryEntry]:
    return [
        BeneficiaryEntry(
            row["code"], int(row["number"]), row["label"], row["security_force"] == "yes"
        )
        for row in _rows("beneficiaries")
    ]


def units() -> list[UnitEntry]:
    return [UnitEntry(row["code"], row["label"]) for row in _rows("units")]


def reasons() -> list[ReasonEntry]:
    return [
        ReasonEntry(
            f"{row['context']}.{row['code']}", row["context"], row["label"], row["seen_by"]
        )
        for row in _rows("reasons")
    ]


def _rows(name: str) -> Iterator[dict[str, str]]:
    text = files("concord.reference").joinpath(f"{name}.csv").read_text("utf-8")
    yield from csv.DictReader(text.splitlines())


def _state(row: dict[str, str]) -> StateEntry:
    """The finest M49 region of a State serves as its subregion."""
    return StateEntry(
        code=row["code"],
        iso2=row["iso2"],
        number=int(row["m49"]),
        m49=row["m49"],
        status=row["status"],
        region=row["region"],
        subregion=row["intermediate_region"] or row["subregion"],
        ldc=row["ldc"] == "yes",
        lldc=row["lldc"] == "yes",
        sids=row["sids"] == "yes",
        names={language: row[f"name_{language}"] for language in UI_LANGUAGES},
    )
