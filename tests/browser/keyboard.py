"""Walking through a page with the Tab key, as somebody without a mouse does."""

from typing import Any

from playwright.async_api import Page

MARK = """() => {
  const chosen = new Set();
  const one = (node) => {
    if (node.type !== "radio") return true;
    const group = [...document.querySelectorAll(`input[type=radio][name="${node.name}"]`)]
      .filter((other) => other.form === node.form);
    return node === (group.find((other) => other.checked) || group[0]);
  };
  window.controls = [...document.querySelectorAll(
    "a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex='0']"
  )].filter((node) => node.checkVisibility({ visibilityProperty: true }) && !node.disabled
    && node.tabIndex >= 0 && one(node));
  return window.controls.map((node) => node.outerHTML.replace(/\\s+/g, " ").slice(0, 110));
}"""
HERE = """() => {
  const node = document.activeElement;
  if (!node || node === document.body) return null;
  const style = getComputedStyle(node), box = node.getBoundingClientRect();
  const ringed = (found) => {
    const { outlineStyle, outlineWidth } = getComputedStyle(found);
    return outlineStyle !== "none" && parseFloat(outlineWidth) > 0;
  };
  const x = Math.min(Math.max(box.x + box.width / 2, 1), innerWidth - 2);
  const y = Math.min(Math.max(box.y + Math.min(box.height / 2, 20), 1), innerHeight - 2);
  const top = document.elementFromPoint(x, y);
  return {
    index: window.controls.indexOf(node),
    ringed: ringed(node) || style.boxShadow !== "none" || ringed(node.closest("li") || node),
    covered: !(top && (node.contains(top) || top.contains(node)
      || [...(node.labels || [])].some((label) => label.contains(top)))),
  };
}"""


async def walk(page: Page) -> list[str]:
    """What is wrong on the way from the first control to the last."""
    names: list[str] = await page.evaluate(MARK)
    reached: set[int] = set()
    faults: list[str] = []
    for _ in range(2 * len(names) + 5):
        await page.keyboard.press("Tab")
        here: dict[str, Any] | None = await page.evaluate(HERE)
        if here is None:
            break
        index = here["index"]
        if index < 0 or index in reached:
            continue
        reached.add(index)
        faults += [f"no visible focus: {names[index]}"] if not here["ringed"] else []
        faults += [f"covered when focused: {names[index]}"] if here["covered"] else []
    missed = [name for index, name in enumerate(names) if index not in reached]
    return [*faults, *(f"not reached: {name}" for name in missed)]
