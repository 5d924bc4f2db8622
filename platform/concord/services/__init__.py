"""PostgreSQL and Redis: the ones given, or embedded ones in the data folder."""

from concord.services.databases import ensure_database
from concord.services.embedded import (
    ServiceUrls,
    embedded_services,
    embedded_services_async,
    stop_unused,
)
from concord.services.errors import ServicesError
from concord.services.running import running_services, running_services_async

__all__ = [
    "ServiceUrls",
    "ServicesError",
    "embedded_services",
    "embedded_services_async",
    "ensure_database",
    "running_services",
    "running_services_async",
    "stop_unused",
]
