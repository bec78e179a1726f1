// The matrix of pairs as a heat map, with the colours of the levels along its edges.

function newMatrix(studio, name) {
  const { say } = studio;
  const map = make("canvas", { class: "pt-map", "aria-hidden": "true" });
  const over = make("canvas", { class: "pt-map-over", "aria-hidden": "true", hidden: true });
  const described = freshId();
  const board = make(
    "div",
    { class: "pt-map-board", tabindex: "0", role: "application", "aria-describedby": described },
    map, over,
  );
  const ends = [make("span", {}, "1"), make("span", {}, "")];
  const sideEnds = [make("span", {}, "1"), make("span", {}, "")];
  const across = make("div", { class: "pt-across" }, ends[0], make("span", {}, say("level-end")), ends[1]);
  const down = make("div", { class: "pt-down" }, sideEnds[0], make("span", {}, say("level-start")), sideEnds[1]);
  const strips = [make("div", { class: "pt-strip pt-strip-top" }), make("div", { class: "pt-strip pt-strip-side" })];
  strips[0].style.background = gradient(VIRIDIS, "to right");
  strips[1].style.background = gradient(VIRIDIS, "to bottom");
  const trouble = make("p", { class: "pt-trouble" });
  const title = make("p", { class: `pt-matrix-title pt-sign-${name}` }, say("region", { region: name.toUpperCase() }));
  const counts = make("span", { class: "pt-counts" });
  title.append(counts);
  const grid = make("div", { class: "pt-matrix-grid" }, across, down, ...strips, board);
  const keys = make("p", { class: "pt-unseen", id: described }, say("matrix-keys"));
  const node = make("div", { class: "pt-matrix" }, title, trouble, grid, keys);
  const matrix = { studio, name, map, over, board, node, grid, trouble, counts, ends: [ends[1], sideEnds[1]], cursor: null };
  listenToMatrix(matrix);
  return matrix;
}

// The share of the brightest colour: of both regions together where they are compared
function brightest(studio) {
  const shown = studio.compare ? REGIONS : [studio.active];
  return Math.max(...shown.map((name) => highest(studio.regions[name].matrix)), 1e-9);
}

function highest(matrix) {
  let top = 0;
  for (const share of matrix ?? []) if (share > top) top = share;
  return top;
}

function drawMatrix(matrix) {
  const { studio, name, node, grid, trouble, counts, ends } = matrix;
  const region = studio.regions[name];
  node.classList.toggle("pt-stale", region.stale);
  write(trouble, region.trouble);
  trouble.hidden = !region.trouble;
  grid.hidden = Boolean(region.trouble) || !region.matrix;
  const facts = { n: written(studio, region.n, 9), area: written(studio, region.area), count: written(studio, region.pairs, 9) };
  write(counts, region.n ? studio.say("counts", facts) : "");
  if (grid.hidden) return;
  const n = region.nLevels;
  for (const end of ends) write(end, String(n));
  const told = studio.say("matrix-label", { region: name.toUpperCase(), levels: n, count: facts.count });
  if (!studio.stroke || !matrix.board.ariaLabel) matrix.board.ariaLabel = told;
  heat(matrix, region, n);
}

function heat(matrix, region, n) {
  const { map, studio } = matrix;
  sized(map, n, n);
  const canvas = map.getContext("2d");
  const image = canvas.createImageData(n, n);
  const pixels = new Int32Array(image.data.buffer);
  const top = brightest(studio);
  for (let k = 0; k < n * n; k++) pixels[k] = SHARES[Math.round(255 * Math.sqrt(region.matrix[k] / top))];
  canvas.putImageData(image, 0, 0);
}

const SHARES = tableOf(CIVIDIS);

// The lit cells on a canvas of their own, the others darker
function drawLit(matrix) {
  const { over, board, studio, name } = matrix;
  const { cells, region, shown: what } = lit(studio);
  const shown = region === name && cells.length > 0 && !matrix.grid.hidden;
  over.hidden = !shown;
  if (!shown) return;
  const dense = window.devicePixelRatio || 1;
  const side = Math.round((board.clientWidth || 300) * dense);
  const cell = side / studio.regions[name].nLevels;
  sized(over, side, side);
  const pen = over.getContext("2d");
  pen.clearRect(0, 0, side, side);
  const [path, dark] = [new Path2D(), new Path2D()];
  dark.rect(0, 0, side, side);
  for (let k = 0; k < cells.length; k += 2) {
    if (seenBefore(cells, k)) continue;
    const [left, top] = [(cells[k + 1] - 1) * cell, (cells[k] - 1) * cell];
    dark.rect(left, top, cell, cell);
    path.rect(left - dense, top - dense, cell + 2 * dense, cell + 2 * dense);
  }
  pen.fillStyle = "rgb(0 0 0 / 45%)";
  if (what.kind === "voxel") pen.fill(dark, "evenodd");
  strokeTwice(pen, path, 2 * dense);
}

function seenBefore(cells, k) {
  for (let j = 0; j < k; j += 2) if (cells[j] === cells[k] && cells[j + 1] === cells[k + 1]) return true;
  return false;
}

function listenToMatrix(matrix) {
  const { board, studio, name } = matrix;
  const point = (event) => {
    const frame = board.getBoundingClientRect();
    const n = studio.regions[name].nLevels;
    const at = (from, size) => Math.min(n, Math.max(1, 1 + Math.floor((from / size) * n)));
    return { i: at(event.clientY - frame.top, frame.height), j: at(event.clientX - frame.left, frame.width) };
  };
  const same = ({ i, j }) => studio.pin?.kind === "cell" && studio.pin.i === i && studio.pin.j === j;
  board.addEventListener("pointermove", (event) => lightCell(matrix, point(event)));
  board.addEventListener("pointerleave", () => lightCell(matrix, null));
  board.addEventListener("pointerdown", (event) => {
    const cell = point(event);
    studio.pin = same(cell) ? null : { kind: "cell", region: name, ...cell };
    lightCell(matrix, event.pointerType === "mouse" ? cell : null);
  });
  board.addEventListener("blur", () => lightCell(matrix, null));
  board.addEventListener("keydown", (event) => {
    if (matrixKey(matrix, event)) event.preventDefault();
  });
}

function lightCell(matrix, cell) {
  matrix.studio.hover = cell && { kind: "cell", region: matrix.name, ...cell };
  matrix.studio.changed("hover");
}

function matrixKey(matrix, event) {
  const { studio, name } = matrix;
  const n = studio.regions[name].nLevels;
  if (event.ctrlKey || event.metaKey || event.altKey || !n) return false;
  const { key } = event;
  if (STEPS[key]) {
    const [di, dj] = STEPS[key];
    const far = event.shiftKey ? Math.max(1, n >> 3) : 1;
    const from = matrix.cursor ?? peak(studio.regions[name]);
    const go = matrix.cursor ? far : 0;
    const at = (place, by) => Math.min(n, Math.max(1, place + go * by));
    matrix.cursor = { i: at(from.i, di), j: at(from.j, dj) };
    lightCell(matrix, matrix.cursor);
    studio.tell(cellInWords(studio, { region: name, ...matrix.cursor }));
  } else if (key === "Enter" || key === " ") {
    if (!matrix.cursor) return false;
    studio.pin = { kind: "cell", region: name, ...matrix.cursor };
    studio.changed("hover");
  } else if (key === "Escape") {
    matrix.cursor = null;
    turn(studio, { pin: null, hover: null });
  } else return false;
  return true;
}

// The cell with most pairs: where a keyboard's cursor begins
function peak({ matrix, nLevels }) {
  const best = matrix.indexOf(highest(matrix));
  return { i: Math.floor(best / nLevels) + 1, j: (best % nLevels) + 1 };
}

function cellInWords(studio, { region, i, j }) {
  const { matrix, nLevels } = studio.regions[region];
  if (!matrix || i > nLevels || j > nLevels) return "";
  const share = written(studio, 100 * matrix[(i - 1) * nLevels + j - 1], 3);
  const count = pairsOfCell(studio.regions[region], studio.distance, i, j).length / 4;
  const facts = { first: i, second: j, share, count: written(studio, count, 9) };
  return studio.say("cell", { ...facts, region: region.toUpperCase() });
}
