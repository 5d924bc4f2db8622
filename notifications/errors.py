"""Why a notice could not be delivered: worth another try, or not."""


class DeliveryFailed(Exception):
    """The base of both kinds; its text names codes and hosts, never a person or a secret."""


class Retryable(DeliveryFailed):
    """The outbox tries again later."""


class Permanent(DeliveryFailed):
    """Trying again cannot help: the row goes to the dead letters at once."""


class UnknownMessage(Retryable):
    """A name that this release does not know: during a roll-out a newer one may."""
