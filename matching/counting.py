"""How many offers were barred by what, without naming one."""

from collections import Counter
from collections.abc import Iterator

import numpy as np

from matching.columns import Bits, Columns
from matching.judging import Gates, Judged
from matching.postings import Integers
from matching.types import BarredCounts, GateCode


def barred_counts(judged: Judged, offers: Columns) -> BarredCounts:
    """Exclusions are no open gates: what is counted openly and alone does not depend on them."""
    told: Gates = {
        code: bits for code, bits in judged.gates.items() if code is not GateCode.EXCLUDED
    }
    failures = sum((bits.astype(np.int64) for bits in told.values()), np.zeros(len(offers), int))
    alone = {code: bits & (failures == 1) for code, bits in told.items()}
    return BarredCounts(
        offers=int(judged.barred.sum()),
        openly=int((failures > 0).sum()),
        by_gate=_counted(judged.gates),
        alone=_counted(alone),
        given={
            code: values
            for code, values in (
                (GateCode.LANGUAGE, _languages(alone[GateCode.LANGUAGE], offers)),
                (GateCode.MODALITY, _modalities(alone[GateCode.MODALITY], offers)),
            )
            if values
        },
    )


def _counted(gates: Gates) -> dict[GateCode, int]:
    counts = {code: int(bits.sum()) for code, bits in gates.items()}
    return {code: count for code, count in counts.items() if count}


def _languages(chosen: Bits, offers: Columns) -> dict[str, int]:
    column = offers.languages
    tally: Counter[str] = Counter()
    for number, count in _tallied(column.numbers[chosen]):
        value = column.values[number]
        for language in set(value) if isinstance(value, tuple) else ():
            tally[str(language)] += count
    return dict(tally)


def _modalities(chosen: Bits, offers: Columns) -> dict[str, int]:
    """Offers by kind of help; one that gives a kind in two slots counts once."""
    column, owner = offers.modality, offers.slots.owner
    rows = chosen[owner] & column.stated if len(owner) else np.zeros(0, bool)
    pairs = np.unique(np.stack([owner[rows], column.numbers[rows]], axis=1), axis=0)
    return {str(column.values[number]): count for number, count in _tallied(pairs[:, 1])}


def _tallied(numbers: Integers) -> Iterator[tuple[int, int]]:
    found, counts = np.unique(numbers, return_counts=True)
    return zip(found.tolist(), counts.tolist(), strict=True)
