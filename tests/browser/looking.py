"""What a page must be at any width and in any language, read from the page itself."""

from dataclasses import dataclass
from typing import Any

from playwright.async_api import Page

LOOK = """() => {
  const shown = (node) => node.checkVisibility({ visibilityProperty: true });
  const held = (node) => {
    for (let up = node.parentElement; up; up = up.parentElement)
      if (getComputedStyle(up).overflowX !== "visible") return true;
    return false;
  };
  const wide = document.documentElement.scrollWidth - innerWidth;
  const beyond = wide <= 0 ? [] : [...document.body.querySelectorAll("*")].filter((node) => {
    const box = node.getBoundingClientRect();
    return shown(node) && !held(node) && (box.right > innerWidth + 1 || box.left < -1);
  }).slice(-3).map((node) => node.outerHTML.slice(0, 120));
  const named = (node) => node.labels.length || node.getAttribute("aria-label")
    || node.getAttribute("aria-labelledby");
  return {
    lang: document.documentElement.lang, dir: document.documentElement.dir, wide, beyond,
    headings: [...document.querySelectorAll("h1")].filter(shown).length,
    title: document.title,
    repeated: [...document.querySelectorAll("[id]")].map((node) => node.id)
      .filter((id, at, all) => all.indexOf(id) !== at),
    nameless: [...document.querySelectorAll("input:not([type=hidden]), select, textarea")]
      .filter((node) => shown(node) && !named(node)).map((node) => node.outerHTML.slice(0, 120)),
  };
}"""
RIGHT_TO_LEFT = {"ar"}


@dataclass(frozen=True, slots=True)
class Look:
    """One page as it stands at one width."""

    lang: str
    dir: str
    wide: int
    beyond: list[str]
    headings: int
    title: str
    repeated: list[str]
    nameless: list[str]

    def faults(self, language: str) -> list[str]:
        direction = "rtl" if language in RIGHT_TO_LEFT else "ltr"
        wrong = {
            f"scrolls sideways by {self.wide} px: {self.beyond}": self.wide > 0,
            f"{self.headings} headings of the first level": self.headings != 1,
            f"language {self.lang!r}": self.lang != language,
            f"direction {self.dir!r}": self.dir != direction,
            "no title of its own": self.title.startswith(" ·"),
            f"the same id twice: {self.repeated}": bool(self.repeated),
            f"fields without a name: {self.nameless}": bool(self.nameless),
        }
        return [fault for fault, is_so in wrong.items() if is_so]


async def look(page: Page) -> Look:
    found: dict[str, Any] = await page.evaluate(LOOK)
    return Look(**found)
