"""Templates and styles keep to the content security policy and to both directions of writing."""

import re
from collections.abc import Callable
from pathlib import Path

from tests.architecture.tree import ROOT, files_under, shown

INLINE = re.compile(
    r"""<script(?![^>]*\bsrc=)|<style|\sstyle\s*=|\son[a-z]+\s*=|\shx-on|javascript:|["']js:""",
    re.IGNORECASE,
)
JINJA = re.compile(r"\{%.*?%\}|\{\{.*?\}\}|\{#.*?#\}", re.DOTALL)
UNSAFE = re.compile(r"\|\s*safe\b|autoescape\s+false")
ELSEWHERE = re.compile(r"""src\s*=\s*["'](?:https?:)?//""", re.IGNORECASE)
PHYSICAL = re.compile(
    r"""(?<![\w-])(?:(?:margin|padding|border)-(?:left|right)\b[\w-]*|(?:left|right)\s*:"""
    r"""|text-align\s*:\s*(?:left|right)|float\s*:\s*(?:left|right)|border-(?:top|bottom)-(?:left|right)-radius)"""
)


def pages() -> list[Path]:
    return [
        path
        for path in files_under(ROOT / "templates")
        if path.suffix == ".html" and "email" not in path.parts
    ]


def without_jinja(text: str) -> str:
    """The text with every tag and expression blanked, lines kept."""
    return JINJA.sub(lambda match: re.sub(r"[^\n]", " ", match[0]), text)


def raw(path: Path) -> str:
    return path.read_text("utf-8")


def markup(path: Path) -> str:
    return without_jinja(raw(path))


def found_in(
    paths: list[Path], pattern: re.Pattern[str], read: Callable[[Path], str] = raw
) -> list[str]:
    return [
        f"{shown(path)}:{number}: {match[0].strip()}"
        for path in paths
        for number, line in enumerate(read(path).splitlines(), 1)
        for match in pattern.finditer(line)
    ]


def test_pages_hold_no_inline_script_or_style() -> None:
    assert found_in(pages(), INLINE, markup) == []


def test_pages_never_switch_escaping_off() -> None:
    assert found_in(pages(), UNSAFE) == []


def test_pages_load_nothing_from_elsewhere() -> None:
    assert found_in(pages(), ELSEWHERE) == []


def test_styles_use_logical_properties_alone() -> None:
    styles = [p for p in files_under(ROOT / "platform/concord/static") if p.suffix == ".css"]

    assert styles
    assert found_in(styles, PHYSICAL) == []
