"""The top level, the source root that must not shadow the standard library, and resources."""

import platform
import re
import subprocess
import sys
import sysconfig
from concurrent.futures import ProcessPoolExecutor
from importlib.resources import files
from multiprocessing import get_context
from pathlib import Path

import pytest

from tests.architecture.tree import ROOT, is_ignored, shown, text_files

TOP_LEVEL = {
    ".ci",
    ".github",
    ".gitignore",
    "LICENSE",
    "Makefile",
    "README.md",
    "compose.yaml",
    "matching",
    "notifications",
    "platform",
    "pyproject.toml",
    "requirements-dev.lock",
    "requirements.lock",
    "templates",
    "tests",
    "workers",
}
STANDARD_LIBRARY = Path(sysconfig.get_paths()["stdlib"]).resolve()
# Written so that no pattern finds itself here.
PLACES_OF_ONE_MACHINE = re.compile(
    r"""[f]ile:///(?!\W)|(?<![\w.])/(?:[r]oot|[U]sers/\w+|[h]ome/\w+)/"""
    r"""|/[w]ork/(?:main|shared)|/[o]pt/py\w+/|[p]ypi\.org/simple|[p]ythonhosted\.org"""
    r"""|[r]egistry\.npmjs|--(?:extra-)?[i]ndex-url"""
)


def platform_file() -> str:
    return str(platform.__file__)


def test_top_level_holds_the_agreed_entries_and_nothing_else() -> None:
    assert {path.name for path in ROOT.iterdir() if not is_ignored(path)} == TOP_LEVEL


def test_platform_is_the_standard_librarys_from_the_root() -> None:
    done = subprocess.run(
        [sys.executable, "-c", "import platform; print(platform.__file__)"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )

    assert Path(done.stdout.strip()).resolve() == STANDARD_LIBRARY / "platform.py"


def test_platform_is_the_standard_librarys_in_a_spawned_process() -> None:
    with ProcessPoolExecutor(max_workers=1, mp_context=get_context("spawn")) as pool:
        found = pool.submit(platform_file).result()

    assert Path(found).resolve() == STANDARD_LIBRARY / "platform.py"


def test_source_root_is_no_package() -> None:
    assert [path.name for path in (ROOT / "platform").iterdir() if not is_ignored(path)] == [
        "concord"
    ]


@pytest.mark.parametrize(
    ("package", "resource"),
    [
        ("concord", "migrations/0001_initial.py"),
        ("concord", "reference/states.csv"),
        ("concord", "static/vendor/htmx-2.min.js"),
        ("concord", "static/vendor/hx-sse-2.min.js"),
        ("templates", "base.html"),
    ],
)
def test_resource_is_readable_from_its_package(package: str, resource: str) -> None:
    assert files(package).joinpath(resource).read_text("utf-8").strip()


def test_no_file_names_a_place_of_one_machine_or_a_registry() -> None:
    found = [
        f"{shown(path)}:{number}: {match[0]}"
        for path in text_files()
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1)
        for match in PLACES_OF_ONE_MACHINE.finditer(line)
    ]

    assert found == []


def test_licence_is_the_official_text() -> None:
    text = (ROOT / "LICENSE").read_text("utf-8")

    assert text.split()[:5] == ["Apache", "License", "Version", "2.0,", "January"]
    assert "END OF TERMS AND CONDITIONS" in text
