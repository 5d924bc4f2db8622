"""`make accessibility`: every page under axe-core and by keyboard; too slow for every test run."""

from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Page

from concord.actor import Role
from tests.browser.conftest import HEIGHT, NARROW, SMALLEST, WIDE, OpenTab
from tests.browser.keyboard import walk
from tests.browser.looking import look
from tests.browser.scene import OF_ROLE, Scene, set_scene
from tests.browser.site import Site
from tests.browser.watching import Tab

pytestmark = [pytest.mark.browser, pytest.mark.slow]

AXE = Path(__file__).resolve().parents[2] / "build" / "axe.min.js"
OPEN_ALL = """() => document.querySelectorAll("details:not([data-menu])")
  .forEach((node) => { node.open = true; })"""
RUN = """async () => {
  const found = await axe.run(document, {
    resultTypes: ["violations"], rules: { "target-size": { enabled: true } },
  });
  return found.violations.map(({ id, help, nodes }) => ({
    id, help, count: nodes.length, first: nodes[0].target.join(" "),
    why: (nodes[0].failureSummary || "").split("\\n").slice(1).join(" ").trim(),
  }));
}"""


@pytest_asyncio.fixture(scope="module")
async def scene(site: Site) -> Scene:
    return await set_scene(site)


@pytest.mark.parametrize("role", OF_ROLE, ids=lambda role: role or "public")
@pytest.mark.parametrize("language", ["en", "ar"])
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
async def test_no_rule_of_axe_is_broken(
    open_tab: OpenTab, scene: Scene, role: Role | None, language: str, dark: bool
) -> None:
    tab = await open_tab(scene.member(role), language=language, dark=dark)
    await tab.page.context.add_init_script(path=AXE)
    faults: list[str] = []
    for path in scene.paths(role):
        found = await faults_of(tab, path, language)
        faults += [f"{path} {fault}" for fault in found]
    assert not faults, "\n" + "\n".join(faults)


async def faults_of(tab: Tab, path: str, language: str) -> list[str]:
    page = await tab.open(path)
    await page.evaluate(OPEN_ALL)
    found: list[str] = []
    for width in (WIDE, NARROW):
        await page.set_viewport_size({"width": width, "height": HEIGHT[width]})
        found += [f"{width} px: {fault}" for fault in await broken_rules(page)]
    await page.set_viewport_size({"width": SMALLEST, "height": HEIGHT[SMALLEST]})
    found += [f"{SMALLEST} px: {fault}" for fault in (await look(page)).faults(language)]
    await page.set_viewport_size({"width": WIDE, "height": HEIGHT[WIDE]})
    return found


async def broken_rules(page: Page) -> list[str]:
    violations: list[dict[str, Any]] = await page.evaluate(RUN)
    return ["{id} ×{count}: {first} · {help} · {why}".format_map(each) for each in violations]


@pytest.mark.parametrize("role", OF_ROLE, ids=lambda role: role or "public")
async def test_every_control_is_reached_by_keyboard(
    open_tab: OpenTab, scene: Scene, role: Role | None
) -> None:
    tab = await open_tab(scene.member(role))
    faults: list[str] = []
    for path in scene.paths(role):
        page = await tab.open(path)
        faults += [f"{path}: {fault}" for fault in await walk(page)]
    assert not faults, "\n" + "\n".join(faults)
