// Differences that stand in the page as GeoJSON: cut into tiles for the map, and found at a place, without the server.

import { LAYER } from "portal/diffmap-looks";

const TYPES = { Point: 1, MultiPoint: 1, LineString: 2, MultiLineString: 2, Polygon: 3, MultiPolygon: 3 };
// Signs reach beyond their shapes; fingers reach beyond what they point at.
const [MARGIN, REACH] = [24, 8];

export class FeatureSource {
  /** `features` of GeoJSON in degrees, with the properties that tiles carry. */
  constructor(features) {
    this.features = features.filter(({ geometry }) => geometry);
    this.shapes = this.features.map(({ geometry, properties }) => shape(geometry, properties));
  }

  get bounds() {
    if (!this.shapes.length) return null;
    const all = this.features.flatMap(({ geometry }) => parts(geometry).flat());
    const [xs, ys] = [all.map(([x]) => x), all.map(([, y]) => y)];
    return [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)];
  }

  get counts() {
    const items = new Map(this.features.map(({ properties }) => [properties.item, properties.action]));
    const counts = {};
    for (const action of items.values()) counts[action] = (counts[action] ?? 0) + 1;
    return counts;
  }

  /** What protomaps-leaflet asks of a source: the features of one tile, in its pixels. */
  async get({ z, x, y }, size) {
    const scale = size * 2 ** z;
    const found = this.shapes.map((one) => placed(one, scale, x * size, y * size));
    const near = ({ bbox }) => bbox.maxX > -MARGIN && bbox.minX < size + MARGIN && bbox.maxY > -MARGIN && bbox.minY < size + MARGIN;
    return new Map([[LAYER, found.filter(near)]]);
  }

  /** The things at a place on a map of `zoom`, the thinnest and nearest first. */
  async at(lng, lat, zoom) {
    const [scale, [x, y]] = [256 * 2 ** zoom, world([lng, lat])];
    const hits = this.shapes
      .map((one) => ({ item: one.props.item, type: one.geomType, far: distance(placed(one, scale, x * scale, y * scale)) }))
      .filter(({ type, far }) => far <= (type === 3 ? 0 : REACH))
      .sort((a, b) => a.type - b.type || a.far - b.far);
    return this.collect([...new Set(hits.map(({ item }) => item))]);
  }

  async item(item) {
    return this.collect([item]);
  }

  collect(items) {
    return items.flatMap((item) => this.features.filter(({ properties }) => String(properties.item) === String(item)));
  }
}

function parts({ type, coordinates }) {
  if (type === "Point") return [[coordinates]];
  if (type === "LineString" || type === "MultiPoint") return type === "MultiPoint" ? coordinates.map((at) => [at]) : [coordinates];
  return type === "MultiPolygon" ? coordinates.flat() : coordinates;
}

/** A place in degrees in the unit square of Web Mercator (EPSG:3857). */
function world([lng, lat]) {
  const sine = Math.sin((lat * Math.PI) / 180);
  return [lng / 360 + 0.5, 0.5 - Math.log((1 + sine) / (1 - sine)) / (4 * Math.PI)];
}

function shape(geometry, props) {
  return { props, geomType: TYPES[geometry.type], rings: parts(geometry).map((ring) => ring.map(world)) };
}

function placed({ props, geomType, rings }, scale, left, top) {
  const geom = rings.map((ring) => ring.map(([x, y]) => ({ x: x * scale - left, y: y * scale - top })));
  const all = geom.flat();
  const [xs, ys] = [all.map(({ x }) => x), all.map(({ y }) => y)];
  const bbox = { minX: Math.min(...xs), minY: Math.min(...ys), maxX: Math.max(...xs), maxY: Math.max(...ys) };
  return { props, geomType, geom, bbox };
}

/** From the origin to the nearest part of what was placed around it; 0 within an area. */
function distance({ geom, geomType }) {
  if (geomType === 1) return Math.min(...geom.map(([at]) => Math.hypot(at.x, at.y)));
  const edges = geom.flatMap((ring) => ring.slice(1).map((b, i) => [ring[i], b]));
  if (geomType === 3) {
    const left = edges.filter(([a, b]) => a.y > 0 !== b.y > 0 && a.x + (-a.y / (b.y - a.y)) * (b.x - a.x) < 0);
    return left.length % 2 ? 0 : Infinity;
  }
  return Math.min(...edges.map(([a, b]) => toEdge(a, b)));
}

function toEdge(a, b) {
  const [dx, dy] = [b.x - a.x, b.y - a.y];
  const along = Math.max(0, Math.min(1, -(a.x * dx + a.y * dy) / (dx * dx + dy * dy || 1)));
  return Math.hypot(a.x + along * dx, a.y + along * dy);
}
