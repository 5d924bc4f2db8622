"""`concord check`: every part is looked at, and what is missing is said."""

from dataclasses import replace
from pathlib import Path

from arq import create_pool

from concord.cli.check import Finding, look
from concord.doorbell import HEALTH_KEY, redis_settings
from concord.settings import Settings
from tests.factories import offers


async def found(settings: Settings) -> dict[str, Finding]:
    return {finding.name: finding for finding in await look(settings)}


async def test_everything_is_looked_at(database: None, settings: Settings) -> None:
    pool = await create_pool(redis_settings(settings.redis_address))
    await pool.psetex(HEALTH_KEY, 10_000, b"alive")
    await pool.aclose()

    findings = await found(settings)

    assert list(findings) == [
        *("database", "migrations", "code lists", "preselection", "queue", "worker", "mail")
    ]
    assert [finding for finding in findings.values() if not finding.found] == []
    assert findings["code lists"].detail.endswith("73 topics")


async def test_many_offers_without_a_preselection_are_mentioned(
    database: None, settings: Settings
) -> None:
    await offers.published()
    using = replace(settings, embeddings="use")

    few = (await found(replace(using, preselect_from=2)))["preselection"]
    many = (await found(replace(using, preselect_from=1)))["preselection"]

    assert (few.found, few.detail) == (True, "not needed: the matcher looks at every offer")
    assert (many.found, many.detail) == (
        True,
        "1 offers or more are published: run `concord preselection build`",
    )


async def test_worker_without_sign_of_life_is_missing(database: None, settings: Settings) -> None:
    pool = await create_pool(redis_settings(settings.redis_address))
    await pool.delete(HEALTH_KEY)
    await pool.aclose()

    finding = (await found(settings))["worker"]

    assert (finding.found, finding.detail) == (False, "no sign of life: run `concord worker`")


async def test_servers_that_are_away_are_missing(
    database: None, settings: Settings, tmp_path: Path
) -> None:
    away = replace(
        settings,
        database_url=f"postgres://concord@/concord?host={tmp_path}",
        redis_url=f"unix://{tmp_path}/redis.sock?db=0",
        smtp_url="smtp://127.0.0.1:9",
    )

    findings = await found(away)

    assert [name for name, finding in findings.items() if finding.found] == []


async def test_database_without_migrations_is_named(database: None, settings: Settings) -> None:
    base = settings.database_url.rpartition("/concord_")
    empty = settings.database_url.replace("".join(base[1:]).partition("?")[0], "/postgres")

    findings = await found(replace(settings, database_url=empty))

    assert findings["database"].found
    assert "run `concord migrate`" in findings["migrations"].detail
    assert "run `concord migrate`" in findings["code lists"].detail
