"""Pages of each role in Chromium: they fit small screens, and nothing goes wrong on them."""

import pytest

from tests.browser.conftest import HEIGHT, NARROW, SMALLEST, OpenTab
from tests.browser.looking import look
from tests.browser.scene import OF_ROLE, set_scene
from tests.browser.site import Site
from tests.browser.watching import Tab

pytestmark = pytest.mark.browser


async def test_pages_fit_small_screens_in_both_directions(site: Site, open_tab: OpenTab) -> None:
    """Every page once; `make accessibility` opens each in both languages, themes and widths."""
    scene = await set_scene(site)
    faults: list[str] = []
    for number, role in enumerate(OF_ROLE):
        language = ("en", "ar")[number % 2]
        tab = await open_tab(scene.member(role), language=language, width=NARROW)
        for path in scene.paths(role):
            found = await faults_of(tab, path, language)
            faults += [f"{role or 'public'} {path} {language}: {fault}" for fault in found]
    assert not faults, "\n".join(faults)


async def faults_of(tab: Tab, path: str, language: str) -> list[str]:
    """What is wrong at 390 px, and at the 320 px to which a page zoomed to 400 % reflows."""
    page = await tab.open(path)
    found: list[str] = []
    for width in (NARROW, SMALLEST):
        await page.set_viewport_size({"width": width, "height": HEIGHT[width]})
        seen = (await look(page)).faults(language)
        found += [f"{fault} ({width} px)" for fault in seen]
    return found
