// How differences look: each by colour, by pattern or dash, and by sign, so that no colour is needed to tell them apart.

import { mark } from "portal/diffmap-signs";

export const LAYER = "changes";
const [POINT, LINE] = [1, 2];
export const LOOKS = {
  added: { color: "#0f7a3d", sign: "+", form: "circle", pattern: plus },
  changed: { color: "#a35c00", sign: "~", form: "diamond", pattern: null },
  removed: { color: "#c01f2e", sign: "−", form: "square", pattern: hatch },
  blocks: { color: "#c01f2e", sign: "!", form: "square", pattern: hatch },
  warns: { color: "#a35c00", sign: "!", form: "triangle", pattern: null },
};
const [CELL, HALO] = [16, "rgb(255 255 255 / 85%)"];
// Shapes smaller than this on the screen are told by their outline; a sign would hide them.
const SIGN_FROM_PX = 26;
// Shapes below that size get thin lines, or they would be nothing but line.
const SMALL_PX = 16;
// Tiles in pixels, as far as shapes reach beyond them and signs from their places; up to this zoom they are drawn as they come.
const [TILE, TILE_EDGE, LAST_ZOOM] = [512, 12, 19];
// Dots that stand for things too small to be drawn are smaller than points.
const CLOSE_ZOOM = 16;

/** The rules of protomaps-leaflet for differences, bottom to top: areas, old outlines, lines, points. */
export function diffRules() {
  const patterns = new Map();
  const rule = (test, draw) => ({ dataLayer: LAYER, filter: (_, { props, geomType }) => test(props, geomType), symbolizer: { draw } });
  const isArea = (type) => type > LINE;
  const isOld = (props) => props.side === "old" && props.action === "changed";
  const outline = (ctx, geom, zoom, feature) => drawOutline(ctx, geom, feature);
  return [
    rule((props, type) => isArea(type) && !isOld(props), (ctx, geom, zoom, feature) => drawArea(ctx, geom, feature, patterns)),
    rule((props, type) => type !== POINT && isOld(props), outline),
    rule((props, type) => type !== POINT && !isOld(props), outline),
    rule((props, type) => type !== POINT && !isOld(props), drawSign),
    rule((props, type) => type === POINT, drawPoint),
  ];
}

function trace(ctx, geom) {
  ctx.beginPath();
  for (const part of geom) part.forEach(({ x, y }, i) => (i ? ctx.lineTo(x, y) : ctx.moveTo(x, y)));
}

function drawArea(ctx, geom, { props }, patterns) {
  const look = LOOKS[props.action];
  trace(ctx, geom);
  ctx.globalAlpha = props.kept ? 0.12 : 0.22;
  ctx.fillStyle = look.color;
  ctx.fill("evenodd");
  ctx.globalAlpha = 1;
  if (!look.pattern) return;
  if (!patterns.has(look)) patterns.set(look, pattern(ctx, look));
  ctx.fillStyle = patterns.get(look);
  ctx.fill("evenodd");
}

/** What was: dashes. What keeps its shape: dots. What is new or goes: one line, on a pale one that lifts it off the ground. */
function drawOutline(ctx, geom, { props, geomType, bbox }) {
  const { color } = LOOKS[props.action];
  const [isLine, isOld] = [geomType === LINE, props.side === "old" && props.action === "changed"];
  const isSmall = Math.max(bbox.maxX - bbox.minX, bbox.maxY - bbox.minY) < SMALL_PX;
  const width = isSmall ? 1.5 : (isLine ? 4 : 2.5) - (isOld ? 1 : 0);
  ctx.globalAlpha = 1;
  ctx.lineJoin = "round";
  ctx.lineCap = props.kept ? "round" : "butt";
  trace(ctx, geom);
  if (!isSmall) stroke(ctx, HALO, width + 2.5, []);
  stroke(ctx, color, width, isOld ? [7, 5] : props.kept ? [0.1, width * 2.2] : []);
  if (isLine && props.action === "removed") stroke(ctx, "#ffffff", 2, [2, 6]);
  ctx.setLineDash([]);
}

function stroke(ctx, color, width, dash) {
  ctx.strokeStyle = color;
  ctx.lineWidth = width;
  ctx.setLineDash(dash);
  ctx.stroke();
}

function drawSign(ctx, geom, zoom, { props, geomType, bbox }) {
  const at = geomType === LINE ? middle(geom) : centre(geom);
  if (at) mark(ctx, zoom <= LAST_ZOOM ? uncut(at, bbox) : at, LOOKS[props.action], 8);
}

/** The next tile does not know of a sign near the edge of this one, if the shape was cut there. */
function uncut(at, bbox) {
  if (Math.min(bbox.minX, bbox.minY) < -TILE_EDGE || Math.max(bbox.maxX, bbox.maxY) > TILE + TILE_EDGE) return at;
  const inside = (value) => Math.max(TILE_EDGE, Math.min(TILE - TILE_EDGE, value));
  return { x: inside(at.x), y: inside(at.y) };
}

function drawPoint(ctx, geom, zoom, { props }) {
  const look = LOOKS[props.action];
  for (const [at] of geom) {
    if (props.side === "old" && props.action === "changed") {
      ctx.beginPath();
      ctx.arc(at.x, at.y, 7, 0, 2 * Math.PI);
      stroke(ctx, HALO, 4, []);
      stroke(ctx, look.color, 2, [3, 2.5]);
      ctx.setLineDash([]);
    } else mark(ctx, at, look, zoom < CLOSE_ZOOM ? 5 : 8, props.kept);
  }
}

/** The middle of the longest part of a line that is long enough to bear a sign. */
function middle(geom) {
  const lengths = geom.map((part) => part.reduce((sum, at, i) => sum + (i ? Math.hypot(at.x - part[i - 1].x, at.y - part[i - 1].y) : 0), 0));
  const longest = lengths.indexOf(Math.max(...lengths));
  if (lengths[longest] < SIGN_FROM_PX * 2) return null;
  let left = lengths[longest] / 2;
  const part = geom[longest];
  for (let i = 1; i < part.length; i++) {
    const [a, b] = [part[i - 1], part[i]];
    const length = Math.hypot(b.x - a.x, b.y - a.y);
    if (length >= left) return { x: a.x + ((b.x - a.x) * left) / length, y: a.y + ((b.y - a.y) * left) / length };
    left -= length;
  }
  return null;
}

/** A point inside an area that is large enough to bear a sign: the middle of its widest stretch at half its height. */
function centre(geom) {
  const all = geom.flat();
  const [ys, xs] = [all.map(({ y }) => y), all.map(({ x }) => x)];
  const [low, high] = [Math.min(...ys), Math.max(...ys)];
  if (high - low < SIGN_FROM_PX || Math.max(...xs) - Math.min(...xs) < SIGN_FROM_PX) return null;
  const y = (low + high) / 2;
  const crossings = [];
  for (const ring of geom)
    for (let i = 1; i < ring.length; i++) {
      const [a, b] = [ring[i - 1], ring[i]];
      if (a.y > y !== b.y > y) crossings.push(a.x + ((y - a.y) / (b.y - a.y)) * (b.x - a.x));
    }
  crossings.sort((a, b) => a - b);
  let best = null;
  for (let i = 1; i < crossings.length; i += 2)
    if (!best || crossings[i] - crossings[i - 1] > best[1] - best[0]) best = [crossings[i - 1], crossings[i]];
  return best && { x: (best[0] + best[1]) / 2, y };
}

/** A fill that goes on from tile to tile, because its cell divides the tile; sharp on fine screens, too. */
function pattern(ctx, look) {
  const ratio = window.devicePixelRatio || 1;
  const cell = document.createElement("canvas");
  cell.width = cell.height = CELL * ratio;
  const pen = cell.getContext("2d");
  pen.scale(ratio, ratio);
  pen.strokeStyle = look.color;
  look.pattern(pen);
  const made = ctx.createPattern(cell, "repeat");
  made.setTransform(new DOMMatrix().scale(1 / ratio));
  return made;
}

function hatch(pen) {
  pen.lineWidth = 1.6;
  pen.beginPath();
  for (const x of [-CELL / 2, 0, CELL / 2, CELL]) {
    pen.moveTo(x - 2, CELL + 2);
    pen.lineTo(x + CELL + 2, -2);
  }
  pen.stroke();
}

function plus(pen) {
  pen.lineWidth = 1.2;
  pen.beginPath();
  pen.moveTo(8, 5);
  pen.lineTo(8, 11);
  pen.moveTo(5, 8);
  pen.lineTo(11, 8);
  pen.stroke();
}
