// Mouse, pen and touch on the slice.

const ERASER = 32; // the other end of a pen, among the buttons of a pointer event

function listenToPointer(stage) {
  const { board, studio } = stage;
  const hand = { draws: null, windows: null };
  const when = {
    pointerdown: (event) => press(stage, hand, event),
    pointermove: (event) => move(stage, hand, event),
    pointerup: (event) => release(stage, hand, event),
    pointercancel: (event) => release(stage, hand, event),
    lostpointercapture: (event) => release(stage, hand, event),
    pointerleave: () => leave(stage, hand),
    contextmenu: (event) => (event.preventDefault(), event.stopPropagation()), // JupyterLab has a menu, too
  };
  for (const [name, act] of Object.entries(when)) board.addEventListener(name, act);
  return () => {
    if (hand.draws !== null) endStroke(studio);
  };
}

function press(stage, hand, event) {
  const { studio } = stage;
  if (hand.draws !== null || hand.windows || !studio.slices.has(studio.z)) return; // a second finger
  studio.cursor = null;
  const place = placeOf(stage, event);
  if (event.button === 2 || (event.button === 0 && event.ctrlKey)) {
    hand.windows = { id: event.pointerId, x: event.clientX, y: event.clientY, from: [...studio.window] };
  } else if (event.button === 0 || event.buttons & ERASER) {
    if (studio.tool === "look") return lookAt(stage, place, { pinned: true });
    hand.draws = event.pointerId;
    const on = studio.tool === "paint" && !(event.buttons & ERASER) ? 1 : 0;
    beginStroke(studio, place, on, event.timeStamp);
  } else return;
  stage.board.setPointerCapture(event.pointerId);
}

function move(stage, hand, event) {
  const { studio } = stage;
  if (hand.windows?.id === event.pointerId) return pullWindow(stage, hand.windows, event);
  const place = placeOf(stage, event);
  stage.ring = place;
  if (hand.draws !== event.pointerId) return lookAt(stage, place);
  if (!studio.stroke) return; // ended by a key or another slice
  const steps = event.getCoalescedEvents?.() ?? [];
  const places = (steps.length ? steps : [event]).map((step) => placeOf(stage, step));
  extendStroke(studio, places, (steps[0] ?? event).timeStamp);
}

function release(stage, hand, event) {
  if (hand.windows?.id === event.pointerId) {
    hand.windows = null;
    stage.studio.model.save_changes();
  }
  if (hand.draws !== event.pointerId) return;
  hand.draws = null;
  endStroke(stage.studio);
}

function leave(stage, hand) {
  stage.ring = null;
  if (hand.draws === null && stage.studio.hover?.kind === "voxel") stage.studio.hover = null;
  stage.studio.changed("hover");
}

// Right button: to the right wider, upwards brighter (the middle of the window goes down)
function pullWindow(stage, grip, event) {
  const { studio, board } = stage;
  const [low, high] = studio.model.get("span");
  const step = (high - low) / board.clientWidth;
  const [dark, bright] = grip.from;
  const middle = (dark + bright) / 2 + (event.clientY - grip.y) * step;
  const wide = Math.max(bright - dark + (event.clientX - grip.x) * step, (high - low) / 500);
  setWindow(studio, middle, wide);
}

function setWindow(studio, middle, wide) {
  studio.window = [middle - wide / 2, middle + wide / 2];
  studio.model.set("window", studio.window);
  studio.changed("slice", "tools");
}

// The voxel at a place and its pairs, in the region worked on or else in the other one
function lookAt(stage, { y, x }, { pinned = false } = {}) {
  const { studio } = stage;
  const [row, column] = [Math.round(y), Math.round(x)];
  const hit = [studio.active, ...REGIONS].find((name) => levelAt(studio.regions[name], row, column));
  const found = hit ? { kind: "voxel", region: hit, y: row, x: column } : null;
  if (pinned) studio.pin = found;
  studio.hover = found;
  studio.over = inGrid(studio, row, column) ? { y: row, x: column } : null;
  studio.changed("hover");
}

function inGrid({ grid }, y, x) {
  return y >= 0 && y < grid.ny && x >= 0 && x < grid.nx;
}
