"""Addresses of mail servers and of Redis."""

import pytest

from concord.settings import RedisAddress, SettingsError, Smtp


def smtp(text: str) -> Smtp:
    return Smtp.parse(text, variable="CONCORD_SMTP_URL")


def redis(text: str) -> RedisAddress:
    return RedisAddress.parse(text, variable="REDIS_URL")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("smtp://mail.example", Smtp(host="mail.example", port=587, security="starttls")),
        ("smtp://localhost:1025", Smtp(host="localhost", port=1025, security="none")),
        ("smtp://[::1]", Smtp(host="::1", port=25, security="none")),
        ("smtp://catcher:25?starttls=no", Smtp(host="catcher", port=25, security="none")),
        ("smtp://localhost?starttls=yes", Smtp(host="localhost", port=587, security="starttls")),
        (
            "smtps://me%40un:p%3Aw@mail.example",
            Smtp(host="mail.example", port=465, username="me@un", password="p:w", security="tls"),
        ),
    ],
)
def test_mail_servers(text: str, expected: Smtp) -> None:
    assert smtp(text) == expected


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("smtp://me:hidden@mail.example?starttls=no", "would travel unencrypted"),
        ("smtp://mail.example?starttls=maybe", "neither yes nor no"),
        ("smtp://", "not the address of a mail server"),
        ("smtp://mail.example/inbox", "not the address of a mail server"),
    ],
)
def test_mail_servers_that_cannot_be_used(text: str, problem: str) -> None:
    with pytest.raises(SettingsError, match=problem) as refused:
        smtp(text)
    assert "hidden" not in str(refused.value)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("redis://cache", RedisAddress(hosts=(("cache", 6379),))),
        ("redis://cache:1234/2", RedisAddress(hosts=(("cache", 1234),), database=2)),
        ("redis://cache?db=4", RedisAddress(hosts=(("cache", 6379),), database=4)),
        (
            "rediss://me:p%40w@cache/1",
            RedisAddress(
                hosts=(("cache", 6379),), username="me", password="p@w", tls=True, database=1
            ),
        ),
        (
            "unix:///run/my%20redis.sock?db=3",
            RedisAddress(unix_socket="/run/my redis.sock", database=3),
        ),
        (
            "redis+sentinel://:pw@one:1,two/concord/5",
            RedisAddress(
                hosts=(("one", 1), ("two", 26379)),
                sentinel_service="concord",
                password="pw",
                database=5,
            ),
        ),
    ],
)
def test_redis_servers(text: str, expected: RedisAddress) -> None:
    assert redis(text) == expected


@pytest.mark.parametrize(
    "text", ["redis://", "redis://cache/name", "redis+sentinel://one,/s", "cache"]
)
def test_redis_servers_that_cannot_be_used(text: str) -> None:
    with pytest.raises(SettingsError, match=r"^REDIS_URL: .*Give redis://"):
        redis(text)
