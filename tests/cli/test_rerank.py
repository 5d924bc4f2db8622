"""`concord rerank`: asks for a run, and says how far it is."""

import os
from pathlib import Path
from uuid import uuid4

import pytest
from typer.testing import CliRunner

from concord.cli.rerank import app, words_of
from concord.pairings.reranking import Progress
from tests.conftest import NOW
from tests.servers import Servers


def test_a_run_is_asked_for_and_looked_at(
    servers: Servers, fresh_database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("concord.cli.running.logs.configure", lambda **_: None)
    monkeypatch.setenv("DATABASE_URL", fresh_database_url)
    monkeypatch.setenv("REDIS_URL", servers.redis_url)
    monkeypatch.setenv("CONCORD_SECRET_KEY", "00" * 32)
    monkeypatch.setenv("CONCORD_DATA_FOLDER", os.fspath(tmp_path))
    typed = CliRunner()
    assert "Nothing was ranked anew yet" in typed.invoke(app, ["--progress"]).stdout
    assert "The run waits for a worker" in typed.invoke(app, []).stdout
    assert "The run waits for a worker" in typed.invoke(app, ["--progress"]).stdout


@pytest.mark.parametrize(
    ("ended", "failed", "words"),
    [
        (False, 0, "5 of 10 requests are ranked; the run is under way."),
        (True, 0, "5 of 10 requests are ranked; the run is complete."),
        (True, 1, "5 of 10 requests are ranked; the run is incomplete."),
    ],
)
def test_progress_in_words(ended: bool, failed: int, words: str) -> None:
    run = Progress(
        id=uuid4(),
        reason="command",
        asked_at=NOW,
        planned_at=NOW,
        ended_at=NOW if ended else None,
        superseded=False,
        chunks=2,
        done=1,
        failed=failed,
        requests=10,
        ranked=5,
    )
    assert words_of([run]) == words
