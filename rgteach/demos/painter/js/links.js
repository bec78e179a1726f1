// The links between the two views: which voxels stand behind a cell of the matrix, which cells a voxel fills.

// The four directions of a plane as steps (dy, dx); each is counted both ways, so the matrix is symmetric
const DIRECTIONS = [
  [0, 1],
  [1, 1],
  [1, 0],
  [1, -1],
];

// Calls found(y0, x0, level0, y1, x1, level1) for every pair of voxels of the region; places within its box
function eachPair(region, distance, found) {
  const { levels, height, width } = region;
  for (const [dy, dx] of DIRECTIONS) {
    const sy = dy * distance;
    const sx = dx * distance;
    for (let y = 0; y < height - sy; y++) {
      for (let x = Math.max(0, -sx); x < Math.min(width, width - sx); x++) {
        const first = levels[y * width + x];
        if (!first) continue;
        const second = levels[(y + sy) * width + x + sx];
        if (second) found(y, x, first, y + sy, x + sx, second);
      }
    }
  }
}

// Pairs [y0, x0, y1, x1, …] of the slice with the levels i and j, in either order
function pairsOfCell(region, distance, i, j) {
  const pairs = [];
  if (!region.levels) return pairs;
  const [top, , left] = region.box;
  eachPair(region, distance, (y0, x0, first, y1, x1, second) => {
    if ((first === i && second === j) || (first === j && second === i)) {
      pairs.push(y0 + top, x0 + left, y1 + top, x1 + left);
    }
  });
  return pairs;
}

function countPairs(region, distance) {
  let n = 0;
  if (region.levels) eachPair(region, distance, () => n++);
  return n;
}

function levelAt(region, y, x) {
  if (!region.levels) return 0;
  const [top, bottom, left, right] = region.box;
  if (y < top || y >= bottom || x < left || x >= right) return 0;
  return region.levels[(y - top) * region.width + x - left];
}

// The pairs of one voxel, up to eight, and the cells [i, j, …] they fill
function pairsOfVoxel(region, distance, y, x) {
  const own = levelAt(region, y, x);
  const pairs = [];
  const cells = [];
  if (!own) return { own, pairs, cells };
  for (const [dy, dx] of DIRECTIONS) {
    for (const way of [1, -1]) {
      const to = [y + way * dy * distance, x + way * dx * distance];
      const other = levelAt(region, ...to);
      if (!other) continue;
      pairs.push(y, x, ...to);
      cells.push(own, other, other, own);
    }
  }
  return { own, pairs, cells };
}

// What is lit now: by the pointer or the keyboard, else what was pinned
function lit(studio) {
  const nothing = { pairs: [], cells: [], region: null };
  const shown = studio.hover ?? studio.pin;
  if (!shown) return nothing;
  const { region, distance } = { region: studio.regions[shown.region], distance: studio.distance };
  if (!region.levels) return nothing;
  if (shown.kind === "cell") {
    const pairs = pairsOfCell(region, distance, shown.i, shown.j);
    return { pairs, cells: [shown.i, shown.j, shown.j, shown.i], region: shown.region, shown };
  }
  const found = pairsOfVoxel(region, distance, shown.y, shown.x);
  return { ...found, region: shown.region, shown };
}
