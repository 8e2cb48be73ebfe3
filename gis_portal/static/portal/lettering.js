// Words on the map: wrapped, with a halo, at a point, inside an area or along a line.

const FONT = "system-ui, 'Segoe UI', Roboto, 'Noto Sans', 'DejaVu Sans', sans-serif";
// Letters of one feature that was cut by tiles are not repeated within this distance.
const SAME_LABEL_PX = 160;

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
export function letter(value) {
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

export function letterer(layer, value, library, anchors) {
  if (layer.layout["symbol-placement"] === "line") return alongLine(layer, value, library);
  const lettered = lettering(value);
  return {
    place(layout, geom, feature) {
      const text = lettered(layout.scratch, layout.zoom, feature);
      if (!text) return undefined;
      const anchor = anchors.of(layer.id, layout.zoom, geom, feature);
      const [minX, minY] = [anchor.x + text.x, anchor.y + text.y];
      const bboxes = [{ minX, minY, maxX: minX + text.width, maxY: minY + text.height }];
      return [{ anchor, bboxes, draw: text.draw, deduplicationKey: text.text, deduplicationDistance: SAME_LABEL_PX }];
    },
  };
}

function alongLine(layer, value, library) {
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
