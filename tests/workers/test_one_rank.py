"""One `rank()`: the same case through the command line and through the worker."""

from collections.abc import Sequence
from itertools import combinations
from pathlib import Path

import msgspec
import pytest
from typer.testing import CliRunner

from concord.cli.match import app
from concord.pairings import reranking
from concord.pairings.models import Pairing
from concord.pairings.profiles import offer_profiles, request_profile
from matching.crowd import FEW
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


WORDS = (
    *("police", "school", "hospital", "court", "bank", "farm", "harbour", "parliament"),
    *("telephone", "drought", "theatre", "vaccine", "football", "satellite", "language"),
)


async def test_they_agree_beyond_a_hundred_requests_in_a_language(
    context: Context, clock: Clock, tmp_path: Path
) -> None:
    """What requests have in common is taken away here and there, and by every worker alike."""
    made = [
        await offer.published(title="Saisie de preuves numériques", language="fr"),
        await offer.published(title="Laws on evidence", past=["A course on seized telephones"]),
        await offer.published(title="Prevention in schools", description="Pupils learn."),
    ]
    asked_for = [
        await request.open_request(title=" ".join(each), description=f"We ask for {each[0]}.")
        for each in list(combinations(WORDS, 2))[: FEW + 5]
    ]
    asked_for += [await request.open_request(title=f"Cours {n}", language="fr") for n in range(2)]
    pools = [MatchPool("use") for _ in range(2)]
    try:
        first, second = (Context(context.settings, clock, pool) for pool in pools)
        await look_for_changes(first)
        await reranking.start("command", now=clock())
        await work(first)
        stored = await listed()
        await look_for_changes(second)
        clock.forward(seconds=1)
        for one in (*asked_for[:5], asked_for[-1]):
            await asked(one)
        await work(second)
        assert await listed() == stored
        assert pools[0].crowd == pools[1].crowd != ""
    finally:
        for pool in pools:
            pool.close()
    profiles = await offer_profiles([str(each.id) for each in made])
    asking = [await request_profile(each.id) for each in asked_for]
    lines = written(tmp_path, asking, profiles, lexical=False)
    assert sorted(lines) == stored
    few = written(tmp_path, asking[:1], profiles, lexical=False)
    assert not set(few) <= set(stored)  # alone it has other scores


async def listed() -> list[str]:
    rows = await Pairing.all()
    return sorted(
        f"{row.request_id} Q0 {row.offer_id} {row.rank} {row.score:.6f} concord" for row in rows
    )


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
