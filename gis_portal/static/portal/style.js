// Our one MapLibre style as rules of protomaps-leaflet: what is painted, and what is lettered, in the style's order.

import { compile } from "portal/expressions";

const FONT = "system-ui, 'Segoe UI', Roboto, 'Noto Sans', 'DejaVu Sans', sans-serif";
// Letters of one feature that was cut by tiles are not repeated within this distance.
const SAME_LABEL_PX = 160;
// Leaflet counts in tiles of 256 px, the style in tiles of 512 px.
const styleZoom = (mapZoom) => mapZoom - 1;

/** `{ground, paint, labels}` of a style document; rules carry the key of their layer as `dataLayer`. */
export function compileStyle(style, library) {
  const drawn = style.layers.filter((layer) => layer["source-layer"]);
  const floats = (layer) => layer.type === "symbol" && !layer.layout?.["text-allow-overlap"];
  return {
    ground: style.layers.find((layer) => layer.type === "background")?.paint["background-color"],
    paint: drawn.filter((layer) => !floats(layer)).map((layer) => rule(layer, painter(layer))),
    // MapLibre lets the uppermost label win, this library the first.
    labels: drawn.filter(floats).reverse().map((layer) => rule(layer, letterer(layer, library))),
  };
}

function rule(layer, symbolizer) {
  const test = layer.filter && compile(layer.filter);
  return {
    id: layer.id,
    kind: layer.type,
    dataLayer: layer["source-layer"],
    minzoom: (layer.minzoom ?? 0) + 1,
    // The style's upper limit is exclusive.
    maxzoom: (layer.maxzoom ?? 30) + 1 - 1e-6,
    filter: test ? (zoom, feature) => test(styleZoom(zoom), feature.props) : undefined,
    symbolizer,
  };
}

function painter(layer) {
  const value = reader(layer);
  return { fill, line, circle, symbol: letter }[layer.type](value);
}

/** A reader of the layer's properties: (name, default) → function of map zoom and feature. */
function reader(layer) {
  const values = { ...layer.layout, ...layer.paint };
  return (name, fallback) => {
    // A list of fonts looks like an expression and is none.
    const found = name === "text-font" ? () => values[name] ?? fallback : compile(values[name] ?? fallback);
    return (zoom, feature) => found(styleZoom(zoom), feature.props);
  };
}

function trace(ctx, geom) {
  ctx.beginPath();
  for (const part of geom) part.forEach((point, i) => (i ? ctx.lineTo(point.x, point.y) : ctx.moveTo(point.x, point.y)));
}

function fill(value) {
  const [color, opacity] = [value("fill-color", "#000000"), value("fill-opacity", 1)];
  return {
    draw(ctx, geom, zoom, feature) {
      ctx.globalAlpha = opacity(zoom, feature);
      ctx.fillStyle = color(zoom, feature);
      trace(ctx, geom);
      ctx.fill("evenodd");
    },
  };
}

function line(value) {
  const [color, opacity, width] = [value("line-color", "#000000"), value("line-opacity", 1), value("line-width", 1)];
  const [cap, join] = [value("line-cap", "butt"), value("line-join", "miter")];
  const dash = value("line-dasharray", null);
  return {
    draw(ctx, geom, zoom, feature) {
      const px = width(zoom, feature);
      if (!(px > 0)) return;
      ctx.lineWidth = px;
      ctx.globalAlpha = opacity(zoom, feature);
      ctx.strokeStyle = color(zoom, feature);
      ctx.lineCap = cap(zoom, feature);
      ctx.lineJoin = join(zoom, feature);
      ctx.setLineDash((dash(zoom, feature) ?? []).map((length) => length * px));
      trace(ctx, geom);
      ctx.stroke();
    },
  };
}

function circle(value) {
  const [color, opacity, radius] = [value("circle-color", "#000000"), value("circle-opacity", 1), value("circle-radius", 5)];
  const [edge, edgeWidth] = [value("circle-stroke-color", "#000000"), value("circle-stroke-width", 0)];
  return {
    draw(ctx, geom, zoom, feature) {
      ctx.globalAlpha = opacity(zoom, feature);
      ctx.fillStyle = color(zoom, feature);
      ctx.strokeStyle = edge(zoom, feature);
      const px = edgeWidth(zoom, feature);
      if (px > 0) ctx.lineWidth = px;
      for (const [{ x, y }] of geom) {
        ctx.beginPath();
        ctx.arc(x, y, radius(zoom, feature) + px / 2, 0, 2 * Math.PI);
        if (px > 0) ctx.stroke();
        ctx.beginPath();
        ctx.arc(x, y, radius(zoom, feature), 0, 2 * Math.PI);
        ctx.fill();
      }
    },
  };
}

/** What a label layer says, ready to be drawn: `lines` of text, their font, and `draw(ctx)` around the origin. */
function lettering(value) {
  const [text, size, font] = [value("text-field", ""), value("text-size", 16), value("text-font", ["DejaVu Sans"])];
  const [color, halo, haloWidth] = [value("text-color", "#000000"), value("text-halo-color", "#ffffff"), value("text-halo-width", 0)];
  const [offset, anchor, wrap] = [value("text-offset", [0, 0]), value("text-anchor", "center"), value("text-max-width", 10)];
  return (scratch, zoom, feature) => {
    const px = size(zoom, feature);
    const face = `${font(zoom, feature)[0].includes("Bold") ? "600 " : ""}${px}px ${FONT}`;
    scratch.font = face;
    const lines = wrapped(scratch, String(text(zoom, feature) ?? ""), wrap(zoom, feature) * px);
    if (!lines.length) return null;
    const [width, height] = [Math.max(...lines.map((one) => scratch.measureText(one).width)), lines.length * px * 1.15];
    const [x, y] = placed(anchor(zoom, feature), offset(zoom, feature), px, width, height);
    const glow = 2 * haloWidth(zoom, feature);
    const draw = (ctx) => {
      Object.assign(ctx, { globalAlpha: 1, font: face, textAlign: "center", textBaseline: "middle", lineJoin: "round" });
      Object.assign(ctx, { fillStyle: color(zoom, feature), strokeStyle: halo(zoom, feature), lineWidth: glow || 1 });
      lines.forEach((one, i) => {
        const middle = y + (i + 0.5) * px * 1.15;
        if (glow > 0) ctx.strokeText(one, x + width / 2, middle);
        ctx.fillText(one, x + width / 2, middle);
      });
    };
    return { text: lines.join(" "), x, y, width, height, draw };
  };
}

/** The upper left corner of a text of `width` × `height` that hangs on the origin by `anchor`. */
function placed(anchor, [dx, dy], px, width, height) {
  const x = anchor.includes("left") ? 0 : anchor.includes("right") ? -width : -width / 2;
  const y = anchor.includes("top") ? 0 : anchor.includes("bottom") ? -height : -height / 2;
  return [x + dx * px, y + dy * px];
}

function wrapped(scratch, text, width) {
  const lines = [];
  for (const paragraph of text.split("\n")) {
    let current = "";
    for (const word of paragraph.split(" ")) {
      const longer = current ? `${current} ${word}` : word;
      if (current && scratch.measureText(longer).width > width) {
        lines.push(current);
        current = word;
      } else current = longer;
    }
    if (current) lines.push(current);
  }
  return lines;
}

/** Text that may overlap, such as the letter in a point symbol, is painted with its symbol. */
function letter(value) {
  const lettered = lettering(value);
  return {
    draw(ctx, geom, zoom, feature) {
      const text = lettered(ctx, zoom, feature);
      if (!text) return;
      ctx.save();
      ctx.translate(geom[0][0].x, geom[0][0].y);
      text.draw(ctx);
      ctx.restore();
    },
  };
}

function letterer(layer, library) {
  if (layer.layout["symbol-placement"] === "line") return alongLine(layer, library);
  const lettered = lettering(reader(layer));
  return {
    place(layout, geom, feature) {
      const text = lettered(layout.scratch, layout.zoom, feature);
      if (!text) return undefined;
      const anchor = feature.geomType === 3 ? inside(geom) : feature.geomType === 2 ? middle(geom) : geom[0][0].clone();
      const [minX, minY] = [anchor.x + text.x, anchor.y + text.y];
      const bboxes = [{ minX, minY, maxX: minX + text.width, maxY: minY + text.height }];
      return [{ anchor, bboxes, draw: text.draw, deduplicationKey: text.text, deduplicationDistance: SAME_LABEL_PX }];
    },
  };
}

function alongLine(layer, library) {
  const value = reader(layer);
  const [text, halo] = [value("text-field", ""), value("text-halo-width", 0)];
  return new library.LineLabelSymbolizer({
    // The library reads properties only: the text is put beside them.
    labelProps: (zoom, feature) => {
      feature.props[" text"] = String(text(zoom, feature) ?? "");
      return [" text"];
    },
    fontFamily: FONT,
    fontSize: value("text-size", 16),
    fontWeight: layer.layout["text-font"]?.[0].includes("Bold") ? 600 : undefined,
    fill: value("text-color", "#000000"),
    stroke: value("text-halo-color", "#ffffff"),
    // A halo lies on both sides of the letter's edge.
    width: (zoom, feature) => 2 * halo(zoom, feature),
    repeatDistance: layer.layout["symbol-spacing"] ?? 250,
    offset: 0,
    position: 2,
  });
}

/** The middle point of the longest part of a line. */
function middle(geom) {
  const longest = geom.reduce((a, b) => (b.length > a.length ? b : a));
  return longest[Math.floor(longest.length / 2)].clone();
}

/** A point well inside the largest ring: the middle of its widest stretch at the height of its centre. */
function inside(geom) {
  const ring = geom.reduce((a, b) => (Math.abs(area(b)) > Math.abs(area(a)) ? b : a));
  const ys = ring.map((point) => point.y);
  const y = (Math.min(...ys) + Math.max(...ys)) / 2;
  const crossings = [];
  for (const part of geom)
    for (let i = 1; i < part.length; i++) {
      const [a, b] = [part[i - 1], part[i]];
      if (a.y > y !== b.y > y) crossings.push(a.x + ((y - a.y) / (b.y - a.y)) * (b.x - a.x));
    }
  crossings.sort((a, b) => a - b);
  let [x, widest] = [ring[0].x, -1];
  for (let i = 1; i < crossings.length; i += 2) {
    const width = crossings[i] - crossings[i - 1];
    if (width > widest) [x, widest] = [(crossings[i] + crossings[i - 1]) / 2, width];
  }
  return Object.assign(ring[0].clone(), { x, y });
}

function area(ring) {
  let sum = 0;
  for (let i = 1; i < ring.length; i++) sum += ring[i - 1].x * ring[i].y - ring[i].x * ring[i - 1].y;
  return sum / 2;
}
