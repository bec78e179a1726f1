// Small helpers that make elements of a page.

let made = 0;

function freshId() {
  return `rgteach-painter-${++made}-${Math.random().toString(36).slice(2)}`;
}

// attributes: `on…` listens, true is an attribute without a value, false and undefined are left out
function make(name, attributes = {}, ...children) {
  const node = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (key.startsWith("on")) node.addEventListener(key.slice(2), value);
    else if (value === true) node.setAttribute(key, "");
    else if (value !== false && value !== undefined) node.setAttribute(key, value);
  }
  node.append(...children);
  return node;
}

const ICONS = {
  paint: "M3 13c2 0 2-2 3.5-2S9 13 6.500 14 3 13 3 13ZM7 10l6-7.500 1 1L8.500 11",
  erase: "M2.500 10.500l6-7 5 4.500-5.500 6H5.500ZM5.500 7l5 4.500M5 14h8.500",
  look: "M1.500 8S4 3.500 8 3.500 14.500 8 14.500 8 12 12.500 8 12.500 1.500 8 1.500 8ZM8 6.200a1.800 1.800 0 1 0 .01 0",
  undo: "M5.500 3L2.500 6l3 3M2.500 6H10a3.500 3.500 0 0 1 0 7H6",
  redo: "M10.500 3l3 3-3 3M13.500 6H6a3.500 3.500 0 0 0 0 7h4",
  clear: "M3 4.500h10M6 4.500V3h4v1.500M4.500 4.500l.7 8.500h5.600l.7-8.500M7 7v4M9 7v4",
  copy: "M2.500 5.500h7v8h-7ZM6 5.500v-3h7.500v8h-4",
  compare: "M2 3h5v10H2ZM9 3h5v10H9Z",
  zoom: "M7 2.500a4.500 4.500 0 1 0 .01 0ZM10.300 10.300L14 14M7 5v4M5 7h4",
  levels: "M2.500 2.500h11v11h-11ZM8 2.500v11M2.500 8h11",
  full: "M2.500 6V2.500H6M10 2.500h3.500V6M13.500 10v3.500H10M6 13.500H2.500V10",
};

function icon(name) {
  const space = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(space, "svg");
  for (const [key, value] of Object.entries({ viewBox: "0 0 16 16", "aria-hidden": "true", class: "pt-icon" }))
    svg.setAttribute(key, value);
  const path = document.createElementNS(space, "path");
  path.setAttribute("d", ICONS[name]);
  svg.append(path);
  return svg;
}

// Only what differs, as every change of a page costs
function write(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

function button(text, sign, act, more = {}) {
  const shown = sign ? [icon(sign), make("span", {}, text)] : [make("span", {}, text)];
  return make("button", { type: "button", class: "pt-button", onclick: act, ...more }, ...shown);
}

// One of a few, as buttons that keyboards and screen readers know as a group of choices
function choice(legend, options, pick) {
  const name = freshId();
  const inputs = options.map(({ value, sign, label, kind }) => {
    const input = make("input", { type: "radio", name, value, onchange: () => pick(value) });
    const text = make("span", { class: `pt-choice-face ${kind ?? ""}` }, ...(sign ? [icon(sign)] : []), label);
    return { input, node: make("label", { class: "pt-choice" }, input, text) };
  });
  const title = make("legend", { class: "pt-unseen" }, legend);
  const node = make("fieldset", { class: "pt-choices" }, title, ...inputs.map((one) => one.node));
  return { node, set: (value) => inputs.forEach(({ input }) => (input.checked = input.value === String(value))) };
}

// A range with its name and its setting in words; `told` says a setting
function slider(label, { min, max, step = 1, told, moved, settled }) {
  const id = freshId();
  const input = make("input", { type: "range", id, min, max, step });
  const value = make("span", { class: "pt-value", "aria-hidden": "true" });
  const tell = () => {
    value.textContent = told(Number(input.value));
    input.setAttribute("aria-valuetext", value.textContent);
  };
  input.addEventListener("input", () => (moved(Number(input.value)), tell()));
  if (settled) input.addEventListener("change", () => settled());
  const node = make("div", { class: "pt-slider" }, make("label", { for: id }, label), input, value);
  return { node, set: (now) => (now !== Number(input.value) && (input.value = now), tell()) };
}

function menu(label, options, pick) {
  const id = freshId();
  const rows = options.map((value) => make("option", { value }, String(value)));
  const select = make("select", { id, onchange: () => pick(Number(select.value)) }, ...rows);
  const node = make("div", { class: "pt-menu" }, make("label", { for: id }, label), select);
  return { node, set: (value) => (select.value = value) };
}
