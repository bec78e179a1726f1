// What a test asks of the demos on a page of JupyterLab; hall.py puts it there, after axe-core.
window.hall = (() => {
  const LEAVES = new Set(["button", "checkbox", "combobox", "heading", "img", "link", "menuitem", "option"]
    .concat(["radio", "searchbox", "slider", "spinbutton", "switch", "tab", "textbox"]));
  const TELLING = "a, button, canvas, details, h1, h2, h3, h4, h5, h6, img, input, li, select, svg, table, " +
    "textarea, tr, [role], [aria-label]";
  const PATIENCE_MS = 60000;

  const outputs = (place) =>
    [...panel.content.widgets[place].node.querySelectorAll(".jp-OutputArea-output")];
  const all = (place, selector) => outputs(place).flatMap((out) => [...out.querySelectorAll(selector)]);
  const isSeen = (node) => node.checkVisibility({ visibilityProperty: true });
  const pictures = (place) =>
    all(place, "img, canvas").filter((node) => isSeen(node) && node.getBoundingClientRect().width > 0);
  const sliders = (place) => all(place, "input[type=range]").filter(isSeen);
  const isLoaded = (node) => node.tagName !== "IMG" || (node.complete && node.naturalWidth > 0);
  const sign = (node) => (node.tagName === "IMG" ? node.src : node.toDataURL());
  const words = (text) => text.replace(/\s+/g, " ").trim();
  const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
  const spoken = (node) => node.alt ?? node.getAttribute("aria-label") ?? "";

  // ---- what stands there, for a reader: a line for each element that says something

  function structure(place) {
    const lines = [];
    for (const out of outputs(place)) {
      axe.setup(out);
      try {
        walk(out, "", lines);
      } finally {
        axe.teardown();
      }
    }
    return lines;
  }

  function walk(parent, indent, lines) {
    for (const node of parent.childNodes) {
      if (node.nodeType === Node.TEXT_NODE) tell(lines, indent, "text", words(node.data));
      else if (node.nodeType === Node.ELEMENT_NODE && !["STYLE", "SCRIPT"].includes(node.tagName))
        element(node, indent, lines);
    }
  }

  function element(node, indent, lines) {
    const tag = node.tagName.toLowerCase();
    if (tag === "details") return folded(node, indent, lines);
    if (!isSeen(node)) return;
    if (node.getAttribute("aria-hidden") === "true") {
      return tell(lines, indent, `unheard ${tag}`, words(node.textContent));
    }
    const role = axe.commons.aria.getRole(node);
    const name = words(axe.commons.text.accessibleText(node) ?? "");
    if (LEAVES.has(role)) return lines.push(`${indent}${role} "${name}"${setting(node)}`);
    if (tag === "canvas" || tag === "svg") return lines.push(`${indent}${tag} ${role ?? ""} "${name}"`);
    const telling = node.querySelector(TELLING);
    if (role === "row" && !telling) {
      return lines.push(`${indent}row ${[...node.cells].map((cell) => words(cell.textContent)).join(" | ")}`);
    }
    if (!telling) return tell(lines, indent, role && tag !== "p" ? role : tag, words(node.textContent));
    const named = node.getAttribute("aria-label") || node.getAttribute("aria-labelledby");
    if (!role || ["generic", "none", "presentation", "paragraph", "rowgroup"].includes(role)) {
      return walk(node, indent, lines);
    }
    lines.push(`${indent}${role}${named ? ` "${name}"` : ""}`);
    walk(node, `${indent}  `, lines);
  }

  function folded(node, indent, lines) {
    const [summary] = node.querySelectorAll("summary");
    lines.push(`${indent}details ${node.open ? "open" : "folded"} "${words(summary.textContent)}"`);
    const was = node.open;
    node.open = true;
    for (const child of node.children) if (child !== summary) element(child, `${indent}  `, lines);
    node.open = was;
  }

  function setting(node) {
    const told = node.getAttribute("aria-valuetext");
    const checked = node.getAttribute("aria-checked") ?? node.getAttribute("aria-pressed");
    if (node.type === "range") return ` ${told ?? node.value} (${node.min}–${node.max})`;
    if (node.tagName === "SELECT") return ` ${words(node.selectedOptions[0]?.textContent ?? "")}`;
    return checked === null ? "" : ` ${checked}`;
  }

  const tell = (lines, indent, what, text) => text && lines.push(`${indent}${what} "${text}"`);

  // ---- waiting: for the kernel's answer to what was asked before, and for what the page makes of it

  // Every message to the kernel is answered by a status "idle" when all that it set off has been sent.
  const asked = new Set();

  function listen() {
    panel.sessionContext.session?.kernel?.anyMessage.connect((_, { msg, direction }) => {
      if (direction === "send" && msg.channel === "shell") asked.add(msg.header.msg_id);
      const isIdle = direction === "recv" && msg.content.execution_state === "idle";
      if (isIdle) asked.delete(msg.parent_header.msg_id);
    });
  }

  async function settled(place, count) {
    const deadline = performance.now() + PATIENCE_MS;
    for (let before = null; performance.now() < deadline; ) {
      await frame();
      if (asked.size > 0) continue;
      const shown = pictures(place);
      const now = JSON.stringify([structure(place), shown.map(sign)]);
      const ready = shown.length > 0 && shown.every(isLoaded) && sliders(place).length >= count;
      if (ready && now === before) return;
      before = now;
    }
    throw new Error(`cell ${place} did not come to rest: ${structure(place).join("\n")}`);
  }

  // From now on wait for pictures that say something else; `arrival` is when they are drawn, counted from the
  // release of a slider.  The same picture in another theme is not yet the answer.
  function expect(place) {
    const before = pictures(place).map(spoken).join();
    let released = null;
    const release = () => (released = performance.now());
    const cell = panel.content.widgets[place].node;
    cell.addEventListener("change", release, true);
    const arrived = async () => {
      const deadline = performance.now() + PATIENCE_MS;
      while (performance.now() < deadline) {
        const shown = pictures(place);
        if (shown.length && shown.every(isLoaded) && shown.map(spoken).join() !== before) {
          await Promise.all(shown.map((node) => node.decode?.()));
          await frame();
          return { ms: performance.now() - released, alts: shown.map(spoken) };
        }
        await frame();
      }
      throw new Error(`cell ${place} says of its pictures what it said before`);
    };
    hall.arrival = arrived().finally(() => cell.removeEventListener("change", release, true));
    hall.arrival.catch(() => {}); // told to whoever asks
  }

  function whereIs(place, k) {
    const input = sliders(place)[k];
    const { left, top, width, height } = input.getBoundingClientRect();
    const box = { left, top, width, height, min: Number(input.min), max: Number(input.max) };
    return { ...box, value: Number(input.value), told: input.getAttribute("aria-valuetext") };
  }

  // ---- a kernel that is no more

  function watchKernel() {
    hall.kernelGone = new Promise((resolve) => {
      panel.sessionContext.statusChanged.connect((_, status) => {
        if (["autorestarting", "restarting", "dead"].includes(status)) resolve(status);
      });
    });
  }

  const wordsSeen = (place) => outputs(place).filter(isSeen).map((out) => out.innerText).join();
  const marks = (place) => pictures(place).map(sign);
  const areLoaded = (place) => pictures(place).length > 0 && pictures(place).every(isLoaded);

  const areThemed = (place) => pictures(place).every((node) => node.src.startsWith("data:image/svg+xml"));

  return {
    areLoaded, areThemed, listen, marks, watchKernel, expect, outputs, pictures, settled, sliders, spoken, structure, whereIs,
    wordsSeen,
  };
})();
