"""Browsers of the people who have a part in a match."""

from tests.matches.conftest import browse

__all__ = ["browse"]
