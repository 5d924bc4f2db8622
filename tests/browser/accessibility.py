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
RUN = """async (part) => {
  const found = await axe.run(part, {
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
    return await faults_at_each_width(page, language)


async def faults_at_each_width(page: Page, language: str = "en") -> list[str]:
    found: list[str] = []
    for width in (SMALLEST, NARROW, WIDE):
        await page.set_viewport_size({"width": width, "height": HEIGHT[width]})
        faults = (await look(page)).faults(language)
        faults += await broken_rules(page) if width != SMALLEST else []
        found += [f"{width} px: {fault}" for fault in faults]
    return found


async def broken_rules(page: Page, part: str = "html") -> list[str]:
    violations: list[dict[str, Any]] = await page.evaluate(RUN, part)
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


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
async def test_refusals_are_as_accessible_as_other_pages(
    open_tab: OpenTab, scene: Scene, dark: bool
) -> None:
    tab = await open_tab(scene.member(Role.FOCAL_POINT), dark=dark)
    await tab.page.context.add_init_script(path=AXE)
    faults = []
    for path, status in (("/nowhere", 404), ("/admin/people", 403)):
        faults += await faults_at_each_width(await tab.open(path, status=status))
    page = await tab.open("/requests/new")
    with tab.expecting(422):
        async with page.expect_navigation():
            await page.get_by_role("button", name="Save and continue").click()
    assert (await page.title()).startswith("Error:")
    assert await page.evaluate("() => document.activeElement.matches('[data-error-summary]')")
    assert not (faults + await faults_at_each_width(page))


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
async def test_dialogs_and_menus_are_accessible_when_open(
    open_tab: OpenTab, scene: Scene, dark: bool
) -> None:
    tab = await open_tab(scene.member(Role.COORDINATOR), dark=dark)
    await tab.page.context.add_init_script(path=AXE)
    page = await tab.open("/workbench")
    faults: list[str] = []
    for key in ("?", "Control+k"):
        await page.keyboard.press(key)
        faults += [f"{key}: {fault}" for fault in await broken_rules(page)]
        await page.keyboard.press("Escape")
        assert not await page.locator("dialog[open]").count()
    for width in (WIDE, NARROW):
        await page.set_viewport_size({"width": width, "height": HEIGHT[width]})
        for menu in await page.locator("details[data-menu]:visible > summary").all():
            await menu.press("Enter")
            found = await broken_rules(page, ".topbar")  # it lies over the page for a moment
            faults += [f"menu at {width} px: {fault}" for fault in found]
            await page.keyboard.press("Escape")
    assert not faults, "\n" + "\n".join(faults)


@pytest.mark.parametrize("language", ["ar", "zh", "en", "fr", "ru", "es"])
async def test_the_longest_bar_fits_in_every_language(
    open_tab: OpenTab, scene: Scene, language: str
) -> None:
    tab = await open_tab(scene.member(Role.COORDINATOR), language=language)
    page = await tab.open("/")
    for width in (1201, WIDE, 1440):
        await page.set_viewport_size({"width": width, "height": 900})
        found = await look(page)
        assert (found.wide, found.beyond) == (0, []), width
