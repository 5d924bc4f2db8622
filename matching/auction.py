"""Prices near the optimum's, found by requests that outbid one another (Bertsekas 1988)."""

from typing import NamedTuple

import numpy as np

from matching.solver import Floats, Integers

ROUNDS = 400
FALL = 100  # steps that a price falls below the first guess, at most
DOUBT = 200  # steps that a request may gain less than was guessed before it stays away


class Lots(NamedTuple):
    """What is bid for: pairs `(k,)` of requests, in order, and offers, with their worth."""

    asked: Integers
    offered: Integers
    worth: Floats


def auction_prices(
    lots: Lots, gains: Floats, costs: Floats, *, step: float
) -> tuple[Floats, Floats]:
    """What requests gain `(n,)` and offers cost `(m,)` when bidding ends, from first guesses.

    Each in turn bids up its best offer by what the next best falls short of it, and by `step`.
    It stays away rather than gain much less than was guessed: not all pairs are up for bidding,
    and others will do better (du Merle et al. 1999). Bidding stops after so many rounds: the
    prices are good ones to start from, no more.
    """
    counts = len(gains), len(costs)
    choices, values = _table(*lots, counts)
    least = np.fmax(gains - DOUBT * step, 0)
    price, owner = (
        np.append(_fallen(lots, choices, values, costs, step), 0),
        np.full(counts[1], -1),
    )
    active = np.unique(lots.asked)
    for _ in range(ROUNDS):
        if not len(active):
            break
        bidders, wanted, bids = _bids(active, choices, values, price, least, step)
        order = np.lexsort((bidders, -bids, wanted))
        winners = order[np.flatnonzero(np.diff(wanted[order], prepend=-1))]
        taken = wanted[winners]
        outbid = owner[taken]
        owner[taken], price[taken] = bidders[winners], bids[winners]
        lost = np.delete(bidders, winners)
        active = np.concatenate([lost, outbid[outbid >= 0]])
    return np.fmax((values - price[choices]).max(axis=1, initial=0.0), least), price[:-1]


def _fallen(lots: Lots, choices: Integers, values: Floats, costs: Floats, step: float) -> Floats:
    """Prices that somebody would just pay, where these are less; they fall only so far."""
    gains = (values - np.append(costs, 0)[choices]).max(axis=1, initial=0.0)
    paid = np.zeros(len(costs))
    np.maximum.at(paid, lots.offered, lots.worth - gains[lots.asked])
    return np.maximum(np.minimum(costs, paid), costs - FALL * step)


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
    active: Integers,
    choices: Integers,
    values: Floats,
    price: Floats,
    least: Floats,
    step: float,
) -> tuple[Integers, Integers, Floats]:
    gain = values[active] - price[choices[active]]
    each = np.arange(len(active))
    best = gain.argmax(axis=1)
    most = gain[each, best]
    gain[each, best] = -np.inf
    beaten_by = most - np.maximum(gain.max(axis=1), least[active]) + step
    willing = most > least[active]
    wanted = choices[active, best]
    return active[willing], wanted[willing], (price[wanted] + beaten_by)[willing]
