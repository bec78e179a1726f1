// The tools above the slice, the sliders below it, the settings beside the matrix.

function newTools(studio) {
  const { say, model } = studio;
  const tools = ["paint", "erase", "look"].map((value) => ({ value, sign: value, label: say(value) }));
  const regions = REGIONS.map((value) => ({
    value, label: say("region", { region: value.toUpperCase() }), kind: `pt-sign-${value}`,
  }));
  const tool = choice(say("tool"), tools, (value) => turn(studio, { tool: value }));
  const region = choice(say("region-choice"), regions, (value) => switchTo(studio, value));
  const size = slider(say("size"), {
    min: 1, max: LARGEST, told: (n) => say("size-told", { n }), moved: (value) => turn(studio, { size: value }),
  });
  const undo = button(say("undo"), "undo", () => order(studio, { kind: "undo" }));
  const redo = button(say("redo"), "redo", () => order(studio, { kind: "redo" }));
  const clear = button(say("clear"), "clear", () => order(studio, { kind: "clear", region: studio.active }));
  const copy = button("", "copy", () => order(studio, { kind: "copy", from: studio.active, to: otherOf(studio) }));
  const compare = button(say("compare"), "compare", () => turn(studio, { compare: !studio.compare }));
  const presets = model.get("presets").map(({ name, label }) =>
    button(label, "", () => order(studio, { kind: "preset", region: studio.active, name })),
  );
  const start = make("div", { class: "pt-row", role: "group", "aria-label": say("presets") },
    make("span", { class: "pt-lead", "aria-hidden": "true" }, say("presets")), ...presets);
  const top = make("div", { class: "pt-row" }, tool.node, size.node, region.node, undo, redo, clear, copy, compare);
  const show = () => {
    tool.set(studio.tool);
    region.set(studio.active);
    size.set(studio.size);
    undo.disabled = !studio.undo && !studio.stroke;
    redo.disabled = !studio.redo;
    const names = { first: studio.active.toUpperCase(), second: otherOf(studio).toUpperCase() };
    copy.lastChild.textContent = say("copy", names);
    compare.setAttribute("aria-pressed", studio.compare);
  };
  return { node: make("div", { class: "pt-tools" }, top, ...(presets.length ? [start] : [])), show };
}

function otherOf(studio) {
  return studio.active === "a" ? "b" : "a";
}

function switchTo(studio, region) {
  endStroke(studio);
  turn(studio, { active: region, hover: null, pin: null });
}

function newViewing(studio) {
  const { say, grid, model } = studio;
  const [low, high] = model.get("span");
  const span = Math.max(high - low, 1e-9);
  const unit = model.get("unit");
  const told = (value) => `${written(studio, value, 3)}${unit ? ` ${unit}` : ""}`;
  const middle = () => (studio.window[0] + studio.window[1]) / 2;
  const wide = () => studio.window[1] - studio.window[0];
  const saved = () => model.save_changes();
  const z = slider(say("slice"), {
    min: 0, max: Math.max(grid.nz - 1, 0), moved: (value) => goTo(studio, value),
    told: (value) => say("slice-told", { z: value, n: grid.nz - 1 }),
  });
  const centre = slider(say("window-middle"), {
    min: low, max: high, step: span / 200, told, moved: (value) => setWindow(studio, value, wide()), settled: saved,
  });
  const width = slider(say("window-width"), {
    min: span / 200, max: span, step: span / 200, told,
    moved: (value) => setWindow(studio, middle(), value), settled: saved,
  });
  const reset = button(say("window-reset"), "", () => {
    const [dark, bright] = studio.firstWindow;
    setWindow(studio, (dark + bright) / 2, bright - dark);
    saved();
  });
  const quantised = button(say("quantised"), "levels", () => turn(studio, { quantised: !studio.quantised }));
  const zoom = button(say("zoom"), "zoom", () =>
    turn(studio, { zoomBox: studio.zoomBox ? null : boxAround(studio) }));
  const rows = [...(grid.nz > 1 ? [z.node] : []), centre.node, width.node];
  const show = () => {
    z.set(studio.z);
    centre.set(middle());
    width.set(wide());
    quantised.setAttribute("aria-pressed", studio.quantised);
    zoom.setAttribute("aria-pressed", Boolean(studio.zoomBox));
    zoom.disabled = !studio.zoomBox && !boxAround(studio);
  };
  const row = make("div", { class: "pt-row" }, quantised, zoom, reset);
  return { node: make("div", { class: "pt-viewing" }, row, ...rows), show };
}

function newSettings(studio) {
  const levels = menu(studio.say("levels"), [8, 16, 32, 64], (value) => choose(studio, "n_levels", value));
  const distance = menu(studio.say("distance"), [1, 2, 3, 4, 5], (value) => choose(studio, "distance", value));
  const show = () => {
    levels.set(studio.n_levels);
    distance.set(studio.distance);
  };
  return { node: make("div", { class: "pt-row pt-settings" }, levels.node, distance.node), show };
}

// What the colours of the matrix mean, in words and with both ends
function newLegend(studio) {
  const top = make("span", { class: "pt-value" });
  const strip = make("span", { class: "pt-legend-strip" });
  strip.style.background = gradient(CIVIDIS.map((_, k) => colourAt(CIVIDIS, k / (CIVIDIS.length - 1))), "to right");
  const scale = make("div", { class: "pt-legend-scale", "aria-hidden": "true" }, make("span", {}, "0"), strip, top);
  const node = make("div", { class: "pt-legend" }, scale, make("p", {}, studio.say("legend")));
  const show = () => {
    const share = 100 * brightest(studio);
    write(top, studio.say("percent", { share: written(studio, share, 2) }));
  };
  return { node, show };
}
