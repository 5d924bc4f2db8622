"""Every message the platform sends, by name, and its passage through an outbox row."""

from collections.abc import Iterator, Mapping
from types import MappingProxyType

import msgspec

from notifications.errors import Permanent, UnknownMessage
from notifications.messages import (
    accounts,
    deliveries,
    matches,
    offers,
    organizations,
    requests,
    terms,
)
from notifications.messages.base import Audience, Message, Party, Urgency

__all__ = [
    "MESSAGES",
    "Audience",
    "Message",
    "Party",
    "Urgency",
    "accounts",
    "deliveries",
    "dump",
    "load",
    "matches",
    "offers",
    "organizations",
    "redact",
    "requests",
    "terms",
]


def _named(kind: type[Message]) -> Iterator[type[Message]]:
    for below in kind.__subclasses__():
        if "name" in vars(below):
            yield below
        yield from _named(below)


MESSAGES: Mapping[str, type[Message]] = MappingProxyType(
    {kind.name: kind for kind in sorted(_named(Message), key=lambda kind: kind.name)}
)


def dump(message: Message) -> dict[str, object]:
    """What an outbox row carries beside `message.name`.

    Raises msgspec.ValidationError when a field holds anything but its id, code, date or count:
    the writer's transaction fails before free text could leave the platform.
    """
    payload: dict[str, object] = msgspec.to_builtins(message)
    msgspec.convert(payload, type(message))
    return payload


def load(name: str, payload: Mapping[str, object]) -> Message:
    """Raises UnknownMessage (newer code may have written it: retryable) or Permanent."""
    kind = MESSAGES.get(name)
    if kind is None:
        raise UnknownMessage(name)
    try:
        return msgspec.convert(dict(payload), kind)
    except msgspec.ValidationError as error:
        raise Permanent(f"{name}: {error}") from error


def redact(name: str, payload: Mapping[str, object]) -> dict[str, object]:
    """The payload to keep once the row is done: without the single-use tokens it carried."""
    kind = MESSAGES.get(name)
    secrets = kind.secrets if kind else ()
    return {key: value for key, value in payload.items() if key not in secrets}
