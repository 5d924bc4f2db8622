"""The same site, Chromium and tabs as the tests of single pages."""

from tests.browser.conftest import chromium, open_tab, site

__all__ = ["chromium", "open_tab", "site"]
