// Where a label hangs. Tiles cut areas into parts that arrive one by one: the label belongs in the middle of the whole.

const POLYGON = 3;
const LINE = 2;
const KEPT = 4000;

export class Anchors {
  constructor() {
    this.wholes = new Map();
    // A label was placed before another part of its area came.
    this.moved = false;
  }

  /** A point for the label of `feature`, whose part in this tile is `geom` in pixels of the world at `zoom`. */
  of(layer, zoom, geom, feature) {
    if (feature.geomType === LINE) return middle(geom);
    if (feature.geomType !== POLYGON || !feature.props.id) return geom[0][0].clone();
    const key = `${layer} ${zoom} ${feature.props.id}`;
    if (this.wholes.size > KEPT) this.wholes.clear();
    const whole = this.wholes.get(key) ?? { parts: new Map(), at: null };
    this.wholes.set(key, whole);
    if (whole.parts.has(feature)) return whole.at;
    whole.parts.set(feature, geom);
    const at = inside([...whole.parts.values()]);
    if (whole.at && Math.hypot(whole.at.x - at.x, whole.at.y - at.y) > 4) this.moved = true;
    return (whole.at = at);
  }

  /** Whether labels have to be placed anew, told once. */
  takeMoved() {
    const moved = this.moved;
    this.moved = false;
    return moved;
  }
}

/** The middle point of the longest part of a line. */
function middle(geom) {
  const longest = geom.reduce((a, b) => (b.length > a.length ? b : a));
  return longest[Math.floor(longest.length / 2)].clone();
}

/** A point well inside an area given in parts: the middle of its widest stretch at the height of its centre. */
function inside(parts) {
  const rings = parts.flat();
  const ys = rings.flat().map((point) => point.y);
  const y = (Math.min(...ys) + Math.max(...ys)) / 2;
  const stretches = joined(parts.flatMap((part) => cuts(part, y)));
  const [from, to] = stretches.reduce((a, b) => (b[1] - b[0] > a[1] - a[0] ? b : a), [rings[0][0].x, rings[0][0].x]);
  return Object.assign(rings[0][0].clone(), { x: (from + to) / 2, y });
}

/** Where the horizontal at `y` runs inside one part: [from, to] pairs. */
function cuts(rings, y) {
  const crossings = [];
  for (const ring of rings)
    for (let i = 1; i < ring.length; i++) {
      const [a, b] = [ring[i - 1], ring[i]];
      if (a.y > y !== b.y > y) crossings.push(a.x + ((y - a.y) / (b.y - a.y)) * (b.x - a.x));
    }
  crossings.sort((a, b) => a - b);
  return crossings.flatMap((x, i) => (i % 2 ? [[crossings[i - 1], x]] : []));
}

/** Stretches that overlap become one: neighbouring tiles overlap a little. */
function joined(stretches) {
  const found = [];
  for (const [from, to] of stretches.sort((a, b) => a[0] - b[0])) {
    const last = found.at(-1);
    if (last && from <= last[1]) last[1] = Math.max(last[1], to);
    else found.push([from, to]);
  }
  return found;
}
