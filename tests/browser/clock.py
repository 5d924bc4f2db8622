"""The time of a site's processes: it passes, and a test moves it forward."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path


@dataclass(frozen=True, slots=True)
class SiteClock:
    """Real time and a shift in seconds, which stands in a file that every process reads."""

    file: Path

    def __call__(self) -> datetime:
        return datetime.now(UTC) + timedelta(seconds=self._shift())

    def start_at(self, moment: datetime) -> None:
        self._write((moment - datetime.now(UTC)).total_seconds())

    def forward(self, **duration: float) -> datetime:
        self._write(self._shift() + timedelta(**duration).total_seconds())
        return self()

    def _shift(self) -> float:
        return float(self.file.read_text("ascii"))

    def _write(self, shift: float) -> None:
        """Whole or not at all: another process may read at any moment."""
        partial = self.file.with_suffix(".new")
        partial.write_text(repr(shift), "ascii")
        partial.replace(self.file)
