"""Addresses of the servers Concord talks to, and the one it listens on."""

from dataclasses import dataclass, field
from ipaddress import ip_address
from typing import Literal
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

from concord.settings.reading import SettingsError


def is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


@dataclass(frozen=True)
class Bind:
    """Where the web server listens."""

    host: str
    port: int

    def __str__(self) -> str:
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"

    @property
    def is_loopback(self) -> bool:
        return is_loopback(self.host)

    @classmethod
    def parse(cls, text: str, *, variable: str) -> "Bind":
        remedy = "Give HOST:PORT, such as 127.0.0.1:8000 or [::1]:8000."
        url = parse_url("tcp://" + text, variable=variable, remedy=remedy)
        if not url.hostname or url.port is None or str(url.netloc) != text or url.username:
            raise SettingsError(variable, f"{text!r} is not an address to listen on.", remedy)
        return cls(url.hostname, url.port)


@dataclass(frozen=True, kw_only=True)
class Smtp:
    """The mail server; `security` says when encryption begins."""

    host: str
    port: int
    username: str = ""
    password: str = field(default="", repr=False)
    security: Literal["none", "starttls", "tls"]

    @classmethod
    def parse(cls, text: str, *, variable: str) -> "Smtp":
        """STARTTLS is required but on loopback or where the address ends in ?starttls=no."""
        remedy = (
            "Give smtp://USER:PASSWORD@HOST:PORT (with ?starttls=no to do without) or smtps://…"
        )
        url = parse_url(text, variable=variable, remedy=remedy)
        if url.scheme not in {"smtp", "smtps"} or not url.hostname or url.path.strip("/"):
            raise SettingsError(variable, "This is not the address of a mail server.", remedy)
        wanted = parse_qs(url.query).get(
            "starttls", ["no" if is_loopback(url.hostname) else "yes"]
        )[-1]
        if wanted not in {"yes", "no"}:
            raise SettingsError(variable, "starttls is neither yes nor no.", remedy)
        security: Literal["none", "starttls", "tls"] = "starttls" if wanted == "yes" else "none"
        if url.scheme == "smtps":
            security = "tls"
        if security == "none" and url.password and not is_loopback(url.hostname):
            raise SettingsError(
                variable, "A password would travel unencrypted.", "Leave starttls on."
            )
        return cls(
            host=url.hostname,
            port=url.port or {"none": 25, "starttls": 587, "tls": 465}[security],
            username=unquote(url.username or ""),
            password=unquote(url.password or ""),
            security=security,
        )


def parse_url(text: str, *, variable: str, remedy: str) -> SplitResult:
    """The parts of a URL; the error never repeats `text`, which may hold a password."""
    try:
        url = urlsplit(text)
        _ = url.port
    except ValueError as error:
        raise SettingsError(variable, f"This is not an address: {error}.", remedy) from None
    return url
