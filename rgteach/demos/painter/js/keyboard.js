// The slice by keyboard alone, and the keys that JupyterLab must not take for its own.

const LARGEST = 41;
const STEPS = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };
const FAR = 10; // voxels a step with Shift

// JupyterLab would cut, copy and run cells by the letters that are pressed here; its own combinations stay
function keepKeys(root) {
  root.addEventListener("keydown", (event) => {
    const combined = event.ctrlKey || event.metaKey || event.altKey;
    const leaves = event.key === "Tab" || (event.key === "Enter" && event.shiftKey);
    if (!combined && !leaves) event.stopPropagation();
  });
}

function listenToKeys(stage, root) {
  const held = new Set();
  const { board, studio } = stage;
  root.addEventListener("keydown", (event) => undoKeys(studio, event));
  board.addEventListener("keydown", (event) => {
    if (pressed(stage, held, event)) event.preventDefault();
  });
  board.addEventListener("keyup", (event) => letGo(studio, held, event.key));
  board.addEventListener("blur", () => {
    letGo(studio, held);
    studio.cursor = null;
    studio.changed("hover");
  });
}

function undoKeys(studio, event) {
  if (!(event.ctrlKey || event.metaKey) || event.altKey) return;
  const key = event.key.toLowerCase();
  const back = key === "z" && !event.shiftKey;
  const again = key === "y" || (key === "z" && event.shiftKey);
  if (!back && !again) return;
  event.preventDefault();
  event.stopPropagation();
  if (back && (studio.undo || studio.stroke)) order(studio, { kind: "undo" });
  if (again && studio.redo) order(studio, { kind: "redo" });
}

// Whether the key was ours
function pressed(stage, held, event) {
  const { studio } = stage;
  if (event.ctrlKey || event.metaKey || event.altKey) return false;
  const { key } = event;
  if (STEPS[key]) step(stage, STEPS[key], event.shiftKey ? FAR : 1, event.timeStamp);
  else if (key === " " || key === "Enter") drawByKey(stage, held, event, studio.tool === "erase" ? 0 : 1);
  else if (key === "e" || key === "E") drawByKey(stage, held, event, 0);
  else if (key === "[" || key === "]") resize(studio, key === "]" ? 1 : -1);
  else if (key === "PageUp" || key === "PageDown") goTo(studio, studio.z + (key === "PageUp" ? 1 : -1));
  else if (key === "Escape") turn(studio, { pin: null, hover: null, cursor: null });
  else return false;
  return true;
}

function cursorOf(stage) {
  const [top, bottom, left, right] = stage.box;
  const { active, regions } = stage.studio;
  const { n, stale, box } = regions[active];
  const middle = n && !stale ? box : [top, bottom, left, right];
  return { y: Math.floor((middle[0] + middle[1]) / 2), x: Math.floor((middle[2] + middle[3]) / 2) };
}

function step(stage, [dy, dx], far, since) {
  const { studio } = stage;
  const [top, bottom, left, right] = stage.box;
  const was = studio.cursor;
  const from = was ?? cursorOf(stage);
  const go = was ? far : 0; // the first press shows where the cursor is
  studio.cursor = {
    y: Math.min(Math.max(from.y + go * dy, top), bottom - 1),
    x: Math.min(Math.max(from.x + go * dx, left), right - 1),
  };
  if (studio.stroke) extendStroke(studio, [studio.cursor], since);
  else lookAt(stage, studio.cursor);
  studio.tell(voxelInWords(studio, studio.cursor.y, studio.cursor.x));
}

// Held, the key draws a line along the arrow keys; the stroke ends with the key
function drawByKey(stage, held, event, on) {
  const { studio } = stage;
  if (event.repeat || held.size || !studio.slices.has(studio.z)) return;
  studio.cursor ??= cursorOf(stage);
  if (studio.tool === "look" && event.key !== "e" && event.key !== "E") {
    lookAt(stage, studio.cursor, { pinned: true });
    return;
  }
  held.add(event.key.toLowerCase());
  beginStroke(studio, studio.cursor, on, event.timeStamp);
}

function letGo(studio, held, key) {
  if (key !== undefined && !held.has(key.toLowerCase())) return;
  const drew = held.size;
  held.clear();
  if (drew) endStroke(studio);
}

function resize(studio, by) {
  turn(studio, { size: Math.min(Math.max(studio.size + by, 1), LARGEST) });
  studio.tell(studio.say("size-told", { n: studio.size }));
}

// A voxel in words, for the line below the slice and for a screen reader
function voxelInWords(studio, y, x) {
  const slice = studio.slices.get(studio.z);
  if (!slice || !inGrid(studio, y, x)) return "";
  const { raw, low, high } = slice;
  const value = low + (raw[y * studio.grid.nx + x] / 65535) * (high - low);
  const unit = studio.model.get("unit");
  const place = { y, x, value: written(studio, value) + (unit ? ` ${unit}` : "") };
  const hit = [studio.active, ...REGIONS].find((name) => levelAt(studio.regions[name], y, x));
  if (!hit) return studio.say("voxel-outside", place);
  const { own, pairs } = pairsOfVoxel(studio.regions[hit], studio.distance, y, x);
  const more = { region: hit.toUpperCase(), first: own, neighbours: pairs.length / 4 };
  return studio.say("voxel-inside", { ...place, ...more });
}
