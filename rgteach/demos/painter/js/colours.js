// Colour maps as tables of 256 packed pixels, and the signs of the two regions.

// Points of matplotlib's maps (CC0): viridis for levels, cividis for shares
const VIRIDIS = [
  [68, 1, 84], [72, 40, 120], [62, 74, 137], [49, 104, 142], [38, 130, 142],
  [31, 158, 137], [53, 183, 121], [109, 205, 89], [180, 222, 44], [253, 231, 37],
];
const CIVIDIS = [
  [0, 34, 78], [18, 53, 112], [59, 73, 108], [87, 93, 109], [112, 113, 115],
  [138, 134, 120], [165, 156, 116], [195, 179, 105], [225, 204, 85], [254, 232, 56],
];
// Okabe and Ito's sky blue and orange; solid and dashed for who sees no colours
const SIGNS = { a: { colour: "#56B4E9", dash: [] }, b: { colour: "#E69F00", dash: [7, 4] } };

function colourAt(points, share) {
  const place = Math.min(Math.max(share, 0), 1) * (points.length - 1);
  const k = Math.min(Math.floor(place), points.length - 2);
  return points[k].map((from, band) => Math.round(from + (place - k) * (points[k + 1][band] - from)));
}

function pixel([red, green, blue]) {
  return LITTLE_ENDIAN
    ? (255 << 24) | (blue << 16) | (green << 8) | red
    : (red << 24) | (green << 16) | (blue << 8) | 255;
}

function tableOf(points, n = 256) {
  return Int32Array.from({ length: n }, (_, k) => pixel(colourAt(points, n > 1 ? k / (n - 1) : 0)));
}

// Colour of level 1..n; place 0 is not used
function levelTable(n) {
  return Int32Array.from({ length: n + 1 }, (_, k) => pixel(colourAt(VIRIDIS, levelShare(k, n))));
}

function gradient(points, towards) {
  const stops = points.map(([r, g, b], k) => `rgb(${r} ${g} ${b}) ${(100 * k) / (points.length - 1)}%`);
  return `linear-gradient(${towards}, ${stops.join(", ")})`;
}

// Gray of every 16-bit step of a slice between the ends of the window
function grayTable({ low, high }, [dark, bright]) {
  const table = new Int32Array(65536);
  const step = (high - low) / 65535;
  const wide = Math.max(bright - dark, 1e-12);
  for (let k = 0; k < 65536; k++) {
    const gray = Math.min(255, Math.max(0, Math.round((255 * (low + k * step - dark)) / wide)));
    table[k] = pixel([gray, gray, gray]);
  }
  return table;
}
