"""What a caller can do wrong, in the domain's words; the web maps each class to one status."""

from collections.abc import Mapping


class Text(str):
    """A sentence in English that knows its msgid and parameters, so that pages translate it."""

    msgid: str
    parameters: Mapping[str, str | int]

    def __new__(cls, msgid: str, **parameters: str | int) -> "Text":
        text = super().__new__(cls, msgid % parameters if parameters else msgid)
        text.msgid = msgid
        text.parameters = parameters
        return text


class DomainError(Exception):
    """A caller's mistake or a rule that refused: `message` is shown, so it says what to do.

    `message` is a gettext msgid; `parameters` fill its `%(name)s` places.
    """

    code = "error"

    def __init__(self, message: str, **parameters: str | int) -> None:
        self.message = message if isinstance(message, Text) else Text(message, **parameters)
        super().__init__(str(self.message))


class NotFound(DomainError):
    """There is no such thing, or the actor may not see it: the two look alike."""

    code = "not_found"

    def __init__(self, message: str = "There is nothing at this address.") -> None:
        super().__init__(message)


class NotAllowed(DomainError):
    """The actor sees the thing but may not do this to it."""

    code = "not_allowed"


class SignInRequired(DomainError):
    """Nobody is signed in."""

    code = "sign_in_required"

    def __init__(self, message: str = "Sign in to continue.") -> None:
        super().__init__(message)


class InvalidInput(DomainError):
    """What was typed does not fit: `fields` maps a field's name to its message."""

    code = "invalid_input"

    def __init__(self, fields: Mapping[str, str], message: str = "There is a problem.") -> None:
        super().__init__(message)
        self.fields = dict(fields)


class Conflict(DomainError):
    """The thing has moved on, is taken, or would repeat: nothing was changed."""

    code = "conflict"


class StaleVersion(Conflict):
    """The form was made from an older version of the thing."""

    code = "stale_version"


class TooManyRequests(DomainError):
    """A rate limit refused; `retry_after` is in seconds."""

    code = "too_many_requests"

    def __init__(self, message: str, *, retry_after: int) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class Unavailable(DomainError):
    """A service Concord needs does not answer now."""

    code = "unavailable"
