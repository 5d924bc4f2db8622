"""Prices near the optimum's, found by requests that outbid one another (Bertsekas 1988)."""

import numpy as np

from matching.solver import Floats, Integers

ROUNDS = 400


def auction_prices(
    asked: Integers, offered: Integers, worth: Floats, *, counts: tuple[int, int], step: float
) -> tuple[Floats, Floats]:
    """What requests gain `(n,)` and offers cost `(m,)` when bidding ends; `asked` is in order.

    Each in turn bids up its best offer by what the next best falls short of it, and by `step`.
    Bidding stops after so many rounds: the prices are good ones to start from, no more.
    """
    choices, values = _table(asked, offered, worth, counts)
    price, owner = np.zeros(counts[1] + 1), np.full(counts[1], -1)
    active = np.unique(asked)
    for _ in range(ROUNDS):
        if not len(active):
            break
        bidders, wanted, bids = _bids(active, choices, values, price, step)
        order = np.lexsort((bidders, -bids, wanted))
        winners = order[np.flatnonzero(np.diff(wanted[order], prepend=-1))]
        taken = wanted[winners]
        outbid = owner[taken]
        owner[taken], price[taken] = bidders[winners], bids[winners]
        lost = np.delete(bidders, winners)
        active = np.concatenate([lost, outbid[outbid >= 0]])
    gains = np.fmax((values - price[choices]).max(axis=1, initial=0.0), 0.0)
    return gains, price[:-1]


def _table(
    asked: Integers, offered: Integers, worth: Floats, counts: tuple[int, int]
) -> tuple[Integers, Floats]:
    """Offers and worth of each request in a row, filled up with one that nobody wants."""
    many = np.bincount(asked, minlength=counts[0])
    place = np.arange(len(asked)) - (np.cumsum(many) - many)[asked]
    shape = (counts[0], int(many.max(initial=1)))
    choices, values = np.full(shape, counts[1]), np.full(shape, -np.inf)
    choices[asked, place], values[asked, place] = offered, worth
    return choices, values


def _bids(
    active: Integers, choices: Integers, values: Floats, price: Floats, step: float
) -> tuple[Integers, Integers, Floats]:
    gain = values[active] - price[choices[active]]
    each = np.arange(len(active))
    best = gain.argmax(axis=1)
    most = gain[each, best]
    gain[each, best] = -np.inf
    beaten_by = most - np.maximum(gain.max(axis=1), 0) + step
    willing = most > 0
    wanted = choices[active, best]
    return active[willing], wanted[willing], (price[wanted] + beaten_by)[willing]
