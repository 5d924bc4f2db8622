"""Which slot for which item where a slot's items take different amounts of it.

The generalized assignment problem by branch and bound (Ross and Soland 1975), with HiGHS.
"""

from collections.abc import Sequence

import numpy as np

from matching.plans import Choice
from matching.solver import UNBOUNDED, Floats, Model, NoAnswer

NODES = 2_000
SECONDS = 10.0
GAP = 1e-9


def packed(
    choices: Sequence[Choice], worth: Floats, left: Floats, *, needs: int
) -> tuple[list[int], bool]:
    """Places of the choices of the highest total worth whose quantities fit into what is `left`
    of each slot (infinite without limit), and whether that is proved; nothing where the search
    found nothing in its time.

    `worth` (n,) of the choices, each more than 0; `needs`: how many items there are.
    """
    limited = np.isfinite(left)
    # In parts of what is left, so that a rounding error is one of a part and not of a unit.
    most = np.where(limited & (left > 0), left, 1.0)
    model = Model(np.ones(needs, np.int64), np.where(limited, left / most, UNBOUNDED))
    supplies = np.array([choice.supply for choice in choices], np.int64)
    quantities = np.array([choice.quantity for choice in choices], np.float64)
    model.add(
        np.array([choice.need for choice in choices], np.int64),
        supplies,
        worth,
        forced=np.zeros(len(choices), bool),
        amounts=quantities / most[supplies],
    )
    with model.whole(nodes=NODES, seconds=SECONDS, gap=GAP):
        try:
            chosen, is_best = model.solve(), model.is_best
        except NoAnswer:
            return [], False
    given = np.bincount(supplies[chosen], quantities[chosen], minlength=len(left))
    if (given > left).any():
        return [], False
    return np.flatnonzero(chosen).tolist(), is_best
