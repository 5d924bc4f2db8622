"""A browser tab that keeps what went wrong on its pages."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from playwright.async_api import BrowserContext, ConsoleMessage, Page, Request, Response, WebError

NOISE = "Failed to load resource"  # said again of each answer that `_answer` judges
LEFT = "net::ERR_ABORTED"  # the page was left, or the answer became a download


@dataclass  # without slots: playwright keeps its wrappers on whoever listens
class Watch:
    """`problems`: console errors, broken policies, failed and foreign requests, refused pages.

    `expected` are answers of 400 and above that the test asks for.
    """

    origin: str
    expected: set[int] = field(default_factory=set)
    problems: list[str] = field(default_factory=list)

    def over(self, context: BrowserContext) -> None:
        context.on("console", self._console)
        context.on("weberror", self._error)
        context.on("request", self._request)
        context.on("requestfailed", self._failed)
        context.on("response", self._answer)

    def _console(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"} and not message.text.startswith(NOISE):
            self.problems.append(f"console {message.type}: {message.text}")

    def _error(self, error: WebError) -> None:
        self.problems.append(f"script: {error.error.message}")

    def _request(self, request: Request) -> None:
        if not request.url.startswith((f"{self.origin}/", "data:")):
            self.problems.append(f"foreign request: {request.url}")

    def _failed(self, request: Request) -> None:
        if request.failure != LEFT:
            self.problems.append(f"failed: {request.method} {request.url}: {request.failure}")

    def _answer(self, response: Response) -> None:
        if response.status >= 400 and response.status not in self.expected:
            self.problems.append(f"{response.status}: {response.request.method} {response.url}")


@dataclass(frozen=True, slots=True)
class Tab:
    """One person's page, and what went wrong on it so far."""

    page: Page
    watch: Watch

    @contextmanager
    def expecting(self, *statuses: int) -> Iterator[None]:
        """Refusals that are no problem inside the block."""
        before = set(self.watch.expected)
        self.watch.expected.update(statuses)
        yield
        self.watch.expected.clear()
        self.watch.expected.update(before)

    async def open(self, path: str, *, status: int = 200) -> Page:
        """Go to an address of the site, which answers with that status."""
        with self.expecting(status):
            response = await self.page.goto(self.watch.origin + path)
        assert response is not None
        assert response.status == status, f"{path}: {response.status}"
        return self.page
