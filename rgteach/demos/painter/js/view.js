// One view of the painter: its parts, put together and kept up to date, at most once a frame.

const KEPT_ROUNDS = 1000;
const TOLD_AFTER_MS = 250; // a screen reader hears where a cursor came to rest, not all it passed

function newView(studio, el) {
  const view = { studio, dirty: new Set(), landed: [], frame: 0, timer: 0, rested: 0 };
  view.root = make("div", { class: "rgteach-painter", lang: studio.lang });
  view.stage = newStage(studio);
  view.matrices = REGIONS.map((name) => newMatrix(studio, name));
  view.numbers = newNumbers(studio);
  view.parts = [newTools(studio), newViewing(studio), newSettings(studio), newLegend(studio)];
  assemble(view);
  el.append(view.root);
  keepKeys(view.root);
  listenToKeys(view.stage, view.root);
  const stopPointer = listenToPointer(view.stage);
  const showKept = hidesKept(studio.model);
  view.changed = (what) => {
    for (const one of what) one.since ? view.landed.push(one.since) : view.dirty.add(one);
    view.frame ||= requestAnimationFrame(() => draw(view));
  };
  view.tell = (text) => {
    clearTimeout(view.timer);
    view.timer = setTimeout(() => (view.live.textContent = text), TOLD_AFTER_MS);
  };
  const resized = () => measure(view);
  const sizes = new ResizeObserver(resized);
  window.addEventListener("resize", resized);
  sizes.observe(view.root);
  studio.views.add(view);
  view.changed(["slice", "result", "tools", "hover", "trouble"]);
  return () => {
    studio.views.delete(view);
    stopPointer();
    showKept();
    sizes.disconnect();
    window.removeEventListener("resize", resized);
    cancelAnimationFrame(view.frame);
    clearTimeout(view.timer);
    view.root.remove();
  };
}

function assemble(view) {
  const { studio, root, stage, matrices, numbers, parts } = view;
  const { say, model } = studio;
  const [tools, viewing, settings, legend] = parts;
  view.live = make("p", { class: "pt-unseen", "aria-live": "polite" });
  view.trouble = make("p", { class: "pt-trouble pt-whole", role: "alert", hidden: true });
  view.under = make("p", { class: "pt-under", "aria-hidden": "true" });
  view.pairTold = make("p", { class: "pt-under", "aria-hidden": "true" });
  view.empty = make("p", { class: "pt-hint" }, say("begin"));
  const full = button(say("full"), "full", () => fullScreen(root), { "aria-pressed": "false" });
  view.full = full;
  const head = make("div", { class: "pt-head" },
    make("p", { class: "pt-title" }, make("b", {}, model.get("title")), make("span", {}, model.get("source"))), full);
  view.column = make("div", { class: "pt-column" }, stage.node, view.under, viewing.node);
  view.both = make("div", { class: "pt-matrices" }, ...matrices.map((one) => one.node));
  const panel = make("div", { class: "pt-panel" }, view.both, view.pairTold, legend.node, settings.node, numbers.node);
  const help = make("details", { class: "pt-help" },
    make("summary", {}, say("keys")), make("p", {}, say("stage-keys")), make("p", {}, say("matrix-keys")));
  view.work = make("div", { class: "pt-work" }, tools.node, make("div", { class: "pt-body" }, view.column, panel), help);
  root.append(make("div", { class: "pt-frame", role: "group", "aria-label": model.get("title") },
    head, view.trouble, view.work, view.live));
}

function fullScreen(root) {
  if (document.fullscreenElement) document.exitFullscreen();
  else root.requestFullscreen?.();
}

function measure(view) {
  const height = window.innerHeight * (document.fullscreenElement === view.root ? 0.66 : 0.62);
  const room = { width: Math.max(200, view.column.clientWidth), height: Math.max(260, Math.min(height, 1200)) };
  view.full.setAttribute("aria-pressed", document.fullscreenElement === view.root);
  const { room: was } = view.stage;
  if (room.width === was.width && room.height === was.height && view.measured) return;
  view.stage.room = room;
  view.measured = true;
  view.changed(["slice", "result"]);
}

function draw(view) {
  const { studio, dirty, stage } = view;
  view.frame = 0;
  const has = (...what) => what.some((one) => dirty.has(one));
  showTrouble(view);
  if (has("tools") || (has("result") && !studio.stroke)) for (const part of view.parts) part.show();
  else if (has("result")) view.parts.at(-1).show();
  if (has("slice", "result")) drawSlice(stage);
  if (has("slice", "result", "hover")) drawOver(stage);
  if (has("result", "tools")) drawMatrices(view);
  if (has("result", "hover", "tools")) for (const matrix of view.matrices) drawLit(matrix);
  if (has("result", "tools")) drawNumbers(view.numbers);
  if (has("result", "hover", "slice")) tellBelow(view);
  if (has("result")) summarise(view);
  dirty.clear();
  publish(view);
}

function drawMatrices(view) {
  const { studio, both, matrices } = view;
  both.classList.toggle("pt-compared", studio.compare);
  for (const matrix of matrices) {
    matrix.node.hidden = !studio.compare && matrix.name !== studio.active;
    if (!matrix.node.hidden) drawMatrix(matrix);
  }
}

function showTrouble({ studio, trouble, work, stage }) {
  const text = studio.silent ? studio.say("silent") : studio.trouble;
  if (trouble.textContent !== text) trouble.textContent = text;
  trouble.hidden = !text;
  const seen = studio.slices.size > 0;
  work.hidden = !seen && Boolean(text);
  if (!work.hidden && (!studio.stroke || !stage.board.ariaLabel)) stage.board.ariaLabel = stageInWords(studio);
}

function stageInWords(studio) {
  const { n } = studio.regions[studio.active];
  const facts = { z: studio.z, region: studio.active.toUpperCase(), n: written(studio, n, 9) };
  return studio.say("stage-label", facts);
}

// The lines for the room: what is pointed at, or the cell that is lit
function tellBelow({ studio, under, pairTold }) {
  const shown = studio.hover ?? studio.pin;
  const at = studio.cursor ?? (shown?.kind === "cell" ? null : studio.over);
  const begun = studio.regions[studio.active].n || studio.stroke;
  const below = at ? voxelInWords(studio, at.y, at.x) : begun ? studio.say("point") : studio.say("begin");
  write(under, below);
  write(pairTold, shown?.kind === "cell" ? cellInWords(studio, shown) : studio.say("point-matrix"));
}

// After a stroke or an order, once, what came of it
function summarise(view) {
  const { studio } = view;
  if (!studio.summary || studio.stroke || studio.link.busy()) return;
  studio.summary = false;
  const region = studio.regions[studio.active];
  const facts = { region: studio.active.toUpperCase(), n: written(studio, region.n, 9), area: written(studio, region.area) };
  const [first] = region.features;
  const more = first ? studio.say("told-feature", { feature: first.label, value: first.value }) : region.trouble;
  studio.tell(`${studio.say("told", facts)} ${more}`);
}

// For benchmarks and tests: what is shown, and how long the last round trips took
function publish(view) {
  const { studio, root, landed, stage } = view;
  const { a, b } = studio.regions;
  const found = stage.lit ?? { pairs: [], cells: [] };
  const busy = studio.link.busy() || Boolean(studio.stroke);
  const seen = {
    z: studio.z, nA: a.n, nB: b.n, pairs: found.pairs.length / 4, cells: found.cells.length / 2,
    busy, told: a.stale || b.stale ? "" : "yes",
  };
  const now = performance.now();
  for (const since of landed.splice(0)) {
    studio.rounds.push(now - since);
  }
  if (studio.rounds.length > KEPT_ROUNDS) studio.rounds.splice(0, studio.rounds.length - KEPT_ROUNDS);
  if (!busy) seen.rounds = studio.rounds.map((ms) => ms.toFixed(1)).join(" ");
  for (const [name, value] of Object.entries(seen)) {
    if (root.dataset[name] !== String(value)) root.dataset[name] = value;
  }
}
