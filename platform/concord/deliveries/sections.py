"""The sections of terms of reference: put together into one text, and taken apart to be edited."""

import re
from collections.abc import Mapping
from types import MappingProxyType

from concord.web.i18n import LazyMessage
from concord.web.i18n import lazy as N_

SECTIONS: Mapping[str, LazyMessage] = MappingProxyType(
    {
        "purpose": N_("Purpose"),
        "activities": N_("Activities"),
        "place": N_("Place"),
        "costs": N_("Costs, and who pays for what"),
        "data_protection": N_("Data protection"),
        "contacts": N_("Contacts"),
    }
)
_HEADING = re.compile(r"^§ ([1-9])\. .*$", re.MULTILINE)


def composed(parts: Mapping[str, str]) -> str:
    """Each section under its numbered heading, in the language of whoever writes."""
    return "\n\n".join(
        f"§ {number}. {heading}\n{_plain(parts[name])}"
        for number, (name, heading) in enumerate(SECTIONS.items(), 1)
    )


def _plain(text: str) -> str:
    """Nobody's own line reads like a heading."""
    return _HEADING.sub(lambda line: line[0].replace("§ ", "§", 1), text)


def taken_apart(body: str) -> dict[str, str]:
    """The sections of a composed text; any other text is all purpose."""
    headings = list(_HEADING.finditer(body))
    numbers = [int(heading[1]) for heading in headings]
    if numbers != list(range(1, len(SECTIONS) + 1)) or headings[0].start():
        return dict.fromkeys(SECTIONS, "") | {"purpose": body}
    ends = [heading.start() for heading in headings[1:]] + [len(body)]
    texts = (
        body[heading.end() : end].strip() for heading, end in zip(headings, ends, strict=True)
    )
    return dict(zip(SECTIONS, texts, strict=True))
