"""Where Redis is: one server, a socket, or Sentinels that know the leader."""

from dataclasses import dataclass, field
from urllib.parse import parse_qs, unquote

from concord.settings.addresses import parse_url
from concord.settings.reading import SettingsError

SCHEMES = frozenset({"redis", "rediss", "unix", "redis+sentinel"})
REMEDY = (
    "Give redis://:PASSWORD@HOST:PORT/DATABASE, rediss://…, unix:///SOCKET?db=DATABASE"
    " or redis+sentinel://HOST:PORT,HOST:PORT/SERVICE/DATABASE."
)


@dataclass(frozen=True, kw_only=True)
class RedisAddress:
    """`hosts` are the Sentinels where `sentinel_service` is given."""

    hosts: tuple[tuple[str, int], ...] = ()
    unix_socket: str | None = None
    sentinel_service: str | None = None
    database: int = 0
    username: str | None = None
    password: str | None = field(default=None, repr=False)
    tls: bool = False

    @classmethod
    def parse(cls, text: str, *, variable: str) -> "RedisAddress":
        scheme, separator, rest = text.partition("://")
        if not separator or scheme not in SCHEMES:
            raise SettingsError(variable, "This is not the address of a Redis server.", REMEDY)
        login, _, place = rest.rpartition("@")
        place, _, query = place.partition("?")
        username, _, password = login.partition(":")
        hosts, service, path = located(scheme, place)
        database = parse_qs(query).get("db", [path])[-1] or "0"
        if not (database.isascii() and database.isdigit()):
            raise SettingsError(variable, "The database is not a number.", REMEDY)
        return cls(
            hosts=tuple(host_and_port(host, scheme, variable=variable) for host in hosts),
            unix_socket=unquote(place) if scheme == "unix" else None,
            sentinel_service=service,
            database=int(database),
            username=unquote(username) or None,
            password=unquote(password) or None,
            tls=scheme == "rediss",
        )


def located(scheme: str, place: str) -> tuple[list[str], str | None, str]:
    """The hosts, the Sentinels' service, and the path that names the database."""
    if scheme == "unix":
        return [], None, ""
    netloc, _, path = place.partition("/")
    if scheme == "redis+sentinel":
        service, _, path = path.partition("/")
        return netloc.split(","), service or "mymaster", path
    return [netloc], None, path


def host_and_port(text: str, scheme: str, *, variable: str) -> tuple[str, int]:
    url = parse_url(f"tcp://{text}", variable=variable, remedy=REMEDY)
    if not url.hostname:
        raise SettingsError(variable, "A host is missing.", REMEDY)
    return url.hostname, url.port or (26379 if scheme == "redis+sentinel" else 6379)
