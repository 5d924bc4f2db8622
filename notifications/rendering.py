"""A message as people read it: an inbox line, an e-mail in text and HTML, and where it links."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from css_inline import CSSInliner
from jinja2 import Environment, PackageLoader, StrictUndefined, Template, select_autoescape
from msgspec.structs import asdict

from notifications.messages import Message, Party
from notifications.wording import Language, worded

COLLECTIONS = {
    "REQ": "requests",
    "OFR": "offers",
    "MAT": "matches",
    "ORG": "organizations",
    "ACT": "acts-on-behalf",
}
LONGEST_NAME = 120
BIDI_CONTROLS = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
INLINER = CSSInliner(load_remote_stylesheets=False)


@dataclass(frozen=True, slots=True)
class Rendered:
    subject: str
    text: str
    html: str


def headline(message: Message, language: Language) -> str:
    """One line for the inbox; the same words as the e-mail's subject."""
    return _line(_content(message), "subject", _variables(message, language))


def path(message: Message) -> str:
    """Where on the platform the message is acted upon or read."""
    fields = asdict(message)
    subject = fields.get("subject")
    if isinstance(subject, str):
        fields["collection"] = COLLECTIONS[subject.partition("-")[0]]
    return message.link.format_map(fields)


def render(message: Message, *, language: Language, name: str, public_url: str) -> Rendered:
    """The e-mail to a person called `name`; `public_url` is the platform's address.

    Content is plain text: the HTML layout escapes all of it, so no value can bring markup along.
    Raises jinja2.UndefinedError when a content file or a translation uses an unknown name.
    """
    content, variables = _content(message), _variables(message, language)
    parts = _environment().get_template("_parts.txt")
    letter: dict[str, object] = {
        "subject": _line(content, "subject", variables),
        "paragraphs": _paragraphs(_block(content, "body", variables)),
        "action": _line(content, "action", variables),
        "link": public_url.rstrip("/") + path(message),
        "greeting": _line(parts, "greeting", {**variables, "name": plain_name(name)}),
        "facts": _facts(message, parts, variables),
        "why": _line(parts, f"why_{message.audience}", variables),
        "footer": _line(parts, "footer", variables),
        "lang": language.tag,
        "direction": language.direction,
    }
    text, html = (_environment().get_template(f"_layout.{kind}") for kind in ("txt", "html"))
    return Rendered(
        subject=str(letter["subject"]),
        text=text.render(letter).strip() + "\n",
        html=INLINER.inline(html.render(letter)),
    )


def plain_name(name: str) -> str:
    """On one line, without control or direction characters, so that it cannot pose as our text."""
    spaced = "".join(" " if unicodedata.category(sign) == "Cc" else sign for sign in name)
    return " ".join(BIDI_CONTROLS.sub("", spaced).split())[:LONGEST_NAME]


def _facts(
    message: Message, parts: Template, variables: Mapping[str, object]
) -> list[tuple[str, str]]:
    """Who must act, and until when: the two things a reader looks for first."""
    awaited = message.awaited()
    facts = [(_line(parts, "who_acts", variables), _line(parts, f"who_{awaited}", variables))]
    due = variables.get("due")
    if isinstance(due, str) and awaited is not Party.NOBODY:
        facts.append((_line(parts, "until", variables), due))
    return facts


def _variables(message: Message, language: Language) -> dict[str, object]:
    return {
        **worded(message, language),
        "gettext": language.translations.gettext,
        "ngettext": language.translations.ngettext,
    }


def _content(message: Message) -> Template:
    return _environment().get_template(f"{message.name}.txt")


def _line(template: Template, block: str, variables: Mapping[str, object]) -> str:
    return " ".join(_block(template, block, variables).split())


def _block(template: Template, block: str, variables: Mapping[str, object]) -> str:
    context = template.new_context(dict(variables))
    return "".join(template.blocks[block](context))


def _paragraphs(body: str) -> list[str]:
    return [" ".join(part.split()) for part in re.split(r"\n\s*\n", body.strip())]


@cache
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("templates", "email"),
        autoescape=select_autoescape(["html"], default=False),
        undefined=StrictUndefined,
        extensions=["jinja2.ext.i18n"],
        auto_reload=False,
    )
