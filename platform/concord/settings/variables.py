"""The variables that need more than a type: each read, checked and given its default."""

from pathlib import Path
from urllib.parse import urlsplit

from concord.settings import secret_key
from concord.settings.addresses import Bind, parse_url
from concord.settings.reading import Environment, SettingsError


def read_database_url(environment: Environment, variable: str, *, default: str = "") -> str:
    """The address with the one scheme that both asyncpg and Tortoise understand."""
    text = environment.text(variable)
    if not text:
        return default
    remedy = "Give postgres://USER:PASSWORD@HOST:PORT/DATABASE."
    url = parse_url(text, variable=variable, remedy=remedy)
    if url.scheme not in {"postgres", "postgresql", "asyncpg"} or not url.path.strip("/"):
        raise SettingsError(variable, "This is not the address of a PostgreSQL database.", remedy)
    return "postgres" + text[len(url.scheme) :]


def read_data_folder(environment: Environment) -> Path:
    home = environment.text("HOME") or str(Path("~").expanduser())
    data = environment.text("XDG_DATA_HOME", default=f"{home}/.local/share")
    folder = Path(environment.text("CONCORD_DATA_FOLDER", default=f"{data}/concord"))
    if not folder.is_absolute():
        problem = f"{str(folder)!r} depends on where the command is started."
        raise SettingsError("CONCORD_DATA_FOLDER", problem, "Give an absolute path.")
    return folder


def read_bind(environment: Environment) -> Bind:
    port = environment.whole_number("CONCORD_PORT", default=8000, most=65535)
    if "CONCORD_BIND" not in environment:
        return Bind("127.0.0.1", port)
    bind = Bind.parse(environment.text("CONCORD_BIND"), variable="CONCORD_BIND")
    if "CONCORD_PORT" in environment and port != bind.port:
        raise SettingsError(
            "CONCORD_PORT", "CONCORD_BIND names another port.", "Give one of them."
        )
    return bind


def read_public_url(environment: Environment, *, bind: Bind) -> str:
    variable = "CONCORD_PUBLIC_URL"
    remedy = "Give the address that people type, such as https://concord.example.org."
    if variable not in environment and not bind.is_loopback:
        raise SettingsError(variable, "It is needed where others can connect.", remedy)
    text = environment.text(variable, default=f"http://{bind}").rstrip("/")
    url = parse_url(text, variable=variable, remedy=remedy)
    if (
        url.scheme not in {"http", "https"}
        or not url.hostname
        or text != f"{url.scheme}://{url.netloc}"
    ):
        raise SettingsError(variable, "This is not an address without a path.", remedy)
    if url.username is not None:
        raise SettingsError(variable, "It holds a sign-in.", remedy)
    return text


def read_mail_from(environment: Environment, *, public_url: str) -> str:
    default = f"concord@{urlsplit(public_url).hostname}"
    text = environment.text("CONCORD_MAIL_FROM", default=default)
    if "@" not in text or any(character in text for character in "\r\n"):
        raise SettingsError(
            "CONCORD_MAIL_FROM", "This is not a mail address.", "Give NAME@DOMAIN."
        )
    return text


def read_secret_key(environment: Environment, data_folder: Path | None) -> bytes:
    """The key given, or the one of the data folder where there is one to keep it in."""
    if secret_key.VARIABLE in environment:
        return secret_key.decoded(environment.text(secret_key.VARIABLE))
    if data_folder is None:
        problem = "It is needed with a DATABASE_URL."
        raise SettingsError(secret_key.VARIABLE, problem, secret_key.REMEDY)
    return secret_key.kept_in(data_folder)
