// What is drawn over the slice: outlines of the regions, the pairs that are lit, brush and cursor.

function drawOver(stage) {
  const { studio, over } = stage;
  const pen = over.getContext("2d");
  pen.clearRect(0, 0, over.width, over.height);
  if (!studio.slices.has(studio.z)) return;
  const found = lit(studio);
  const cell = found.shown?.kind === "cell";
  if (cell && found.pairs.length) darken(stage, pen, found);
  for (const name of inOrder(studio)) outline(stage, pen, name);
  if (found.pairs.length) joinPairs(stage, pen, found.pairs);
  if (found.shown?.kind === "voxel") frame(stage, pen, found.shown);
  if (studio.cursor) cross(stage, pen, studio.cursor);
  else if (stage.ring && studio.tool !== "look") circle(stage, pen, stage.ring);
  if (found.own && !studio.stroke) drawLoupe(stage, pen, found);
  stage.lit = found;
}

// All but the voxels of the pairs steps back
function darken(stage, pen, { pairs }) {
  pen.fillStyle = "rgb(0 0 0 / 50%)";
  pen.fillRect(0, 0, stage.over.width, stage.over.height);
  for (let k = 0; k < pairs.length; k += 2) {
    const [left, top] = corner(stage, pairs[k], pairs[k + 1]);
    pen.clearRect(left, top, stage.cell.x, stage.cell.y);
  }
}

function joinPairs(stage, pen, pairs) {
  const path = new Path2D();
  const dots = new Path2D();
  const wide = Math.max(1, Math.min(2.5, stage.cell.x / (3 * stage.cell.dense))) * stage.cell.dense;
  for (let k = 0; k < pairs.length; k += 4) {
    const [x0, y0] = corner(stage, pairs[k] + 0.5, pairs[k + 1] + 0.5);
    const [x1, y1] = corner(stage, pairs[k + 2] + 0.5, pairs[k + 3] + 0.5);
    path.moveTo(x0, y0);
    path.lineTo(x1, y1);
    for (const [x, y] of [[x0, y0], [x1, y1]]) {
      dots.moveTo(x + 1.3 * wide, y);
      dots.arc(x, y, 1.3 * wide, 0, 7);
    }
  }
  strokeTwice(pen, path, wide);
  pen.lineWidth = wide;
  pen.strokeStyle = "#000";
  pen.stroke(dots);
  pen.fillStyle = "#fff";
  pen.fill(dots);
}

// A light line with a dark edge is seen on every ground
function strokeTwice(pen, path, wide, colour = "#fff", dash = []) {
  pen.setLineDash([]);
  pen.lineCap = "butt";
  pen.lineWidth = 2.4 * wide;
  pen.strokeStyle = "#000";
  pen.stroke(path);
  pen.lineWidth = wide;
  pen.strokeStyle = colour;
  pen.setLineDash(dash);
  pen.stroke(path);
  pen.setLineDash([]);
}

// Along the edges between voxels inside and outside
function outline(stage, pen, name) {
  const { studio, cell } = stage;
  const [top, bottom, left, right] = stage.box;
  const { mask } = studio.regions[name];
  const { ny, nx } = studio.grid;
  const path = new Path2D();
  const across = (y, x) => (path.moveTo((x - left) * cell.x, (y - top) * cell.y), path.lineTo((x + 1 - left) * cell.x, (y - top) * cell.y));
  const down = (y, x) => (path.moveTo((x - left) * cell.x, (y - top) * cell.y), path.lineTo((x - left) * cell.x, (y + 1 - top) * cell.y));
  for (let y = top; y < bottom; y++) {
    for (let x = left, k = y * nx + left; x < right; x++, k++) {
      if (!mask[k]) continue;
      if (y === 0 || !mask[k - nx]) across(y, x);
      if (y === ny - 1 || !mask[k + nx]) across(y + 1, x);
      if (x === 0 || !mask[k - 1]) down(y, x);
      if (x === nx - 1 || !mask[k + 1]) down(y, x + 1);
    }
  }
  const { colour, dash } = SIGNS[name];
  const { dense } = cell;
  const wide = (name === studio.active ? 2 : 1.5) * dense;
  strokeTwice(pen, path, wide, colour, dash.map((length) => length * dense));
}

function frame(stage, pen, { y, x }) {
  const path = new Path2D();
  path.rect(...corner(stage, y, x), stage.cell.x, stage.cell.y);
  strokeTwice(pen, path, 2 * stage.cell.dense);
}

function circle(stage, pen, { y, x }) {
  const { cell, studio } = stage;
  const radius = studio.size / 2;
  const path = new Path2D();
  const [middleX, middleY] = corner(stage, y + 0.5, x + 0.5);
  path.ellipse(middleX, middleY, radius * cell.x, (radius / studio.grid.tall) * cell.y, 0, 0, 7);
  strokeTwice(pen, path, 1.5 * cell.dense, "#fff", studio.tool === "erase" ? [4 * cell.dense, 4 * cell.dense] : []);
}

// The keyboard's cursor: the brush, and lines that lead to it
function cross(stage, pen, { y, x }) {
  const { over, cell, studio } = stage;
  circle(stage, pen, { y, x });
  const [middleX, middleY] = corner(stage, y + 0.5, x + 0.5);
  const gapX = (studio.size / 2) * cell.x + 3 * cell.dense;
  const gapY = (studio.size / 2 / studio.grid.tall) * cell.y + 3 * cell.dense;
  const path = new Path2D();
  for (const [from, to] of [[0, middleX - gapX], [middleX + gapX, over.width]]) {
    path.moveTo(from, middleY);
    path.lineTo(to, middleY);
  }
  for (const [from, to] of [[0, middleY - gapY], [middleY + gapY, over.height]]) {
    path.moveTo(middleX, from);
    path.lineTo(middleX, to);
  }
  strokeTwice(pen, path, cell.dense, "#fff", [3 * cell.dense, 5 * cell.dense]);
}
