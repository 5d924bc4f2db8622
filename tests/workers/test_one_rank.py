"""One `rank()`: the same case through the command line and through the worker."""

from collections.abc import Sequence
from pathlib import Path

import msgspec
import pytest
from typer.testing import CliRunner

from concord.cli.match import app
from concord.pairings.models import Pairing
from concord.pairings.profiles import offer_profiles, request_profile
from tests.conftest import NOW, Clock
from tests.factories import offers as offer
from tests.factories import requests as request
from tests.workers.conftest import FAR, asked, work
from workers.context import Context
from workers.match_jobs import look_for_changes
from workers.match_pool import MatchPool


@pytest.mark.parametrize("embeddings", ["lexical", "use"])
async def test_the_command_line_and_the_worker_agree(
    context: Context, clock: Clock, tmp_path: Path, embeddings: str
) -> None:
    made = [
        await offer.published(title="Saisie de preuves numériques", language="fr"),
        await offer.published(title="Prevention in schools", slots=[FAR]),
        await offer.published(past=["A course on seized telephones", "Another on laws"]),
        await offer.published(delivery_languages=["ru"]),
    ]
    one = await request.open_request()
    await asked(one)
    pool = MatchPool(embeddings)
    try:
        worker = Context(context.settings, clock, pool)
        await look_for_changes(worker)
        await work(worker)
    finally:
        pool.close()
    stored = await Pairing.filter(request_id=one.id).order_by("rank")
    profiles = await offer_profiles([str(each.id) for each in made])
    asked_for = await request_profile(one.id)
    lines = written(tmp_path, [asked_for], profiles, lexical=embeddings == "lexical")
    assert lines == [
        f"{one.id} Q0 {row.offer_id} {row.rank} {row.score:.6f} concord" for row in stored
    ]
    assert len(stored) == 3


def written(
    folder: Path, requests: Sequence[object], offers: Sequence[object], *, lexical: bool
) -> list[str]:
    for name, rows in (("r", requests), ("o", offers)):
        content = b"\n".join(msgspec.json.encode(row) for row in rows)
        (folder / f"{name}.jsonl").write_bytes(content)
    arguments = ["rank", "--requests", f"{folder}/r.jsonl", "--offers", f"{folder}/o.jsonl"]
    options = ["--out", f"{folder}/run.tsv", "--today", NOW.date().isoformat()]
    result = CliRunner().invoke(app, [*arguments, *options, *(["--lexical"] if lexical else [])])
    assert result.exit_code == 0, result.output
    return (folder / "run.tsv").read_text("utf-8").splitlines()
