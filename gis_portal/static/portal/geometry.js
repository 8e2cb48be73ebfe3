// Shapes in degrees: how far they reach, and what lies in them.

/** West, south, east, north of a GeoJSON geometry. */
export function bounds({ coordinates }) {
  const flat = coordinates.flat(Infinity);
  const each = depth(coordinates);
  const [xs, ys] = [flat.filter((_, i) => i % each === 0), flat.filter((_, i) => i % each === 1)];
  return [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)];
}

/** Numbers in one position: 2, or 3 with a height. */
function depth(nested) {
  return Array.isArray(nested[0]) ? depth(nested[0]) : nested.length;
}

/** Whether a MultiPolygon holds the place: a ray from it crosses the rings an odd number of times. */
export function holds({ coordinates }, lng, lat) {
  const edges = coordinates.flat().flatMap((ring) => ring.slice(1).map((end, i) => [ring[i], end]));
  return edges.filter(([a, b]) => a[1] > lat !== b[1] > lat && lng < a[0] + ((lat - a[1]) / (b[1] - a[1])) * (b[0] - a[0])).length % 2 === 1;
}
