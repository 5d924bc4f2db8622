"""What is done as the last thing before the outermost transaction commits, and right after it."""

from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field

Last = Callable[[], Awaitable[None]]
Then = Callable[[], None]


@dataclass(slots=True)
class Waiting:
    """What waits for a commit, in the order in which it was asked for."""

    before: list[Last] = field(default_factory=list)
    after: list[Then] = field(default_factory=list)

    async def settle(self) -> None:
        """Do what comes before, inside the transaction."""
        for act in self.before:
            await act()

    def announce(self) -> None:
        """Do what comes after."""
        for act in self.after:
            act()


_waiting: ContextVar[Waiting | None] = ContextVar("waiting", default=None)


def is_open() -> bool:
    """Whether a transaction is open around this."""
    return _waiting.get() is not None


@contextmanager
def waiting_room() -> Iterator[Waiting | None]:
    """Around one transaction or savepoint; None inside another one, whose commit is waited for.

    What was asked for inside a part that fails is forgotten with it.
    """
    outer = _waiting.get()
    if outer is not None:
        before, after = len(outer.before), len(outer.after)
        try:
            yield None
        except BaseException:
            del outer.before[before:], outer.after[after:]
            raise
        return
    room = Waiting()
    token = _waiting.set(room)
    try:
        yield room
    finally:
        _waiting.reset(token)


async def before_commit(act: Last) -> None:
    """Do this last in the outermost transaction, at once outside of any."""
    waiting = _waiting.get()
    if waiting is None:
        await act()
    else:
        waiting.before.append(act)


def after_commit(act: Then) -> None:
    """Do this once the outermost transaction is committed, never if it is undone."""
    waiting = _waiting.get()
    if waiting is None:
        act()
    else:
        waiting.after.append(act)
