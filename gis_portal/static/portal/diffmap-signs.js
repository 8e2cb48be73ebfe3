// The signs of differences: a form and a sign in it, the same on the map as in the legend.

const FORMS = {
  circle: (ctx, r) => ctx.arc(0, 0, r, 0, 2 * Math.PI),
  square: (ctx, r) => ctx.rect(-r * 0.9, -r * 0.9, r * 1.8, r * 1.8),
  diamond: (ctx, r) => corners(ctx, [[0, -1.25 * r], [1.25 * r, 0], [0, 1.25 * r], [-1.25 * r, 0]]),
  triangle: (ctx, r) => corners(ctx, [[0, -1.35 * r], [1.25 * r, 0.85 * r], [-1.25 * r, 0.85 * r]]),
};
const SIGNS = {
  "+": (ctx, a) => strokes(ctx, [[-a, 0], [a, 0]], [[0, -a], [0, a]]),
  "−": (ctx, a) => strokes(ctx, [[-a, 0], [a, 0]]),
  "~": (ctx, a) => strokes(ctx, [[-a, a * 0.35], [-a * 0.45, -a * 0.4], [a * 0.45, a * 0.4], [a, -a * 0.35]]),
  "!": (ctx, a) => strokes(ctx, [[0, -a], [0, a * 0.25]], [[0, a * 0.85], [0, a]]),
};

/** Draw the sign of `look` at a place, with radius `r`; `open` leaves its ground white: only attributes changed. */
export function mark(ctx, { x, y }, look, r, open = false) {
  ctx.save();
  ctx.translate(x, y);
  ctx.globalAlpha = 1;
  ctx.setLineDash([]);
  ctx.beginPath();
  FORMS[look.form](ctx, r);
  ctx.closePath();
  ctx.lineWidth = open ? 4 : 2.5;
  ctx.strokeStyle = "#ffffff";
  ctx.stroke();
  ctx.fillStyle = open ? "#ffffff" : look.color;
  ctx.fill();
  ctx.strokeStyle = look.color;
  if (open) {
    ctx.lineWidth = 1.8;
    ctx.stroke();
  }
  ctx.strokeStyle = open ? look.color : "#ffffff";
  ctx.lineWidth = Math.max(1.4, r / 4);
  ctx.lineCap = "round";
  ctx.lineJoin = "round";
  SIGNS[look.sign](ctx, r * 0.55);
  ctx.restore();
}

function corners(ctx, places) {
  places.forEach(([x, y], i) => (i ? ctx.lineTo(x, y) : ctx.moveTo(x, y)));
}

function strokes(ctx, ...lines) {
  ctx.beginPath();
  for (const line of lines) corners(ctx, line);
  ctx.stroke();
}
