"""Spans of days that may be open at either side."""

from datetime import date

from matching.types import Window


def clip(window: Window, today: date) -> Window | None:
    """The part of the window that is not over yet; None when all of it is."""
    return overlap(window, Window(today, None))


def overlap(first: Window, second: Window) -> Window | None:
    """The days that both have; None when there is none."""
    start, end = first.start, first.end
    if start is None or (second.start is not None and second.start > start):
        start = second.start
    if end is None or (second.end is not None and second.end < end):
        end = second.end
    if start is not None and end is not None and end < start:
        return None
    return Window(start, end)


def length(window: Window) -> int | None:
    """Days from start to end, both included; None when a side is open."""
    if window.start is None or window.end is None:
        return None
    return (window.end - window.start).days + 1


def overlap_days(first: Window, second: Window) -> int | None:
    """Days in common: 0 when there is none, None when they are unlimited."""
    shared = overlap(first, second)
    return 0 if shared is None else length(shared)


def overlap_share(wanted: Window, given: Window) -> float:
    """Which share of the wanted days is given, in [0, 1]; an open wanted window counts as a
    year from its start."""
    shared = overlap(wanted, given)
    if shared is None:
        return 0.0
    days, whole = length(shared), length(wanted)
    if days is None:
        return 1.0
    return min(1.0, days / (whole or 365))
