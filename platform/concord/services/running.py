"""Settings whose servers run: those that were given, embedded ones in place of the others."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import replace

from concord.services.embedded import ServiceUrls, embedded_services, embedded_services_async
from concord.settings import Settings


@contextmanager
def running_services(settings: Settings) -> Iterator[Settings]:
    """The same settings with both addresses filled in."""
    if not (settings.needs_embedded_postgres or settings.needs_embedded_redis):
        yield settings
        return
    with embedded_services(
        settings.data_folder,
        postgres=settings.needs_embedded_postgres,
        redis=settings.needs_embedded_redis,
    ) as urls:
        yield with_urls(settings, urls)


@asynccontextmanager
async def running_services_async(settings: Settings) -> AsyncIterator[Settings]:
    """The same without holding up the event loop."""
    if not (settings.needs_embedded_postgres or settings.needs_embedded_redis):
        yield settings
        return
    async with embedded_services_async(
        settings.data_folder,
        postgres=settings.needs_embedded_postgres,
        redis=settings.needs_embedded_redis,
    ) as urls:
        yield with_urls(settings, urls)


def with_urls(settings: Settings, urls: ServiceUrls) -> Settings:
    return replace(
        settings,
        database_url=settings.database_url or urls.database_url,
        owner_database_url=settings.owner_database_url or urls.database_url,
        redis_url=settings.redis_url or urls.redis_url,
    )
