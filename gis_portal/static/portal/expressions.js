// The subset of MapLibre expressions that our styles may use (layers/style_subset.py), compiled once to functions of zoom and properties.

const OPERATIONS = {
  literal: (value) => () => value,
  get: (name) => (zoom, props) => props[name] ?? null,
  has: (name) => (zoom, props) => props[name] !== undefined && props[name] !== null,
  zoom: () => (zoom) => zoom,
  "!": (one) => negate(compile(one)),
  "==": (a, b) => compare(a, b, (x, y) => x === y),
  "!=": (a, b) => compare(a, b, (x, y) => x !== y),
  in: (needle, heap) => compare(needle, heap, (x, list) => list.includes(x)),
  all: (...tests) => every(tests.map(compile)),
  any: (...tests) => some(tests.map(compile)),
  coalesce: (...choices) => first(choices.map(compile)),
  concat: (...parts) => joined(parts.map(compile)),
  match: (input, ...rest) => match(compile(input), rest),
  step: (input, ...rest) => step(compile(input), compile(rest[0]), pairs(rest.slice(1))),
  interpolate: (curve, input, ...stops) => interpolate(curve[1] ?? 1, compile(input), pairs(stops)),
};

/** A function (zoom, properties) → value; zooms are MapLibre's, with the world 512 px wide at zoom 0. */
export function compile(expression) {
  if (!Array.isArray(expression) || typeof expression[0] !== "string") return () => expression;
  const [operator, ...parts] = expression;
  if (!OPERATIONS[operator]) throw new Error(`The style uses an unknown operator: ${operator}`);
  return OPERATIONS[operator](...parts);
}

const negate = (test) => (z, p) => !test(z, p);
const every = (tests) => (z, p) => tests.every((test) => test(z, p));
const some = (tests) => (z, p) => tests.some((test) => test(z, p));
const joined = (parts) => (z, p) => parts.map((part) => part(z, p) ?? "").join("");

function compare(a, b, holds) {
  const [left, right] = [compile(a), compile(b)];
  return (z, p) => holds(left(z, p), right(z, p));
}

function first(choices) {
  return (z, p) => {
    for (const choice of choices) {
      const value = choice(z, p);
      if (value !== null && value !== undefined) return value;
    }
    return null;
  };
}

function pairs(flat) {
  const found = [];
  for (let i = 0; i + 1 < flat.length; i += 2) found.push([flat[i], compile(flat[i + 1])]);
  return found;
}

function match(input, rest) {
  const fallback = compile(rest.at(-1));
  const cases = new Map();
  for (const [labels, output] of pairs(rest.slice(0, -1)))
    for (const label of [labels].flat()) if (!cases.has(label)) cases.set(label, output);
  return (z, p) => (cases.get(input(z, p)) ?? fallback)(z, p);
}

function step(input, lowest, stops) {
  return (z, p) => {
    const value = input(z, p);
    let chosen = lowest;
    for (const [stop, output] of stops) if (value !== null && value >= stop) chosen = output;
    return chosen(z, p);
  };
}

function interpolate(base, input, stops) {
  return (z, p) => {
    const value = input(z, p);
    const next = stops.findIndex(([stop]) => value < stop);
    if (next === 0) return stops[0][1](z, p);
    if (next < 0) return stops.at(-1)[1](z, p);
    const [[from, low], [to, high]] = [stops[next - 1], stops[next]];
    const share = base === 1 ? (value - from) / (to - from) : (base ** (value - from) - 1) / (base ** (to - from) - 1);
    const [a, b] = [low(z, p), high(z, p)];
    return a + (b - a) * share;
  };
}
