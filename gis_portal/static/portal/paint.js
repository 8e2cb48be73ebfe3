// Fills, lines and circles on a canvas. `value(name, default)` reads a property of the style as a function of zoom and feature.

function trace(ctx, geom) {
  ctx.beginPath();
  for (const part of geom) part.forEach((point, i) => (i ? ctx.lineTo(point.x, point.y) : ctx.moveTo(point.x, point.y)));
}

export function fill(value) {
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

export function line(value) {
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

export function circle(value) {
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
