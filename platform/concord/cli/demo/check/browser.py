"""A browser without JavaScript: it keeps cookies, reads forms off pages, and follows redirects."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from http.client import HTTPConnection
from http.cookies import SimpleCookie
from urllib.parse import urlencode, urljoin, urlsplit

from lxml import html

PATIENCE = 30.0  # seconds for one answer
MOST_REDIRECTS = 5
Fields = Mapping[str, str | Sequence[str]]


class Failed(Exception):
    """What the check expected and did not find."""


@dataclass(frozen=True, slots=True)
class Form:
    """A form as it stands on a page: where it goes and what it holds."""

    action: str
    method: str
    fields: tuple[tuple[str, str], ...]
    names: frozenset[str]

    def filled(self, typed: Fields) -> list[tuple[str, str]]:
        """What is sent: the form's own values, with those typed in their place."""
        if unknown := [name for name in typed if name not in self.names]:
            raise Failed(f"the form to {self.action} has no field {', '.join(unknown)}")
        kept = [(name, value) for name, value in self.fields if name not in typed]
        for name, value in typed.items():
            values = [value] if isinstance(value, str) else value
            kept += [(name, each) for each in values]
        return kept


@dataclass(frozen=True, slots=True)
class Page:
    path: str
    status: int
    text: str

    @property
    def document(self) -> html.HtmlElement:
        return html.document_fromstring(self.text)

    def form(self, ending: str, *, button: str = "") -> Form:
        """The form whose address ends so; with the `button` of that value, where one is named."""
        for found in self.document.forms:
            action = str(found.action or self.path)
            named = found.xpath(".//button[@value=$value]/@name", value=button)
            if action.partition("?")[0].endswith(ending) and (named or not button):
                pressed = [(str(named[0]), button)] if named else []
                typed = [(str(name), str(value)) for name, value in found.form_values()]
                return Form(
                    action=action,
                    method=str(found.method).upper(),
                    fields=(*typed, *pressed),
                    names=frozenset(str(name) for name in found.fields),
                )
        raise Failed(f"{self.path} has no form to …{ending}: {self.heading()}")

    def forms_to(self, beginning: str) -> list[str]:
        """The addresses of the forms that begin so."""
        actions = (str(found.action or self.path) for found in self.document.forms)
        return [action for action in actions if action.startswith(beginning)]

    def links(self, *, beginning: str) -> list[str]:
        found = (str(link) for link in self.document.xpath("//a/@href"))
        return [link for link in found if link.startswith(beginning)]

    def heading(self) -> str:
        """The first heading and, where there are any, the errors."""
        found = self.document.xpath("//h1 | //*[@data-error-summary]//li")
        return " | ".join(" ".join(each.text_content().split()) for each in found)


@dataclass(slots=True)
class Browser:
    """One person's; `address` is the platform's."""

    address: str
    cookies: dict[str, str] = field(default_factory=dict)

    def get(self, path: str, *, status: int = 200) -> Page:
        """A page; fails on any other status than the one expected."""
        page = self._followed("GET", path, None)
        if page.status != status:
            raise Failed(f"{page.path} answers {page.status}, not {status}: {page.heading()}")
        return page

    def submit(
        self, page: Page, ending: str, *, button: str = "", **typed: str | Sequence[str]
    ) -> Page:
        """Fill in a form of the page, send it, and read the page that it leads to."""
        form = page.form(ending, button=button)
        answer = self._followed(form.method, urljoin(page.path, form.action), form.filled(typed))
        if answer.status != 200:
            raise Failed(f"{form.action} answers {answer.status}: {answer.heading()}")
        return answer

    def _followed(self, method: str, path: str, body: list[tuple[str, str]] | None) -> Page:
        for _ in range(MOST_REDIRECTS):
            status, location, text = self._once(method, path, body)
            if status not in {302, 303}:
                return Page(path, status, text)
            method, path, body = "GET", urljoin(path, location), None
        raise Failed(f"{path} redirects without end")

    def _once(
        self, method: str, path: str, body: list[tuple[str, str]] | None
    ) -> tuple[int, str, str]:
        parts = urlsplit(self.address)
        connection = HTTPConnection(parts.hostname or "", parts.port, timeout=PATIENCE)
        headers = {"accept": "text/html", "origin": self.address, "connection": "close"}
        if self.cookies:
            headers["cookie"] = "; ".join(
                f"{name}={value}" for name, value in self.cookies.items()
            )
        if body is not None:
            headers["content-type"] = "application/x-www-form-urlencoded"
        try:
            content = None if body is None else urlencode(body)
            connection.request(method, path, content, headers)
            answer = connection.getresponse()
            text = answer.read().decode()
            for cookie in answer.headers.get_all("set-cookie") or []:
                self._keep(cookie)
            return answer.status, answer.headers.get("location", ""), text
        finally:
            connection.close()

    def _keep(self, cookie: str) -> None:
        for name, morsel in SimpleCookie(cookie).items():
            if morsel.value and morsel["max-age"] != "0":
                self.cookies[name] = morsel.value
            else:
                self.cookies.pop(name, None)
