"""The command `concord`: subcommands load by name, mistakes are told in one line."""

import subprocess
import sys

import pytest

from concord.cli import COMMANDS, main


def test_overview_names_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    main([])

    shown = capsys.readouterr().out
    assert [name for name in COMMANDS if name not in shown] == []


def test_unknown_command_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["dance"])

    assert ended.value.code == 2
    assert "there is no command 'dance'" in capsys.readouterr().err


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_explains_itself(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main([name, "--help"])

    assert ended.value.code == 0
    assert f"concord {name}" in capsys.readouterr().out


def test_matcher_needs_neither_settings_nor_database() -> None:
    """A broken setting and a missing database do not matter, and neither is even imported."""
    program = (
        "import sys; from concord.cli import main\n"
        "try: main(['match', '--help'])\n"
        "except SystemExit: pass\n"
        "print([name for name in ('tortoise', 'concord.settings', 'starlette')"
        " if name in sys.modules])"
    )

    done = subprocess.run(  # noqa: S603 - our own interpreter
        [sys.executable, "-P", "-c", program],
        env={"PATH": "/usr/bin:/bin", "CONCORD_PORT": "none"},
        capture_output=True,
        text=True,
        check=True,
    )

    assert done.stdout.splitlines()[-1] == "[]"


@pytest.mark.parametrize("command", ["check", "serve", "migrate"])
def test_bad_setting_is_one_line(
    command: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("CONCORD_PORT", "none")

    with pytest.raises(SystemExit) as ended:
        main([command])

    [line] = capsys.readouterr().err.splitlines()
    assert ended.value.code == 1
    assert line.startswith("concord: CONCORD_PORT: ")
