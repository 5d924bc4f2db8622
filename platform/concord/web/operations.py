"""What a load balancer and a monitor ask: alive, ready, and the figures."""

import time
from collections.abc import Awaitable, Callable

from prometheus_client import CONTENT_TYPE_LATEST, Counter, Gauge, Histogram, generate_latest
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

REQUESTS = Counter("concord_http_requests_total", "Answers given", ["route", "method", "status"])
SECONDS = Histogram(
    "concord_http_request_seconds",
    "Time to the first byte of an answer",
    ["route"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
)
OUTBOX = Gauge("concord_outbox_rows", "Rows of the outbox by what became of them", ["result"])
LOOP_LAG = Gauge("concord_loop_lag_seconds", "How late the event loop runs its timers")
Probe = Callable[[Request], Awaitable[dict[str, bool]]]


async def health(request: Request) -> Response:
    """The process answers; it says nothing of what stands behind it."""
    return PlainTextResponse("ok")


async def ready(request: Request) -> Response:
    """200 when everything a page needs is there, else 503 and what is missing."""
    found: dict[str, bool] = await request.app.state.probe(request)
    return JSONResponse(found, 200 if found["database"] and found["migrations"] else 503)


async def metrics(request: Request) -> Response:
    """Figures of this process, and how much of the outbox waits or was given up."""
    await request.app.state.measure(request)
    return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)


routes = [
    Route("/health", health),
    Route("/ready", ready),
    Route("/metrics", metrics),
]


class Measured:
    """Counts and times answers by route, never by address: addresses name things."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        started = time.perf_counter()

        async def send_measured(message: Message) -> None:
            if message["type"] == "http.response.start":
                route = route_of(scope)
                SECONDS.labels(route).observe(time.perf_counter() - started)
                REQUESTS.labels(route, scope["method"], message["status"]).inc()
            await send(message)

        await self.app(scope, receive, send_measured)


def route_of(scope: Scope) -> str:
    """The path template that answered (`/requests/{id}`), or `other`."""
    return getattr(scope.get("route"), "path", "other")
