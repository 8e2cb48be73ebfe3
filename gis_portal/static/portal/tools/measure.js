// Measuring lengths and areas in the plane of the registry, where its own areas are measured: the same numbers as in the register.

import { $, el } from "portal/dom";
import { copyButton, fill, number, spoken } from "portal/tools/parts";
import { area, crossesItself, forward, length } from "portal/tools/plane";

export { prepare } from "portal/tools/plane";

const LINE = { color: "#b4005a", weight: 3, opacity: 1, fillColor: "#b4005a", fillOpacity: 0.12 };
const NEXT = { color: "#b4005a", weight: 2, opacity: 0.9, dashArray: "6 5", fill: false };
// One place, for a hand that trembles: the two clicks of a double click are one point.
const SAME_M = 0.05;

export function open({ content, engine, facts, texts }) {
  const [drawn, next] = [engine.sketch(LINE), engine.sketch(NEXT)];
  const status = spoken();
  const running = el("p", { className: "tool-running", "aria-hidden": "true" });
  const hint = el("p", { className: "tool-hint" }, texts.measureHint);
  const undo = button(texts.undo, takeBack);
  const finish = button(texts.finish, end);
  const clear = button(texts.clear, begin);
  const copy = copyButton(texts, status, () => content.dataset.told ?? "");
  let [points, isArea, isDone] = [[], false, false];

  const kinds = el("fieldset", { className: "tool-kinds", onchange: ({ target }) => { isArea = target.value === "area"; tell(); } },
    el("legend", { className: "unseen" }, texts.measureWhat), kind("length", texts.length, true), kind("area", texts.area, false));
  content.append(kinds, status, running, hint, el("div", { className: "tool-buttons" }, undo, finish, clear, copy),
    el("p", { className: "tool-note" }, fill(texts.measureNote, { name: facts.plane.name })));
  engine.take(add);
  const unfollow = engine.follow(preview);
  const map = $("#map");
  map.addEventListener("keydown", onKey);
  map.addEventListener("dblclick", end);
  tell();

  function add(lng, lat) {
    if (isDone) begin();
    const place = { at: [lng, lat], plane: forward(facts.plane.definition, [lng, lat]) };
    const last = points.at(-1);
    if (last && length([last.plane, place.plane]) < SAME_M) return;
    points.push(place);
    tell();
  }

  function takeBack() {
    points.pop();
    isDone = false;
    tell();
  }

  function end() {
    isDone = points.length > 1;
    tell();
  }

  function begin() {
    [points, isDone] = [[], false];
    tell();
  }

  function onKey(event) {
    if (event.key !== "Backspace" && event.key !== "Delete") return;
    event.preventDefault();
    takeBack();
  }

  function tell() {
    const plane = points.map((point) => point.plane);
    const told = isArea && points.length > 2 ? areaWords(plane, texts) : lengthWords(plane, texts);
    status.textContent = points.length ? told : texts.measureBegin;
    content.dataset.told = told;
    content.dataset.points = points.length;
    content.dataset.places = JSON.stringify(points.map((point) => point.at));
    content.dataset.length_m = length(plane, isArea && points.length > 2);
    content.dataset.area_m2 = isArea && points.length > 2 && !crossesItself(plane) ? area(plane) : "";
    drawn.show(shape(points.map((point) => point.at), isArea));
    next.show(null);
    running.textContent = "";
    hint.textContent = isDone ? texts.measureAgain : texts.measureHint;
    undo.disabled = clear.disabled = !points.length;
    finish.disabled = points.length < 2 || isDone;
    copy.disabled = points.length < 2;
  }

  /** The side to where the pointer is. Seen only: it would be spoken without end. */
  function preview(lng, lat) {
    if (isDone || !points.length) return;
    const last = points.at(-1);
    const here = forward(facts.plane.definition, [lng, lat]);
    const closing = isArea && points.length > 1 ? [points[0].at] : [];
    next.show({ type: "LineString", coordinates: [last.at, [lng, lat], ...closing] });
    running.textContent = fill(texts.running, { length: metres(length([last.plane, here]), texts) });
  }

  function close() {
    engine.take(null);
    unfollow();
    drawn.remove();
    next.remove();
    map.removeEventListener("keydown", onKey);
    map.removeEventListener("dblclick", end);
  }

  return { close };
}

function button(label, onclick) {
  return el("button", { type: "button", className: "quiet", onclick, disabled: true }, label);
}

function kind(value, label, checked) {
  return el("label", {}, el("input", { type: "radio", name: "measure-kind", value, checked }), el("span", {}, label));
}

function shape(places, isArea) {
  const dots = places.map((coordinates) => feature("Point", coordinates));
  if (places.length < 2) return { type: "FeatureCollection", features: dots };
  const outline = isArea && places.length > 2 ? feature("Polygon", [[...places, places[0]]]) : feature("LineString", places);
  return { type: "FeatureCollection", features: [outline, ...dots] };
}

const feature = (type, coordinates) => ({ type: "Feature", properties: {}, geometry: { type, coordinates } });

function metres(value, texts) {
  return value < 1000 ? fill(texts.metres, { value: number(value, 2) }) : fill(texts.kilometres, { value: number(value / 1000, 3) });
}

function lengthWords(plane, texts) {
  const whole = fill(texts.lengthIs, { length: metres(length(plane), texts), count: number(plane.length, 0) });
  return plane.length < 3 ? whole : `${whole} ${fill(texts.lastSide, { length: metres(length(plane.slice(-2)), texts) })}`;
}

function areaWords(plane, texts) {
  if (crossesItself(plane)) return texts.crossing;
  const m2 = area(plane);
  const size = fill(texts.areaIs, { m2: number(m2, m2 < 1000 ? 1 : 0), dka: number(m2 / 1000, 2), ha: number(m2 / 10_000, 2) });
  return `${size} ${fill(texts.perimeterIs, { length: metres(length(plane, true), texts) })}`;
}
