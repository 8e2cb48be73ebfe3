// Coordinates of a place in the systems in use: live under the pointer, held by a click, a tap or Enter. North is written first.

import { el } from "portal/dom";
import { copyButton, fill, number, spoken } from "portal/tools/parts";
import { forward, inverse } from "portal/tools/plane";

export { prepare } from "portal/tools/plane";

const MARK = { color: "#b4005a", weight: 3, opacity: 1, fillColor: "#ffffff", radius: 7 };
// A millimetre.
const [METRE_DIGITS, DEGREE_DIGITS] = [3, 8];

export function open({ content, engine, facts, texts }) {
  const mark = engine.sketch(MARK);
  const status = spoken();
  const rows = facts.systems.map((system) => row(system, texts, status));
  let held = false;
  const hint = el("p", { className: "tool-hint" }, texts.coordinatesHint);
  content.append(hint, el("dl", { className: "systems" }, ...rows.map((one) => one.element)), status, finder());
  const { lng, lat } = engine.view();
  show(lng, lat);
  engine.take(hold);
  const unfollow = engine.follow((...place) => held || show(...place));

  function show(lng, lat) {
    rows.forEach((one) => one.show(placeIn(one.system, lng, lat)));
  }

  function hold(lng, lat) {
    held = true;
    show(lng, lat);
    mark.show({ type: "Point", coordinates: [lng, lat] });
    hint.textContent = texts.heldHint;
    // It stands above for those who see.
    status.replaceChildren(el("span", { className: "unseen" }, fill(texts.held, { place: rows[0].words() })));
  }

  /** The way back: to a place whose coordinates somebody has. */
  function finder() {
    const north = el("input", { name: "north", inputMode: "decimal", autocomplete: "off", required: true, "aria-label": texts.north });
    const east = el("input", { name: "east", inputMode: "decimal", autocomplete: "off", required: true, "aria-label": texts.east });
    const system = el("select", { name: "system", "aria-label": texts.system }, ...facts.systems.map((one) => el("option", { value: one.srid }, one.short)));
    const go = (event) => {
      event.preventDefault();
      const place = read(facts.systems.find((one) => String(one.srid) === system.value), north.value, east.value);
      if (!place || !inside(place, facts.extent)) return (status.textContent = texts.notHere);
      engine.setView({ lng: place[0], lat: place[1], zoom: Math.max(engine.view().zoom, 18) });
      hold(...place);
    };
    return el("details", { className: "finder" }, el("summary", {}, texts.goTo),
      el("form", { onsubmit: go }, system, labelled(texts.north, north), labelled(texts.east, east), el("button", { className: "quiet" }, texts.go)));
  }

  return {
    close() {
      engine.take(null);
      unfollow();
      mark.remove();
    },
  };
}

const labelled = (label, field) => el("label", {}, el("span", { "aria-hidden": "true" }, label), field);

/** One system: its name, north and east, a button that copies them with points as decimals signs. */
function row(system, texts, status) {
  const value = el("span", { className: "numbers" });
  let at = [0, 0];
  const plain = () => at.map((part) => part.toFixed(digits(system))).join(", ");
  const copy = copyButton(texts, status, plain, texts.copy, fill(texts.copyIn, { name: system.short }));
  const words = () => (system.isGeographic ? degreeWords(at) : `N\u00a0${number(at[0], METRE_DIGITS)} · E\u00a0${number(at[1], METRE_DIGITS)}`);
  const show = ([east, north]) => {
    at = [north, east];
    value.textContent = system.isGeographic ? `${words()}\n${dms(north, "N", "S")} ${dms(east, "E", "W")}` : `${words()}\u00a0m`;
    value.dataset.north = north.toFixed(digits(system));
    value.dataset.east = east.toFixed(digits(system));
  };
  const element = el("div", { "data-system": system.srid }, el("dt", {}, system.name), el("dd", {}, value, copy));
  return { system, element, show, words };
}

const digits = (system) => (system.isGeographic ? DEGREE_DIGITS : METRE_DIGITS);
const placeIn = (system, lng, lat) => (system.isGeographic ? [lng, lat] : forward(system.definition, [lng, lat]));
const degreeWords = ([north, east]) => `N\u00a0${number(north, DEGREE_DIGITS)}° · E\u00a0${number(east, DEGREE_DIGITS)}°`;

function dms(value, positive, negative) {
  // To a thousandth of a second, three centimetres; rounded as a whole, so that no 60″ appear.
  const thousandths = Math.round(Math.abs(value) * 3_600_000);
  const [degrees, minutes, seconds] = [Math.floor(thousandths / 3_600_000), Math.floor(thousandths / 60_000) % 60, (thousandths % 60_000) / 1000];
  return `${value < 0 ? negative : positive}\u00a0${degrees}°${String(minutes).padStart(2, "0")}′${number(seconds, 3).padStart(6, "0")}″`;
}

/** Degrees from what somebody typed, with a comma or a point; null when it is no number. */
function read(system, ...typed) {
  const [north, east] = typed.map((text) => Number(text.replace(/[\s ]/g, "").replace(",", ".") || NaN));
  if (!Number.isFinite(north) || !Number.isFinite(east)) return null;
  return system.isGeographic ? [east, north] : inverse(system.definition, [east, north]);
}

const inside = ([lng, lat], [west, south, east, north]) => lng >= west && lng <= east && lat >= south && lat <= north;
