"""Composition root: routes, middleware, error handlers and lifespan, read like a table."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.routing import BaseRoute, Mount
from tortoise.exceptions import BaseORMException

from concord import jobs
from concord.accounts import hand_over
from concord.accounts import routes as accounts_routes
from concord.accounts.limits import Limits
from concord.accounts.sessions import load_visitor
from concord.activities import routes as activities_routes
from concord.database import APP_ROLE, connected
from concord.deliveries import routes as deliveries_routes
from concord.demand import routes as demand_routes
from concord.demo import routes as demo_routes
from concord.doorbell import Doorbell
from concord.home import routes as home_routes
from concord.inbox import routes as inbox_routes
from concord.inbox.hand_over import move_tasks
from concord.matches import routes as matches_routes
from concord.offers import routes as offers_routes
from concord.organizations import routes as organizations_routes
from concord.organizations.erasure import register_erasures
from concord.pairings import routes as pairings_routes
from concord.portfolio import routes as portfolio_routes
from concord.reference.queries import code_lists
from concord.requests import routes as requests_routes
from concord.requests.hand_over import move_assignments
from concord.schema import pending_migrations
from concord.search import routes as search_routes
from concord.settings import Settings
from concord.web import operations, static
from concord.web.headers import SecurityHeaders
from concord.web.language import LocaleMiddleware
from concord.web.logs import Logged
from concord.web.navigation import navigation
from concord.web.operations import Measured
from concord.web.problems import HANDLERS
from concord.web.routing import fallback

Clock = Callable[[], datetime]


def utc_now() -> datetime:
    return datetime.now(UTC)


def routes() -> list[BaseRoute]:
    """Every address of the platform; the first match wins."""
    return [
        *operations.routes,
        *home_routes.routes,
        *inbox_routes.routes,
        *search_routes.routes,
        *pairings_routes.routes,
        *portfolio_routes.routes,
        *demand_routes.routes,
        *demo_routes.routes,
        *accounts_routes.routes,
        *activities_routes.routes,
        *offers_routes.routes,
        *deliveries_routes.routes,
        *matches_routes.routes,
        *organizations_routes.routes,
        *requests_routes.routes,
        Mount("/static", static.serve_static, name="static"),
    ]


def create_app(
    settings: Settings, *, clock: Clock = utc_now, doorbell: Doorbell | None = None
) -> Starlette:
    """The ASGI application; its lifespan opens the database pool."""
    app = Starlette(
        routes=routes(),
        middleware=[
            Middleware(SecurityHeaders, https=settings.secure_cookies),
            Middleware(Measured),
            Middleware(Logged),
            Middleware(LocaleMiddleware),
            Middleware(GZipMiddleware, minimum_size=1000, compresslevel=5),
        ],
        exception_handlers=HANDLERS,
        lifespan=lifespan,
    )
    app.router.default = fallback(app.router, settings.cookie_name)
    app.state.settings = settings
    app.state.clock = clock
    app.state.doorbell = doorbell or Doorbell(settings.redis_address)
    app.state.limits = Limits(settings.redis_address)
    app.state.load_visitor = load_visitor
    app.state.navigation = navigation
    app.state.probe = probe
    app.state.measure = measure
    for hook in (move_tasks, move_assignments):
        hand_over.register(hook)
    register_erasures()
    return app


@asynccontextmanager
async def lifespan(app: Starlette) -> AsyncIterator[None]:
    settings: Settings = app.state.settings
    async with connected(settings.database_url, role=APP_ROLE, pool_size=settings.pool_size):
        await code_lists()
        yield
        await app.state.doorbell.close()
        await app.state.limits.close()


async def probe(request: Request) -> dict[str, bool]:
    """What `/ready` reports: the database, its migrations, and whether the bell is heard."""
    settings: Settings = request.app.state.settings
    found = {"database": False, "migrations": False, "redis": False, "worker": False}
    try:
        found["migrations"] = not await pending_migrations(settings.database_url)
        found["database"] = True
    except (OSError, BaseORMException):
        return found
    found["redis"] = await request.app.state.doorbell.ring()
    found["worker"] = await request.app.state.doorbell.is_answered()
    return found


async def measure(request: Request) -> None:
    """What `/metrics` tells of the outbox; nothing new while the database is away."""
    with suppress(OSError, BaseORMException):
        waiting, dead = await jobs.backlog(now=request.app.state.clock())
        operations.OUTBOX.labels("waiting").set(waiting)
        operations.OUTBOX.labels("dead").set(dead)
