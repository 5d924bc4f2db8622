"""The files of the checkout, as a clone would hold them."""

from collections.abc import Iterator
from fnmatch import fnmatch
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SOURCES = ("platform/concord", "matching", "workers", "notifications")
BINARY = frozenset({".gif", ".ico", ".jpg", ".mo", ".pdf", ".png", ".webp", ".woff2", ".xlsx"})


def ignored_patterns() -> list[str]:
    lines = (ROOT / ".gitignore").read_text("utf-8").splitlines()
    return [line for line in lines if line and not line.startswith("#")]


def is_ignored(path: Path) -> bool:
    """Whether .gitignore (of the few forms used there) or git itself leaves this path out."""
    name = path.relative_to(ROOT).as_posix()
    for pattern in [".git", *ignored_patterns()]:
        plain = pattern.strip("/")
        as_deep = name.count("/") == plain.count("/")  # a star of git's stops at a slash
        if as_deep and fnmatch(name, plain):
            return True
        if "/" not in pattern.rstrip("/") and fnmatch(path.name, plain):
            return True
    return False


def files_under(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.iterdir()):
        if is_ignored(path):
            continue
        if path.is_dir():
            yield from files_under(path)
        else:
            yield path


def text_files() -> list[Path]:
    return [path for path in files_under(ROOT) if path.suffix not in BINARY]


def python_files(*folders: str) -> list[Path]:
    """Python modules under `folders` (all sources by default), migrations left out."""
    return [
        path
        for folder in folders or SOURCES
        for path in files_under(ROOT / folder)
        if path.suffix == ".py" and "migrations" not in path.parts
    ]


def shown(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()
