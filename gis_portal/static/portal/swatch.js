// Legend samples, drawn with the very rules that draw the map.

const [WIDTH, HEIGHT] = [30, 18];
// Where a layer shows its usual look.
const ZOOM = 17.5;

const SHAPES = {
  MultiPolygon: [[3, 3], [27, 3], [27, 15], [3, 15], [3, 3]],
  LineString: [[-9, 9], [39, 9]],
  Point: [[15, 9]],
};

/** A canvas with a sample of the layer `key`, of geometry `kind`, for a feature with `props`. */
export function swatch(rules, key, kind, props) {
  const ratio = Math.max(window.devicePixelRatio || 1, 2);
  const canvas = document.createElement("canvas");
  Object.assign(canvas, { width: WIDTH * ratio, height: HEIGHT * ratio });
  canvas.setAttribute("aria-hidden", "true");
  const ctx = canvas.getContext("2d");
  ctx.scale(ratio, ratio);
  const geom = [SHAPES[kind].map(([x, y]) => ({ x, y }))];
  const sample = { props };
  const drawn = rules.paint.filter((rule) => rule.dataLayer === key && visible(rule, sample));
  for (const rule of drawn) {
    ctx.save();
    rule.symbolizer.draw(ctx, geom, ZOOM, sample);
    ctx.restore();
  }
  return canvas;
}

function visible(rule, sample) {
  return ZOOM >= rule.minzoom && ZOOM <= rule.maxzoom && (!rule.filter || rule.filter(ZOOM, sample));
}
