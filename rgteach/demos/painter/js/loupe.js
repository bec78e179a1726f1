// A magnifying glass for the last row: the voxel pointed at, its neighbours, their levels as numbers, its pairs.

const LOUPE_REACH = 3; // voxels to each side, more where pairs lie farther apart
const LOUPE_CSS_PX = 34; // of one voxel

function drawLoupe(stage, pen, { shown, pairs }) {
  const { studio, over, cell } = stage;
  const region = studio.regions[shown.region];
  const reach = Math.max(LOUPE_REACH, studio.distance + 1);
  const across = 2 * reach + 1;
  const side = Math.min(LOUPE_CSS_PX * cell.dense, (0.45 * Math.min(over.width, over.height)) / across);
  const [left, top] = loupeCorner(stage, shown, side * across);
  pen.save();
  pen.translate(left, top);
  pen.fillStyle = "#000";
  pen.fillRect(-3 * cell.dense, -3 * cell.dense, side * across + 6 * cell.dense, side * across + 6 * cell.dense);
  for (let y = 0; y < across; y++) {
    for (let x = 0; x < across; x++) {
      const [row, column] = [shown.y - reach + y, shown.x - reach + x];
      loupeVoxel(stage, pen, region, { row, column, left: x * side, top: y * side, side });
    }
  }
  const at = (y, x) => [(x - shown.x + reach + 0.5) * side, (y - shown.y + reach + 0.5) * side];
  const path = new Path2D();
  for (let k = 0; k < pairs.length; k += 4) {
    const [[x0, y0], [x1, y1]] = [at(pairs[k], pairs[k + 1]), at(pairs[k + 2], pairs[k + 3])];
    // from edge to edge, so that the numbers stay readable
    const cut = 0.3 / Math.max(Math.abs(x1 - x0) / side, Math.abs(y1 - y0) / side);
    path.moveTo(x0 + cut * (x1 - x0), y0 + cut * (y1 - y0));
    path.lineTo(x1 - cut * (x1 - x0), y1 - cut * (y1 - y0));
  }
  strokeTwice(pen, path, 2.5 * cell.dense);
  const own = new Path2D();
  own.rect(reach * side, reach * side, side, side);
  strokeTwice(pen, own, 2 * cell.dense);
  const border = new Path2D();
  border.rect(0, 0, side * across, side * across);
  strokeTwice(pen, border, 2 * cell.dense);
  pen.restore();
}

// In the corner that is farthest from what it shows
function loupeCorner(stage, { y, x }, size) {
  const { over, cell } = stage;
  const [middleX, middleY] = corner(stage, y + 0.5, x + 0.5);
  const margin = 8 * cell.dense;
  const left = middleX < over.width / 2 ? over.width - size - margin : margin;
  const top = middleY < over.height / 2 ? over.height - size - margin : margin;
  return [left, top];
}

function loupeVoxel(stage, pen, region, { row, column, left, top, side }) {
  const { studio } = stage;
  const { raw, low, high } = studio.slices.get(studio.z);
  if (!inGrid(studio, row, column)) return;
  const level = levelAt(region, row, column);
  const step = raw[row * studio.grid.nx + column];
  const [dark, bright] = studio.window;
  const gray = (low + (step / 65535) * (high - low) - dark) / Math.max(bright - dark, 1e-12);
  const shade = level ? colourAt(VIRIDIS, levelShare(level, region.nLevels)) : Array(3).fill(255 * Math.min(1, Math.max(0, gray)));
  pen.fillStyle = `rgb(${shade.map(Math.round).join(" ")})`;
  pen.fillRect(left, top, side + 0.5, side + 0.5);
  if (!level) return;
  pen.fillStyle = shade[0] * 0.3 + shade[1] * 0.6 + shade[2] * 0.1 > 120 ? "#000" : "#fff";
  pen.font = `600 ${0.46 * side}px system-ui, sans-serif`;
  pen.textAlign = "center";
  pen.textBaseline = "middle";
  pen.fillText(level, left + side / 2, top + side / 2);
}

function levelShare(level, n) {
  return n > 1 ? (level - 1) / (n - 1) : 0;
}
