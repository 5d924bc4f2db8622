"""Commands as they are typed: exit codes, what is printed where, what stays in the database."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.samples import OFFER, REQUEST, as_csv
from tests.servers import Servers

PATIENCE = 60.0


@pytest.fixture
def variables(servers: Servers, fresh_database_url: str, tmp_path: Path) -> dict[str, str]:
    return {
        "PATH": os.environ["PATH"],
        "DATABASE_URL": fresh_database_url,
        "REDIS_URL": servers.redis_url,
        "CONCORD_SECRET_KEY": "00" * 32,
        "CONCORD_DATA_FOLDER": str(tmp_path),
        "PYTHONIOENCODING": "utf-8",
    }


def concord(variables: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S603 - our own command
        [sys.executable, "-P", "-m", "concord.cli", *arguments],
        env=variables,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=PATIENCE,
    )


@pytest.mark.slow
def test_bad_file_is_explained_and_a_good_one_comes_back(
    variables: dict[str, str], tmp_path: Path
) -> None:
    bad, good, out = tmp_path / "bad.csv", tmp_path / "good.csv", tmp_path / "out.jsonl"
    bad.write_bytes(as_csv(REQUEST | {"state": "XXX", "title": "\u202e"}))
    good.write_bytes(as_csv(REQUEST))

    refused = concord(variables, "import", "requests", str(bad))
    taken = concord(variables, "import", "requests", str(good))
    exported = concord(variables, "export", "requests", "--format", "jsonl", "--out", str(out))

    assert refused.returncode == 1
    assert [line.partition(":")[0] for line in refused.stderr.splitlines()] == [
        "line 2, state",
        "line 2, title",
    ]
    assert "Nothing was imported" in refused.stdout
    assert (taken.returncode, taken.stdout) == (0, "Imported requests: 1. There already: 0.\n")
    assert (exported.returncode, exported.stdout) == (0, "")
    assert json.loads(out.read_text("utf-8"))["external_id"] == "A-1"


@pytest.mark.slow
def test_opening_at_once_needs_its_three_words(variables: dict[str, str], tmp_path: Path) -> None:
    file = tmp_path / "requests.csv"
    file.write_bytes(as_csv(REQUEST))

    bare = concord(variables, "import", "requests", str(file), "--as-open")
    stranger = concord(
        variables,
        *("import", "requests", str(file), "--as-open", "--reason", "Agreed", "--source", "Paper"),
        *("--actor", "nobody@example.org"),
    )

    assert bare.returncode == 2
    assert "--as-open needs a coordinator" in bare.stderr
    assert stranger.returncode == 1
    assert "There is no active coordinator with the address nobody@example.org" in stranger.stderr


@pytest.mark.slow
def test_offers_and_the_first_administrator(variables: dict[str, str], tmp_path: Path) -> None:
    file = tmp_path / "offers.csv"
    file.write_bytes(as_csv(OFFER))

    taken = concord(variables, "import", "offers", str(file))
    invited = concord(
        variables,
        *("user", "invite", "first@example.org", "--name", "First", "--role", "admin"),
        *("--organization", "UNODC"),
    )
    again = concord(variables, "migrate")

    assert (taken.returncode, taken.stdout) == (0, "Imported offers: 1. There already: 0.\n")
    assert invited.returncode == 0
    assert invited.stdout.startswith("http://127.0.0.1:8000/activate/")
    assert (again.returncode, again.stderr) == (0, "")
