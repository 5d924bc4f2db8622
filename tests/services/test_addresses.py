"""Sockets in folders whose path is longer than the kernel takes."""

import shutil
import tempfile
from pathlib import Path

import pytest

from concord.services import embedded_services
from concord.services.addresses import address_folder, forget_address, is_short
from tests.services.living import rows, told


@pytest.fixture
def deep(tmp_path: Path) -> Path:
    folder = tmp_path / ("deep " * 20) / "concord"
    folder.mkdir(parents=True)
    return folder


async def test_servers_of_a_deep_folder_have_a_short_address(deep: Path) -> None:
    with embedded_services(deep, durable=False) as urls:
        assert await rows(urls.database_url, "SELECT 1") == [(1,)]
        assert await told(urls.redis_url, "PING") is True
        short = (deep / "embedded/short-name").readlink()
    assert not short.exists()
    assert not (deep / "embedded/short-name").is_symlink()


def test_a_short_folder_is_its_own_address() -> None:
    assert address_folder(Path("/srv/concord")) == Path("/srv/concord")


def test_the_short_name_stays_the_same(deep: Path) -> None:
    first = address_folder(deep)
    assert address_folder(deep) == first
    assert first.resolve() == deep.resolve()
    assert oct(first.parent.stat().st_mode)[-3:] == "700"
    forget_address(deep)


def test_a_short_name_that_was_cleaned_away_is_made_anew(deep: Path) -> None:
    first = address_folder(deep)
    shutil.rmtree(first.parent)
    assert address_folder(deep).resolve() == deep.resolve()
    forget_address(deep)


def test_a_long_temporary_folder_is_passed_over(
    deep: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(deep))
    assert is_short(address_folder(deep))
    forget_address(deep)


def test_a_short_name_that_leads_elsewhere_is_left_alone(deep: Path, tmp_path: Path) -> None:
    foreign = tmp_path / "foreign"
    foreign.mkdir()
    (foreign / "servers").symlink_to("/")
    (deep / "short-name").symlink_to(foreign)
    assert address_folder(deep).parent != foreign
    assert (foreign / "servers").readlink() == Path("/")
    forget_address(deep)
