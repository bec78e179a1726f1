// What a brush covers: every voxel whose middle lies within its radius of the line it was drawn along.
// Lengths are counted in voxels of x, so that the brush is round in millimetres where voxels are not square.

// segment: {y0, x0, y1, x1} (middles of voxels at whole numbers), radius, on: 1 paints and 0 erases
function paint(mask, grid, segment) {
  const { ny, nx, tall } = grid;
  const { y0, x0, y1, x1, radius, on } = segment;
  const high = radius / tall;
  const top = Math.max(0, Math.ceil(Math.min(y0, y1) - high));
  const bottom = Math.min(ny - 1, Math.floor(Math.max(y0, y1) + high));
  const left = Math.max(0, Math.ceil(Math.min(x0, x1) - radius));
  const right = Math.min(nx - 1, Math.floor(Math.max(x0, x1) + radius));
  for (let y = top; y <= bottom; y++) {
    for (let x = left; x <= right; x++) {
      if (distance2(y, x, segment, tall) <= radius * radius) mask[y * nx + x] = on;
    }
  }
  dot(mask, grid, Math.round(y1), Math.round(x1), on);
}

// The voxel under the pointer itself, which a brush smaller than a voxel may miss
function dot(mask, { ny, nx }, y, x, on) {
  if (y >= 0 && y < ny && x >= 0 && x < nx) mask[y * nx + x] = on;
}

function distance2(y, x, { y0, x0, y1, x1 }, tall) {
  const ay = (y1 - y0) * tall;
  const ax = x1 - x0;
  const py = (y - y0) * tall;
  const px = x - x0;
  const length2 = ay * ay + ax * ax;
  const along = length2 ? Math.min(1, Math.max(0, (py * ay + px * ax) / length2)) : 0;
  const dy = py - along * ay;
  const dx = px - along * ax;
  return dy * dy + dx * dx;
}

// The same strokes once more, on a mask that came from elsewhere meanwhile
function replay(mask, grid, strokes) {
  for (const stroke of strokes) for (const segment of stroke.segments) paint(mask, grid, segment);
  return mask;
}
