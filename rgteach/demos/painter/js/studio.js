// What is painted and shown, one for each model; every view of the model shows the same.

const REGIONS = ["a", "b"];
const FOLLOWED = ["z", "n_levels", "distance", "window"]; // settings that Python may change, too
const KEPT_SLICES = 64; // 6 MB at 233 × 197

function newRegion(voxels) {
  return {
    mask: new Uint8Array(voxels), known: false, // `known`: the kernel has said what is painted on this slice
    levels: null, box: [0, 0, 0, 0], height: 0, width: 0,
    matrix: null, n: 0, area: 0, features: [], trouble: "", pairs: 0, stale: true,
  };
}

function newStudio(model) {
  const [nz, ny, nx] = model.get("shape");
  const [, sy, sx] = model.get("spacing");
  const studio = {
    model,
    words: model.get("words"),
    lang: model.get("lang"),
    grid: { nz, ny, nx, sy, sx, tall: sy / sx },
    z: model.get("z"),
    slices: new Map(),
    window: [...model.get("window")],
    firstWindow: [...model.get("window")],
    n_levels: model.get("n_levels"),
    distance: model.get("distance"),
    regions: { a: newRegion(ny * nx), b: newRegion(ny * nx) },
    active: "a", tool: "paint", size: 7, quantised: true, compare: false, zoomBox: null,
    undo: false, redo: false, trouble: "", silent: false,
    hover: null, pin: null, cursor: null, stroke: null, told: "",
    rounds: [], // round trips in ms, the last ones
    views: new Set(),
  };
  studio.changed = (...what) => studio.views.forEach((view) => view.changed(what));
  studio.tell = (text) => studio.views.forEach((view) => view.tell(text));
  studio.say = (key, values = {}) =>
    (studio.words[key] ?? key).replace(/\{(\w+)\}/g, (blank, name) => values[name] ?? blank);
  studio.link = newLink(model, {
    lost: () => quiet(studio, true),
    found: () => quiet(studio, false),
  });
  return studio;
}

function quiet(studio, silent) {
  studio.silent = silent;
  studio.changed("trouble");
}

// A number as it is written in the language of the page, four digits
function written(studio, value, digits = 4) {
  studio.formats ??= new Map();
  if (!studio.formats.has(digits)) {
    studio.formats.set(digits, new Intl.NumberFormat(studio.lang, { maximumSignificantDigits: digits }));
  }
  return studio.formats.get(digits).format(value);
}

function openStudio(studio) {
  const { model } = studio;
  const hear = (answer, buffers) => heard(studio, answer, buffers ?? []);
  const follow = () => followKernel(studio);
  model.on("msg:custom", hear);
  for (const name of FOLLOWED) model.on(`change:${name}`, follow);
  studio.link.send({ kind: "open" });
  return () => {
    model.off("msg:custom", hear);
    for (const name of FOLLOWED) model.off(`change:${name}`, follow);
    studio.link.close();
  };
}

// A setting changed from Python; while one of ours is on its way, ours is the newer one
function followKernel(studio) {
  const { model, link } = studio;
  studio.window = [...model.get("window")];
  if (!link.sets("z")) goTo(studio, model.get("z"), { ask: false });
  for (const name of ["n_levels", "distance"]) if (!link.sets(name)) studio[name] = model.get(name);
  studio.changed("slice", "result", "tools");
}

// Undo and redo as the kernel has them, unless a stroke of ours is not there yet
function hearHistory(studio, { undo, redo }) {
  if (undo === undefined || studio.stroke || REGIONS.some((name) => studio.link.waiting(name).length)) return;
  Object.assign(studio, { undo, redo });
  studio.changed("tools");
}

const HEAR = { slice: hearSlice, mask: hearMask, result: hearResult, trouble: hearTrouble };

function heard(studio, answer, buffers) {
  const bytes = buffers.reduce((sum, buffer) => sum + buffer.byteLength, 0);
  const landed = studio.link.heard(answer, bytes);
  HEAR[answer.kind]?.(studio, answer, buffers);
  hearHistory(studio, answer);
  if (answer.kind === "result") {
    for (const { since } of landed) if (since) studio.changed({ since });
  }
  studio.link.pump();
}

function hearSlice(studio, answer, [buffer]) {
  const values = { raw: shortsOf(buffer), low: answer.low, high: answer.high };
  studio.slices.delete(answer.z);
  studio.slices.set(answer.z, values);
  if (studio.slices.size > KEPT_SLICES) studio.slices.delete(studio.slices.keys().next().value);
  // the kernel went there by itself: Python said so, or a stroke was taken back there
  if (answer.z !== studio.z && !studio.link.sets("z")) goTo(studio, answer.z, { ask: false });
  studio.changed("slice");
}

function hearMask(studio, answer, [buffer]) {
  if (answer.z !== studio.z) return;
  const { grid } = studio;
  const region = studio.regions[answer.region];
  const mask = unpack(buffer, grid.ny * grid.nx);
  // what was painted since is not in there yet
  for (const message of studio.link.waiting(answer.region)) {
    replay(mask, grid, [message.stroke]);
    message.mask = mask.slice();
  }
  if (studio.stroke?.region === answer.region) replay(mask, grid, [studio.stroke]);
  Object.assign(region, { mask, known: true });
  studio.changed("slice");
}

function hearResult(studio, answer, [levels, matrix]) {
  if (answer.z !== studio.z) return;
  const region = studio.regions[answer.region];
  const [top, bottom, left, right] = answer.box;
  Object.assign(region, {
    n: answer.n, area: answer.area_mm2, features: answer.features, trouble: answer.trouble, box: answer.box,
    height: bottom - top, width: right - left, stale: false,
    levels: bytesOf(levels), matrix: floatsOf(matrix), nLevels: answer.n_levels, distance: answer.distance,
  });
  region.pairs = countPairs(region, answer.distance);
  studio.trouble = "";
  studio.changed("result", "trouble");
}

function hearTrouble(studio, answer) {
  studio.trouble = answer.text;
  studio.changed("trouble");
}

// Another slice; what is painted there is not known before the kernel has answered
function goTo(studio, z, { ask = true } = {}) {
  const { nz, ny, nx } = studio.grid;
  const place = Math.min(Math.max(z, 0), nz - 1);
  if (place === studio.z) return;
  endStroke(studio);
  Object.assign(studio, { z: place, hover: null, pin: null });
  for (const name of REGIONS) {
    const { matrix, features, n, area, nLevels, distance, trouble } = studio.regions[name];
    studio.regions[name] = { ...newRegion(ny * nx), matrix, features, n, area, nLevels, distance, trouble };
  }
  if (ask) studio.link.send({ kind: "set", z: place, have: studio.slices.has(place) });
  studio.changed("slice", "result", "tools", "hover");
}

function choose(studio, setting, value) {
  studio[setting] = value;
  studio.link.send({ kind: "set", [setting]: value });
  studio.changed("tools");
}

// Settings of the page alone
function turn(studio, settings) {
  Object.assign(studio, settings);
  studio.changed("tools", "slice", "result", "hover");
}

function order(studio, message) {
  endStroke(studio);
  Object.assign(studio, { hover: null, pin: null });
  studio.summary = true; // told when the result is here
  studio.link.send({ ...message, since: 0 });
  studio.changed("hover");
}
