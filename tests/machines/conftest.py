"""Says at the end how many steps were taken."""

import pytest

from tests.machines.playing import TAKEN


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    for name, count in sorted(TAKEN.items()):
        terminalreporter.write_line(f"{name}: {count}")


@pytest.fixture
def emptying(_connected: str) -> str:
    """The statements that empty the database between two examples of one test."""
    return _connected
