// The slice: its pixels on one canvas, one voxel each, and everything drawn over them on a second one.

const ZOOM_MARGIN = 6; // voxels around the regions
const SMALLEST_ZOOM = 24;

function newStage(studio) {
  const picture = make("canvas", { class: "pt-picture", "aria-hidden": "true" });
  const over = make("canvas", { class: "pt-over", "aria-hidden": "true" });
  const bar = make("span", { class: "pt-scale", "aria-hidden": "true" });
  const sides = sideLabels(studio.model.get("sides"));
  const described = freshId();
  const board = make(
    "div",
    { class: "pt-board", tabindex: "0", role: "application", "aria-describedby": described },
    picture, over, ...sides, bar,
  );
  const keys = make("p", { class: "pt-unseen", id: described }, studio.say("stage-keys"));
  const stage = { studio, picture, over, bar, board, node: make("div", { class: "pt-stage" }, board, keys) };
  Object.assign(stage, { box: null, gray: null, ring: null, room: { width: 600, height: 600 } });
  return stage;
}

function sideLabels(sides) {
  return ["left", "right", "top", "bottom"]
    .filter((side) => sides[side])
    .map((side) => make("span", { class: `pt-side pt-${side}`, "aria-hidden": "true" }, sides[side]));
}

// Rows and columns around what is painted; null where nothing is
function boxAround(studio) {
  const { ny, nx } = studio.grid;
  const boxes = REGIONS.map((name) => studio.regions[name]).filter((r) => r.n && !r.stale).map((r) => r.box);
  if (!boxes.length) return null;
  const ends = [0, 1, 2, 3].map((k) => Math[k % 2 ? "max" : "min"](...boxes.map((box) => box[k])));
  return [...widened(ends[0], ends[1], ny), ...widened(ends[2], ends[3], nx)];
}

function widened(from, to, end) {
  const margin = Math.max(ZOOM_MARGIN, Math.ceil((SMALLEST_ZOOM - (to - from)) / 2));
  return [Math.max(0, from - margin), Math.min(end, to + margin)];
}

// Size on the screen: true in millimetres, as large as there is room
function fit(stage) {
  const { grid } = stage.studio;
  stage.box = stage.studio.zoomBox ?? [0, grid.ny, 0, grid.nx];
  const [top, bottom, left, right] = stage.box;
  const wide = (right - left) * grid.sx;
  const high = (bottom - top) * grid.sy;
  const scale = Math.min(stage.room.width / wide, stage.room.height / high); // CSS pixels a mm
  const [width, height] = [wide * scale, high * scale];
  Object.assign(stage.board.style, { width: `${width}px`, height: `${height}px` });
  sized(stage.picture, right - left, bottom - top);
  const dense = window.devicePixelRatio || 1;
  sized(stage.over, Math.round(width * dense), Math.round(height * dense));
  stage.cell = { x: stage.over.width / (right - left), y: stage.over.height / (bottom - top), dense };
  scaleBar(stage, scale, wide);
}

function sized(canvas, width, height) {
  if (canvas.width !== width) canvas.width = width;
  if (canvas.height !== height) canvas.height = height;
}

function scaleBar({ bar, studio }, scale, wide) {
  const mm = [1, 2, 5, 10, 20, 50, 100].filter((one) => one <= wide / 4).at(-1) ?? 1;
  bar.style.width = `${mm * scale}px`;
  bar.textContent = studio.say("millimetres", { n: mm });
}

function drawSlice(stage) {
  const { studio, picture } = stage;
  const slice = studio.slices.get(studio.z);
  fit(stage);
  if (!slice) return;
  const [top, bottom, left, right] = stage.box;
  const key = [studio.window, slice.low, slice.high].join();
  if (stage.gray?.key !== key) stage.gray = { key, table: grayTable(slice, studio.window) };
  const canvas = picture.getContext("2d");
  const image = canvas.createImageData(right - left, bottom - top);
  const pixels = new Int32Array(image.data.buffer);
  const { nx } = studio.grid;
  for (let y = top, k = 0; y < bottom; y++) {
    for (let x = left; x < right; x++, k++) pixels[k] = stage.gray.table[slice.raw[y * nx + x]];
  }
  if (studio.quantised) for (const name of inOrder(studio)) colourLevels(stage, pixels, studio.regions[name]);
  canvas.putImageData(image, 0, 0);
}

// The region worked on lies on top
function inOrder(studio) {
  return [...REGIONS].sort((one, other) => (one === studio.active) - (other === studio.active));
}

function colourLevels(stage, pixels, region) {
  if (!region.levels || region.stale) return;
  const [top, bottom, left, right] = stage.box;
  const [y0, , x0] = region.box;
  const table = levelTable(region.nLevels);
  const { nx } = stage.studio.grid;
  for (let y = 0; y < region.height; y++) {
    for (let x = 0; x < region.width; x++) {
      const level = region.levels[y * region.width + x];
      const [row, column] = [y + y0, x + x0];
      // what was erased since loses its colour at once
      if (!level || !region.mask[row * nx + column]) continue;
      if (row < top || row >= bottom || column < left || column >= right) continue;
      pixels[(row - top) * (right - left) + column - left] = table[level];
    }
  }
}

// Where a voxel's corner lies on the canvas above
function corner(stage, y, x) {
  const [top, , left] = stage.box;
  return [(x - left) * stage.cell.x, (y - top) * stage.cell.y];
}

// The voxel (as a fraction: whole numbers are middles) under a pointer
function placeOf(stage, event) {
  const [top, bottom, left, right] = stage.box;
  const frame = stage.picture.getBoundingClientRect();
  return {
    y: top + ((event.clientY - frame.top) / frame.height) * (bottom - top) - 0.5,
    x: left + ((event.clientX - frame.left) / frame.width) * (right - left) - 0.5,
  };
}
