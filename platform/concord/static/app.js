// Comfort on top of pages that work without it. Nothing here is needed to read, write or decide.
(() => {
  "use strict";
  const root = document.documentElement;
  const all = (selector, from = document) => [...from.querySelectorAll(selector)];
  const remembered = {
    read: (key) => { try { return localStorage.getItem(key); } catch { return null; } },
    write: (key, value) => { try { localStorage.setItem(key, value); } catch { /* closed storage */ } },
  };

  // Theme

  const isDark = () => (root.dataset.theme || (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light")) === "dark";
  function toggleTheme() {
    root.dataset.theme = isDark() ? "light" : "dark";
    remembered.write("theme", root.dataset.theme);
  }

  // Forms

  function guardAgainstSecondSubmit(event) {
    const form = event.target;
    if (!form.matches("[data-command]") || event.defaultPrevented) return;
    if (form.dataset.sent) { event.preventDefault(); return; }
    form.dataset.sent = "yes";
    // After the browser has read the form, so that a button's own value is sent.
    setTimeout(() => all("button", form).forEach((button) => button.setAttribute("aria-disabled", "true")));
  }
  function release(form) {
    delete form.dataset.sent;
    all("button[aria-disabled]", form).forEach((button) => button.removeAttribute("aria-disabled"));
  }
  function showSaving(event, word) {
    const form = event.target.closest && event.target.closest("[data-autosave]");
    const line = form && form.querySelector("[data-autosave-status]");
    if (line) line.textContent = line.dataset[word];
    if (form && word !== "saving") form.dataset.unsaved = word === "failed" ? "yes" : "";
  }
  function countCharacters(area) {
    const line = document.querySelector(`[data-counter-for="${area.id}"]`);
    if (line) line.textContent = `${Number(area.dataset.counter) - area.value.length} ${line.dataset.words}`;
  }
  function filterChoices(box) {
    const wanted = fold(box.value);
    all(".choice", box.closest("fieldset")).forEach((choice) => {
      choice.hidden = !fold(choice.textContent).includes(wanted) && !choice.querySelector(":checked");
    });
  }
  const fold = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase().trim();

  // A select with many options becomes a text box with a list (ARIA 1.2 combobox); the select stays and is sent.

  function enhance(select) {
    if (select.dataset.enhanced) return;
    select.dataset.enhanced = "yes";
    const box = document.createElement("div"), input = document.createElement("input"), list = document.createElement("ul");
    box.className = `combobox ${[...select.classList].filter((name) => name.startsWith("width")).join(" ")}`;
    list.className = "combobox-list"; list.id = `${select.id}-list`; list.hidden = true; list.setAttribute("role", "listbox");
    input.className = "control"; input.id = select.id; input.autocomplete = "off"; input.dir = "auto";
    const label = document.querySelector(`label[for="${select.id}"]`);
    const attributes = { role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": list.id };
    for (const name of ["aria-describedby", "aria-invalid"]) if (select.hasAttribute(name)) attributes[name] = select.getAttribute(name);
    for (const [name, value] of Object.entries(attributes)) input.setAttribute(name, value);
    if (label) list.setAttribute("aria-label", label.textContent.trim());
    const chosen = () => (select.value ? select.selectedOptions[0].text : "");
    input.value = chosen();
    select.id = `${select.id}-select`; select.hidden = true;
    let active = -1;

    const close = () => { list.hidden = true; active = -1; input.setAttribute("aria-expanded", "false"); input.removeAttribute("aria-activedescendant"); };
    const choose = (item) => { select.value = item.dataset.value; input.value = chosen(); close(); select.dispatchEvent(new Event("change", { bubbles: true })); };
    const open = (words) => {
      const found = [...select.options].filter((option) => option.value && fold(option.text).includes(fold(words))).slice(0, 60);
      list.replaceChildren(...found.map((option, index) => {
        const item = document.createElement("li");
        item.id = `${list.id}-${index}`; item.dataset.value = option.value; item.textContent = option.text; item.setAttribute("role", "option");
        return item;
      }));
      if (!found.length) {
        const none = document.createElement("li");
        none.textContent = select.dataset.noResult; none.setAttribute("role", "option"); none.setAttribute("aria-disabled", "true");
        list.append(none);
      }
      list.hidden = false; active = -1; input.setAttribute("aria-expanded", "true");
    };
    const move = (step) => {
      const items = all("[data-value]", list);
      if (!items.length) return;
      active = (active + step + items.length) % items.length;
      items.forEach((item, index) => item.setAttribute("aria-selected", String(index === active)));
      items[active].scrollIntoView({ block: "nearest" });
      input.setAttribute("aria-activedescendant", items[active].id);
    };
    input.addEventListener("input", () => { if (!input.value) select.value = ""; open(input.value); });
    input.addEventListener("click", () => { if (list.hidden) open(""); });
    input.addEventListener("blur", () => setTimeout(() => { close(); input.value = chosen(); }, 150));
    input.addEventListener("keydown", (event) => {
      if (event.key === "ArrowDown" || event.key === "ArrowUp") {
        event.preventDefault();
        if (list.hidden) open("");
        move(event.key === "ArrowDown" ? 1 : -1);
      } else if (event.key === "Enter" && !list.hidden) {
        event.preventDefault();
        const item = all("[data-value]", list)[Math.max(active, 0)];
        if (item) choose(item);
      } else if (event.key === "Escape" && !list.hidden) { event.stopPropagation(); close(); }
    });
    list.addEventListener("mousedown", (event) => { event.preventDefault(); const item = event.target.closest("[data-value]"); if (item) choose(item); });
    box.append(input, list);
    select.after(box);
  }

  // Keyboard

  const typing = (target) => target.closest("input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]");
  const shortcutsOn = () => remembered.read("shortcuts") !== "off";
  function moveInQueue(step) {
    const rows = all("[data-queue-row]");
    if (!rows.length) return;
    const here = rows.indexOf(document.activeElement), open = rows.findIndex((row) => row.hasAttribute("aria-current"));
    const from = here >= 0 ? here : open >= 0 ? open : step > 0 ? -1 : rows.length;
    rows[Math.min(Math.max(from + step, 0), rows.length - 1)].focus();
  }
  function press(key) {
    const near = document.activeElement.closest("[data-pairing]");
    const target = (near && near.querySelector(`[data-key="${key}"]`)) || document.querySelector(`[data-key="${key}"]`);
    if (target) target.click();
  }
  const shortcuts = {
    j: () => moveInQueue(1),
    k: () => moveInQueue(-1),
    o: () => { if (document.activeElement.matches("[data-queue-row]")) document.activeElement.click(); else press("o"); },
    p: () => press("p"),
    d: () => press("d"),
    "/": () => { const box = all("[data-search]").find((input) => input.offsetParent); if (box) box.focus(); else location.assign("/search"); },
    "?": () => openDialog("keys"),
  };
  function onKey(event) {
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") { event.preventDefault(); openPalette(); return; }
    if (event.key === "Escape") { closeMenus(null); return; }
    if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target) || document.querySelector("dialog[open]")) return;
    const act = shortcuts[event.key];
    if (act && shortcutsOn()) { event.preventDefault(); act(); }
  }

  // Dialogs and menus

  function openDialog(id) {
    const dialog = document.getElementById(id);
    if (dialog && !dialog.open) dialog.showModal();
  }
  function closeMenus(except) {
    all("[data-menu][open]").forEach((menu) => {
      if (menu.contains(except)) return;
      if (menu.contains(document.activeElement) && except === null) menu.querySelector("summary").focus();
      menu.open = false;
    });
  }
  function openPalette() {
    const dialog = document.querySelector("[data-palette]");
    if (!dialog) return;
    const input = dialog.querySelector("input");
    input.value = "";
    fillPalette(dialog, "");
    openDialog(dialog.id);
    input.focus();
  }
  function fillPalette(dialog, words) {
    const seen = new Set(), list = dialog.querySelector("ul");
    const links = all("a[href]").filter((link) => !dialog.contains(link) && !link.matches(".skip-link")).filter((link) => {
      const name = link.textContent.trim().replace(/\s+/g, " "), known = seen.has(link.href + name);
      seen.add(link.href + name);
      return name && !known && fold(name).includes(fold(words));
    }).slice(0, 12);
    list.replaceChildren(...links.map((link, index) => {
      const item = document.createElement("li"), copy = document.createElement("a");
      copy.href = link.href; copy.textContent = link.textContent.trim().replace(/\s+/g, " "); copy.tabIndex = -1; copy.id = `palette-${index}`;
      copy.setAttribute("role", "option"); item.setAttribute("role", "presentation");
      item.append(copy);
      return item;
    }));
    dialog.querySelector("p").hidden = links.length > 0;
    highlight(dialog, 0);
  }
  function highlight(dialog, index) {
    const options = all("a", dialog), input = dialog.querySelector("input");
    if (!options.length) { input.removeAttribute("aria-activedescendant"); return; }
    const chosen = (index + options.length) % options.length;
    options.forEach((option, at) => { option.classList.toggle("active", at === chosen); option.setAttribute("aria-selected", String(at === chosen)); });
    options[chosen].scrollIntoView({ block: "nearest" });
    input.setAttribute("aria-activedescendant", options[chosen].id);
  }
  function onPaletteKey(event, dialog) {
    const options = all("a", dialog), at = options.findIndex((option) => option.matches(".active"));
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) { event.preventDefault(); highlight(dialog, at + step); }
    if (event.key === "Enter" && options[at]) { event.preventDefault(); dialog.close(); options[at].click(); }
  }

  // Wiring: one listener per event for the whole page, so that parts that htmx swaps in need none.

  document.addEventListener("click", (event) => {
    const on = (selector) => event.target.closest(selector);
    if (on("[aria-disabled=true]")) { event.preventDefault(); return; }
    if (on("[data-theme-toggle]")) toggleTheme();
    if (on("[data-dismiss]")) on(".notice").remove();
    if (on("[data-open-dialog]")) openDialog(on("[data-open-dialog]").dataset.openDialog);
    if (event.target.matches("dialog")) event.target.close();
    closeMenus(event.target);
  });
  document.addEventListener("keydown", (event) => {
    const palette = event.target.closest && event.target.closest("[data-palette]");
    if (palette) onPaletteKey(event, palette);
    onKey(event);
  });
  document.addEventListener("input", (event) => {
    if (event.target.matches("[data-counter]")) countCharacters(event.target);
    if (event.target.matches("[data-filter-choices]")) filterChoices(event.target);
    const palette = event.target.closest("[data-palette]");
    if (palette) fillPalette(palette, event.target.value);
  });
  document.addEventListener("change", (event) => {
    if (event.target.matches("[data-shortcuts-switch]")) remembered.write("shortcuts", event.target.checked ? "on" : "off");
  });
  document.addEventListener("submit", guardAgainstSecondSubmit);
  document.addEventListener("htmx:beforeRequest", (event) => showSaving(event, "saving"));
  document.addEventListener("htmx:afterRequest", (event) => {
    showSaving(event, event.detail.successful ? "saved" : "failed");
    const form = event.target.closest && event.target.closest("form");
    if (form) release(form);
  });
  addEventListener("pageshow", (event) => { if (event.persisted) all("[data-sent]").forEach(release); });
  addEventListener("beforeunload", (event) => {
    if (document.querySelector('[data-unsaved="yes"]:not([data-sent])')) event.preventDefault();
  });

  function prepare(part) {
    all("select[data-combobox]", part).forEach(enhance);
    all("[data-counter]", part).forEach(countCharacters);
    all("[data-shortcuts-switch]", part).forEach((box) => { box.checked = shortcutsOn(); });
    const summary = part.querySelector("[data-error-summary]");
    if (summary) summary.focus();
  }
  prepare(document);
  document.addEventListener("htmx:afterSwap", (event) => prepare(event.target));
})();
