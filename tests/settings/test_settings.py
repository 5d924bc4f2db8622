"""Settings are read once, validated, with defaults that work without any variable."""

import stat
from pathlib import Path

import pytest

from concord.settings import Bind, Clocks, Settings, SettingsError

SECRET = "5e" * 32
REAL = {"DATABASE_URL": "postgres://app:hidden@db/concord", "CONCORD_SECRET_KEY": SECRET}


def read(**variables: str) -> Settings:
    return Settings.from_environment({"CONCORD_SECRET_KEY": SECRET, **variables})


def test_nothing_given_is_a_local_platform_with_embedded_servers(tmp_path: Path) -> None:
    settings = Settings.from_environment({"HOME": str(tmp_path)})
    assert settings.data_folder == tmp_path / ".local/share/concord"
    assert (settings.needs_embedded_postgres, settings.needs_embedded_redis) == (True, True)
    assert (settings.bind, settings.public_url) == (
        Bind("127.0.0.1", 8000),
        "http://127.0.0.1:8000",
    )
    assert (settings.cookie_name, settings.secure_cookies) == ("session", False)
    assert (settings.smtp, settings.demo) == (None, False)
    assert settings.clocks == Clocks()
    assert settings.preselect_from == 200_000


def test_a_key_is_made_once_for_a_data_folder_and_closed_to_others(tmp_path: Path) -> None:
    variables = {"CONCORD_DATA_FOLDER": str(tmp_path / "data")}
    first = Settings.from_environment(variables)
    assert Settings.from_environment(variables) == first
    assert len(first.secret_key) == 32
    path = tmp_path / "data/secret.key"
    assert stat.filemode(path.stat().st_mode) == "-rw-------"
    assert [found.name for found in path.parent.iterdir()] == ["secret.key"]


def test_real_servers_make_no_folder(tmp_path: Path) -> None:
    Settings.from_environment({**REAL, "CONCORD_DATA_FOLDER": str(tmp_path / "data")})
    assert not (tmp_path / "data").exists()


def test_secrets_stay_out_of_repr() -> None:
    settings = read(
        **REAL, REDIS_URL="redis://:hidden@r", CONCORD_SMTP_URL="smtps://me:hidden@mail"
    )
    for shown in (repr(settings), repr(settings.smtp), repr(settings.redis_address)):
        assert "hidden" not in shown
        assert repr(settings.secret_key) not in shown


def test_a_child_process_reads_the_same_settings() -> None:
    settings = read(
        **REAL,
        CONCORD_OWNER_DATABASE_URL="postgresql://owner@db/concord",
        REDIS_URL="redis+sentinel://one,two/concord/3",
        CONCORD_BIND="0.0.0.0:80",
        CONCORD_PUBLIC_URL="https://concord.example.org",
        CONCORD_SMTP_URL="smtp://mail?starttls=no",
        CONCORD_LOG_LEVEL="debug",
        CONCORD_EMBEDDINGS="lexical",
        CONCORD_MATCHER_PRESELECT_FROM="1000",
        CONCORD_CLOCK_REVIEW_WORKING_DAYS="7",
    )
    assert Settings.from_environment(settings.as_environment()) == settings


def test_https_has_the_secure_cookie() -> None:
    settings = read(CONCORD_PUBLIC_URL="https://concord.example.org/", CONCORD_BIND="0.0.0.0:80")
    assert settings.public_url == "https://concord.example.org"
    assert (settings.cookie_name, settings.secure_cookies) == ("__Host-session", True)


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "asyncpg"])
def test_database_urls_get_the_scheme_that_all_understand(scheme: str) -> None:
    assert read(DATABASE_URL=f"{scheme}://me@db/c").database_url == "postgres://me@db/c"


def test_the_owner_is_the_application_unless_it_is_named() -> None:
    assert read(**REAL).owner_database_url == REAL["DATABASE_URL"]


def test_empty_variables_count_as_absent() -> None:
    settings = read(DATABASE_URL="", CONCORD_PORT=" ", CONCORD_DEMO="")
    assert (settings.database_url, settings.bind.port, settings.demo) == ("", 8000, False)


def test_a_clock_can_be_set_alone() -> None:
    settings = read(CONCORD_CLOCK_HOLD_DAYS="30")
    assert settings.clocks == Clocks(hold_days=30)


@pytest.mark.parametrize(
    ("variable", "text", "problem"),
    [
        ("DATABASE_URL", "mysql://db/concord", "not the address of a PostgreSQL database"),
        ("DATABASE_URL", "postgres://db", "not the address of a PostgreSQL database"),
        ("DATABASE_URL", "postgres://db:port/concord", "not an address"),
        ("CONCORD_OWNER_DATABASE_URL", "postgres://db/concord", "without the application's"),
        ("REDIS_URL", "http://cache", "not the address of a Redis server"),
        ("CONCORD_SMTP_URL", "mail.example.org", "not the address of a mail server"),
        ("CONCORD_BIND", "8000", "not an address to listen on"),
        ("CONCORD_BIND", "0.0.0.0:80", "CONCORD_PUBLIC_URL: It is needed"),
        ("CONCORD_PORT", "70000", "out of range"),
        ("CONCORD_PORT", "http", "not a whole number"),
        ("CONCORD_PUBLIC_URL", "http://concord.example.org", "Plain http"),
        ("CONCORD_PUBLIC_URL", "https://example.org/concord", "without a path"),
        ("CONCORD_PUBLIC_URL", "ftp://example.org", "without a path"),
        ("CONCORD_MAIL_FROM", "nobody", "not a mail address"),
        ("CONCORD_SECRET_KEY", "00" * 31, "31 bytes are too few"),
        ("CONCORD_SECRET_KEY", "not a key!", "neither hexadecimal nor base64"),
        ("CONCORD_DATA_FOLDER", "data", "depends on where"),
        ("CONCORD_DEMO", "perhaps", "neither yes nor no"),
        ("CONCORD_WEB_PROCESSES", "0", "out of range"),
        ("CONCORD_LOG_FORMAT", "xml", "Give one of: json, console"),
        ("CONCORD_CLOCK_LUNCH", "1", "There is no such clock"),
        ("CONCORD_CLOCK_HOLD_DAYS", "-1", "not a whole number"),
    ],
)
def test_what_cannot_be_used_is_refused_by_name(variable: str, text: str, problem: str) -> None:
    with pytest.raises(SettingsError) as refused:
        read(**{variable: text})
    assert problem in str(refused.value)
    assert variable in str(refused.value) or "CONCORD_PUBLIC_URL" in str(refused.value)


def test_a_real_database_needs_a_key_of_its_own() -> None:
    with pytest.raises(SettingsError, match=r"CONCORD_SECRET_KEY: .*openssl rand -hex 32"):
        Settings.from_environment({"DATABASE_URL": "postgres://db/concord"})


def test_plain_http_needs_loopback_on_both_sides() -> None:
    with pytest.raises(SettingsError, match="Plain http"):
        read(CONCORD_BIND="0.0.0.0:80", CONCORD_PUBLIC_URL="http://localhost")


def test_a_demo_stays_on_loopback() -> None:
    assert read(CONCORD_DEMO="yes", CONCORD_BIND="[::1]:8001").demo
    with pytest.raises(SettingsError, match="loopback only"):
        read(CONCORD_DEMO="yes", CONCORD_PUBLIC_URL="https://concord.example.org")


def test_two_ports_that_differ_are_refused() -> None:
    with pytest.raises(SettingsError, match="another port"):
        read(CONCORD_BIND="127.0.0.1:8001", CONCORD_PORT="8002")
    assert read(CONCORD_BIND="127.0.0.1:8001", CONCORD_PORT="8001").bind.port == 8001


def test_errors_never_repeat_a_password() -> None:
    with pytest.raises(SettingsError) as refused:
        read(DATABASE_URL="mysql://me:hidden@db/concord")
    assert "hidden" not in str(refused.value)
