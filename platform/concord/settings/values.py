"""All settings of one process in one frozen value."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from concord.settings.addresses import Bind, Smtp, is_loopback
from concord.settings.clocks import Clocks
from concord.settings.reading import Environment, SettingsError
from concord.settings.redis_address import RedisAddress
from concord.settings.variables import (
    read_bind,
    read_data_folder,
    read_database_url,
    read_mail_from,
    read_public_url,
    read_secret_key,
)

LogLevel = Literal["debug", "info", "warning", "error"]
LogFormat = Literal["json", "console"]
Embeddings = Literal["use", "lexical"]

LOG_LEVELS: tuple[LogLevel, ...] = ("info", "debug", "warning", "error")
LOG_FORMATS: tuple[LogFormat, ...] = ("json", "console")
EMBEDDINGS: tuple[Embeddings, ...] = ("use", "lexical")


@dataclass(frozen=True, kw_only=True)
class Settings:
    """An empty address of a database or of Redis means: the embedded one.

    From `preselect_from` published offers on the matcher looks at the nearest alone; 0: never.
    """

    database_url: str = field(repr=False)
    owner_database_url: str = field(repr=False)
    redis_url: str = field(repr=False)
    smtp_url: str = field(repr=False)
    secret_key: bytes = field(repr=False)
    data_folder: Path
    bind: Bind
    public_url: str
    mail_from: str
    demo: bool
    web_processes: int
    pool_size: int
    log_level: LogLevel
    log_format: LogFormat
    embeddings: Embeddings
    preselect_from: int
    clocks: Clocks

    @classmethod
    def from_environment(cls, variables: Mapping[str, str]) -> "Settings":
        """Raises SettingsError; makes `secret.key` in the data folder of an embedded database."""
        environment = Environment(variables)
        database_url = read_database_url(environment, "DATABASE_URL")
        data_folder = read_data_folder(environment)
        bind = read_bind(environment)
        public_url = read_public_url(environment, bind=bind)
        settings = cls(
            database_url=database_url,
            owner_database_url=read_database_url(
                environment, "CONCORD_OWNER_DATABASE_URL", default=database_url
            ),
            redis_url=environment.text("REDIS_URL"),
            smtp_url=environment.text("CONCORD_SMTP_URL"),
            secret_key=read_secret_key(environment, None if database_url else data_folder),
            data_folder=data_folder,
            bind=bind,
            public_url=public_url,
            mail_from=read_mail_from(environment, public_url=public_url),
            demo=environment.flag("CONCORD_DEMO"),
            web_processes=environment.whole_number("CONCORD_WEB_PROCESSES", default=1, most=64),
            pool_size=environment.whole_number("CONCORD_POOL_SIZE", default=8, most=200),
            log_level=environment.choice("CONCORD_LOG_LEVEL", LOG_LEVELS),
            log_format=environment.choice("CONCORD_LOG_FORMAT", LOG_FORMATS),
            embeddings=environment.choice("CONCORD_EMBEDDINGS", EMBEDDINGS),
            preselect_from=environment.whole_number(
                "CONCORD_MATCHER_PRESELECT_FROM", default=200_000, least=0, most=100_000_000
            ),
            clocks=Clocks.from_environment(environment),
        )
        settings.check()
        return settings

    def check(self) -> None:
        """What concerns several variables at once; raises SettingsError."""
        if self.redis_url:
            RedisAddress.parse(self.redis_url, variable="REDIS_URL")
        if self.smtp_url:
            Smtp.parse(self.smtp_url, variable="CONCORD_SMTP_URL")
        if self.owner_database_url and not self.database_url:
            problem = "An owner's address without the application's."
            raise SettingsError("CONCORD_OWNER_DATABASE_URL", problem, "Give DATABASE_URL too.")
        if self.demo and not self.is_local:
            problem = "A demo prints its passwords, so it runs on loopback only."
            raise SettingsError(
                "CONCORD_DEMO", problem, "Bind to 127.0.0.1 and leave CONCORD_PUBLIC_URL out."
            )
        if not self.secure_cookies and not self.is_local:
            problem = "Plain http would carry sign-ins over the network."
            remedy = "Give an https address, or keep it and CONCORD_BIND on loopback."
            raise SettingsError("CONCORD_PUBLIC_URL", problem, remedy)

    @property
    def is_local(self) -> bool:
        return self.bind.is_loopback and is_loopback(urlsplit(self.public_url).hostname or "")

    @property
    def needs_embedded_postgres(self) -> bool:
        return not self.database_url

    @property
    def needs_embedded_redis(self) -> bool:
        return not self.redis_url

    @property
    def secure_cookies(self) -> bool:
        return self.public_url.startswith("https:")

    @property
    def cookie_name(self) -> str:
        return "__Host-session" if self.secure_cookies else "session"

    @property
    def redis_address(self) -> RedisAddress:
        return RedisAddress.parse(self.redis_url, variable="REDIS_URL")

    @property
    def smtp(self) -> Smtp | None:
        return Smtp.parse(self.smtp_url, variable="CONCORD_SMTP_URL") if self.smtp_url else None

    def as_environment(self) -> dict[str, str]:
        """The variables from which a child process reads the same settings; holds secrets."""
        return {
            "DATABASE_URL": self.database_url,
            "REDIS_URL": self.redis_url,
            "CONCORD_OWNER_DATABASE_URL": self.owner_database_url,
            "CONCORD_DATA_FOLDER": str(self.data_folder),
            "CONCORD_BIND": str(self.bind),
            "CONCORD_PUBLIC_URL": self.public_url,
            "CONCORD_SMTP_URL": self.smtp_url,
            "CONCORD_MAIL_FROM": self.mail_from,
            "CONCORD_SECRET_KEY": self.secret_key.hex(),
            "CONCORD_DEMO": "yes" if self.demo else "no",
            "CONCORD_WEB_PROCESSES": str(self.web_processes),
            "CONCORD_POOL_SIZE": str(self.pool_size),
            "CONCORD_LOG_LEVEL": self.log_level,
            "CONCORD_LOG_FORMAT": self.log_format,
            "CONCORD_EMBEDDINGS": self.embeddings,
            "CONCORD_MATCHER_PRESELECT_FROM": str(self.preselect_from),
            **self.clocks.as_environment(),
        }
