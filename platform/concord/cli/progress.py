"""Progress of long work, on the error stream and for people only."""

from collections.abc import Iterable, Iterator, Sequence
from typing import TypeVar

from rich.console import Console
from rich.progress import track

Item = TypeVar("Item")


def shown(items: Sequence[Item], title: str) -> Iterator[Item]:
    """The same items, with a bar where somebody watches."""
    console = Console(stderr=True)
    bar: Iterable[Item] = track(items, title, console=console, disable=not console.is_terminal)
    return iter(bar)
