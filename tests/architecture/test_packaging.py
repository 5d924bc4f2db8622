"""Locks agree with pyproject.toml, help with the Makefile, the wheel with the tree."""

import re
import tomllib
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.architecture.tree import ROOT

PIN = re.compile(r"^([A-Za-z0-9._-]+)(?:\[[^\]]*\])?==([^ ;\\]+)(.*?)\\?$", re.MULTILINE)
TARGETS = [
    "demo",
    "serve",
    "test",
    "test-data",
    "test-servers",
    "machines",
    "accessibility",
    "faults",
    "bench",
    "bench-matching",
    "bench-scale",
    "messages",
    "lock",
]


def project() -> dict[str, Any]:
    found: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    return found


def lock_text(name: str) -> str:
    return (ROOT / name).read_text("utf-8")


def pins(name: str) -> dict[str, set[str]]:
    """The versions of each package; a package may have one for each version of Python."""
    found: dict[str, set[str]] = {}
    for package, version, _ in PIN.findall(lock_text(name)):
        found.setdefault(canonicalize_name(package), set()).add(version)
    return found


@pytest.mark.parametrize("name", ["requirements.lock", "requirements-dev.lock"])
def test_lock_holds_a_hash_for_every_pin_and_no_address(name: str) -> None:
    text = lock_text(name)
    blocks = re.split(r"\n(?=[A-Za-z0-9])", text.strip())

    assert [block.split("\n")[0] for block in blocks if "--hash=sha256:" not in block] == []
    assert re.findall(r"\S+://\S+|^-.*", text, re.MULTILINE) == []


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("requirements.lock", project()["dependencies"]),
        (
            "requirements-dev.lock",
            project()["dependencies"] + project()["optional-dependencies"]["dev"],
        ),
    ],
)
def test_lock_satisfies_what_the_project_asks_for(name: str, wanted: list[str]) -> None:
    locked = pins(name)
    missing = [
        text
        for text in wanted
        for requirement in [Requirement(text)]
        if not any(
            requirement.specifier.contains(version, prereleases=True)
            for version in locked.get(canonicalize_name(requirement.name), ())
        )
    ]

    assert missing == []


def test_development_holds_the_same_versions_as_the_product() -> None:
    development = pins("requirements-dev.lock")

    assert {name: development.get(name) for name in pins("requirements.lock")} == pins(
        "requirements.lock"
    )


def test_build_tool_is_locked() -> None:
    assert "hatchling" in pins("requirements.lock")


def test_every_target_of_the_makefile_is_listed_by_help() -> None:
    makefile = (ROOT / "Makefile").read_text("utf-8")

    assert re.findall(r"^([a-z-]+):.*## ", makefile, re.MULTILINE) == ["help", *TARGETS]


def test_wheel_holds_every_package_of_the_tree() -> None:
    build = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["hatch"]["build"]
    packages = {
        folder.relative_to(ROOT).as_posix()
        for base in (ROOT, ROOT / "platform")
        for folder in base.iterdir()
        if (folder / "__init__.py").is_file()
    }

    assert set(build["targets"]["wheel"]["packages"]) == packages - {"tests"}
