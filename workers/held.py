"""What the matcher's process holds, known by fingerprint."""

from collections.abc import Collection, Mapping


class Held:
    """Records by id, each with the fingerprint under which it was loaded."""

    def __init__(self) -> None:
        self._marks: dict[str, str] = {}

    def __len__(self) -> int:
        return len(self._marks)

    def stale(
        self, marks: Mapping[str, str], among: Collection[str] | None = None
    ) -> tuple[list[str], list[str]]:
        """Ids to load again and ids to drop; `marks` are those of `among` (all) that exist."""
        changed = [i for i, mark in marks.items() if self._marks.get(i) != mark]
        looked_at = self._marks if among is None else among
        gone = [i for i in looked_at if i in self._marks and i not in marks]
        return changed, gone

    def take(self, marks: Mapping[str, str], gone: Collection[str]) -> None:
        """These are loaded, and those dropped."""
        self._marks.update(marks)
        for identifier in gone:
            self._marks.pop(identifier, None)

    def clear(self) -> None:
        self._marks.clear()
