// Coordinates in projected systems by proj4js, which is loaded when a tool first needs it.

let loading = null;

/** Loads proj4js, if it is not there yet; tools that transform coordinates open after it. */
export function prepare({ proj4: source }) {
  loading ??= new Promise((resolve, reject) => {
    const script = document.createElement("script");
    Object.assign(script, { src: source, onload: () => resolve(window.proj4) });
    script.onerror = () => {
      loading = null;
      script.remove();
      reject(new Error("The projections could not be loaded."));
    };
    document.head.append(script);
  });
  return loading;
}

const converters = new Map();

/** East and north in metres in the system that `definition` (PROJ's words) defines. */
export function forward(definition, [lng, lat]) {
  return converter(definition).forward([lng, lat]);
}

/** Degrees of east and north in metres. */
export function inverse(definition, [east, north]) {
  return converter(definition).inverse([east, north]);
}

function converter(definition) {
  if (!converters.has(definition)) converters.set(definition, window.proj4(definition));
  return converters.get(definition);
}

export function length(points, isClosed = false) {
  return points.slice(isClosed ? 0 : 1).reduce((sum, [x, y], i) => {
    const [fromX, fromY] = points.at(isClosed ? i - 1 : i);
    return sum + Math.hypot(x - fromX, y - fromY);
  }, 0);
}

/** By the surveyor's formula, about the first point, so that large coordinates cost no digits. */
export function area(points) {
  const [originX, originY] = points[0];
  const doubled = points.reduce((sum, [x, y], i) => {
    const [nextX, nextY] = points[(i + 1) % points.length];
    return sum + (x - originX) * (nextY - originY) - (nextX - originX) * (y - originY);
  }, 0);
  return Math.abs(doubled) / 2;
}

/** Whether two sides of the closed outline cross each other: it then has no area to speak of. */
export function crossesItself(points) {
  const sides = points.map((point, i) => [point, points[(i + 1) % points.length]]);
  return sides.some((one, i) => sides.slice(i + 2).some((other, j) => !(i === 0 && i + 2 + j === sides.length - 1) && cross(one, other)));
}

function cross([a, b], [c, d]) {
  const side = ([ox, oy], [px, py], [qx, qy]) => Math.sign((px - ox) * (qy - oy) - (py - oy) * (qx - ox));
  return side(a, b, c) !== side(a, b, d) && side(c, d, a) !== side(c, d, b);
}
