// The map on paper at a true scale: a frame on the map shows what will be on the sheet, the server draws it.

import { el } from "portal/dom";
import { fill, number, spoken } from "portal/tools/parts";
import { forward, inverse } from "portal/tools/plane";

export { prepare } from "portal/tools/plane";

const FRAME = { color: "#17232d", weight: 2, opacity: 1, dashArray: "8 6", fillColor: "#17232d", fillOpacity: 0.06 };
const MM_PER_M = 1000;

export function open({ content, engine, facts, texts, state }) {
  const frame = engine.sketch(FRAME);
  const status = spoken();
  const print = facts.print;
  const make = el("button", { type: "submit", className: "strong" }, texts.printMake);
  const scale = el("select", { name: "scale", id: "print-scale" }, ...print.scales.map((one) => el("option", { value: one, selected: one === nearest() }, `1 : ${number(one, 0)}`)));
  const form = el("form", { className: "tool-form", onsubmit: send, onchange: outline },
    labelled(texts.printScale, scale),
    choices(texts.printPaper, "paper", [["a4", "A4"], ["a3", "A3"]]),
    choices(texts.printTurn, "turn", [["portrait", texts.portrait], ["landscape", texts.landscape]]),
    labelled(texts.printTitle, el("input", { name: "title", id: "print-title", maxLength: print.titleMax, autocomplete: "off" })), make);
  content.append(el("p", { className: "tool-hint" }, texts.printHint), form, status);
  const unfollow = engine.moved(outline);
  outline();

  /** The scale at which the sheet holds about what the window shows. */
  function nearest() {
    const [, south, , north] = engine.extent();
    const seen_m = (north - south) * 111_320;
    const [, tall_mm] = print.sizes.a4.portrait;
    return print.scales.find((one) => (tall_mm / MM_PER_M) * one >= seen_m * 0.6) ?? print.scales.at(-1);
  }

  function outline() {
    const { lng, lat } = engine.view();
    const [east, north] = forward(facts.plane.definition, [lng, lat]);
    const { paper, turn } = form.elements;
    const [wide, tall] = print.sizes[paper.value][turn.value].map((mm) => (mm / MM_PER_M) * Number(scale.value));
    const corners = [[-1, -1], [1, -1], [1, 1], [-1, 1], [-1, -1]].map(([x, y]) =>
      inverse(facts.plane.definition, [east + (x * wide) / 2, north + (y * tall) / 2]));
    frame.show({ type: "Polygon", coordinates: [corners] });
  }

  async function send(event) {
    event.preventDefault();
    const { lng, lat } = engine.view();
    const { layers } = state();
    const address = new URL(print.path, location.origin);
    const wishes = { lng: lng.toFixed(8), lat: lat.toFixed(8), ...Object.fromEntries(new FormData(form)), lang: document.documentElement.lang };
    for (const [name, value] of Object.entries(wishes)) address.searchParams.set(name, value);
    if (layers !== null) address.searchParams.set("layers", layers);
    if (document.documentElement.dataset.at) address.searchParams.set("at", document.documentElement.dataset.at);
    make.disabled = true;
    status.textContent = texts.printing;
    try {
      status.replaceChildren(await fetched(address, texts));
    } catch (problem) {
      status.textContent = problem.told ?? texts.notLoaded;
    }
    make.disabled = false;
  }

  return {
    close() {
      unfollow();
      frame.remove();
    },
  };
}

/** Saves the PDF, and gives a link to it for whoever lost it. */
async function fetched(address, texts) {
  const answer = await fetch(address, { headers: { Accept: "application/pdf, application/json" } });
  if (!answer.ok) {
    const { detail, hint } = await answer.json().catch(() => ({}));
    throw Object.assign(new Error(address.href), { told: [detail, hint].filter(Boolean).join(" ") || undefined });
  }
  const name = /filename="?([^";]+)/.exec(answer.headers.get("Content-Disposition") ?? "")?.[1] ?? "map.pdf";
  const link = el("a", { href: URL.createObjectURL(await answer.blob()), download: name }, fill(texts.printed, { name }));
  link.click();
  return link;
}

const labelled = (label, field) => el("p", { className: "field" }, el("label", { htmlFor: field.id }, label), field);

function choices(label, name, options) {
  const made = options.map(([value, word], i) => el("label", {}, el("input", { type: "radio", name, value, checked: i === 0 }), el("span", {}, word)));
  return el("fieldset", { className: "tool-kinds" }, el("legend", {}, label), ...made);
}
