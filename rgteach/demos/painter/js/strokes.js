// A stroke from its first touch to its end, whatever it is drawn with.

function beginStroke(studio, place, on, since) {
  endStroke(studio);
  studio.stroke = { region: studio.active, on, segments: [], sent: false, last: place };
  Object.assign(studio, { pin: null, hover: null });
  extendStroke(studio, [place], since);
}

// places: [{y, x}, …] in voxels, in the order of time; since: when the first of them was reported
function extendStroke(studio, places, since) {
  const { stroke, grid } = studio;
  const region = studio.regions[stroke.region];
  const radius = studio.size / 2 - 0.01;
  for (const to of places) {
    const { y: y0, x: x0 } = stroke.last;
    const segment = { y0, x0, y1: to.y, x1: to.x, radius, on: stroke.on };
    stroke.segments.push(segment);
    paint(region.mask, grid, segment);
    stroke.last = to;
  }
  sendStroke(studio, { mask: region.mask, end: false, since });
  studio.changed("slice");
}

function endStroke(studio) {
  if (!studio.stroke) return;
  const region = studio.regions[studio.stroke.region];
  // a copy: the next stroke may begin before this one is on its way
  sendStroke(studio, { mask: region.mask.slice(), end: true, since: 0 });
  studio.stroke = null;
  Object.assign(studio, { undo: true, redo: false, summary: true });
  studio.changed("slice", "tools");
}

function sendStroke(studio, { mask, end, since }) {
  const { stroke } = studio;
  const { region, sent } = stroke;
  stroke.sent = true;
  studio.link.send({ kind: "stroke", region, z: studio.z, begin: !sent, end, mask, since, stroke });
}
