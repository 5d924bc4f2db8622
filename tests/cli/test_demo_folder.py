"""A demo runs on a folder of its own, and on nobody else's servers."""

from pathlib import Path

import pytest
import typer

from concord.cli.demo.folder import demo_settings, is_told, mark


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("DATABASE_URL", "REDIS_URL", "CONCORD_PUBLIC_URL", "CONCORD_BIND"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("CONCORD_DATA_FOLDER", str(tmp_path / "demo"))
    return tmp_path / "demo"


def test_new_folder_is_marked_and_its_story_not_told(folder: Path) -> None:
    settings = demo_settings()

    assert (settings.demo, settings.data_folder) == (True, folder)
    assert not is_told(folder)
    mark(folder, told=True)
    assert demo_settings().data_folder == folder
    assert is_told(folder)


def test_folder_of_an_installation_is_refused(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "embedded").mkdir(parents=True)

    with pytest.raises(typer.Exit):
        demo_settings()

    assert "holds an installation" in capsys.readouterr().err


@pytest.mark.parametrize("name", ["DATABASE_URL", "REDIS_URL"])
def test_servers_of_others_are_refused(
    folder: Path, name: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv(name, "postgres://somebody@db.example.org/theirs")

    with pytest.raises(typer.Exit):
        demo_settings()

    assert f"unset {name}" in capsys.readouterr().err


def test_demo_has_a_place_beside_the_installations(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("CONCORD_DATA_FOLDER")
    monkeypatch.delenv("XDG_DATA_HOME", raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))

    assert demo_settings().data_folder == tmp_path / ".local/share/concord/demo"
    assert not (tmp_path / ".local/share/concord/secret.key").exists()
