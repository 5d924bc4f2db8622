"""What stops an embedded server from running, with what to do about it."""


class ServicesError(Exception):
    """An embedded server cannot be started, reached or stopped; the text says what to do."""
