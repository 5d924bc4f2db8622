"""Browsers of the people who have a part in a delivery."""

from tests.matches.conftest import Browse, browse, form

__all__ = ["Browse", "browse", "form"]
