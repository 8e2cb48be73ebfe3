// The card of what was picked: attributes, offers, coordinates to copy, other things at the same place, and where to go on.

import { el } from "portal/dom";
import { copyText } from "portal/copying";

/** Show `feature`; `others` lie at the same place. `on` = {choose(feature), hover(feature|null), close()}. */
export function showCard(place, feature, others, texts, on) {
  const { title, layerTitle, status, rows, notice, related, coordinates, data, history, page } = feature.properties;
  const offers = related.map((part) => el("section", { className: "related" }, el("h3", {}, part.title), table(part.rows)));
  const parts = [
    el("header", { className: "card-head" },
      el("div", {},
        el("p", { className: "kind" }, layerTitle),
        el("h2", { id: "card-title", tabIndex: -1 }, title || layerTitle),
        status && el("span", { className: "status", "data-status": status.code }, status.label)),
      el("button", { type: "button", className: "close", "aria-label": texts.close, onclick: on.close }, "×")),
    others.length ? alsoHere(others, texts, on) : null,
    page && el("a", { className: "button primary wide", href: inLanguage(page) }, texts.plotPage),
    table(rows),
    notice && el("p", { className: "notice-line" }, notice),
    ...offers,
    el("section", {}, el("h3", {}, texts.coordinates), ...coordinates.map((one) => copyable(one, texts))),
    el("p", { className: "onward" }, link(texts), el("a", { href: data }, texts.data), history && el("a", { href: history }, texts.history)),
  ];
  place.replaceChildren(...parts.filter(Boolean));
  place.setAttribute("aria-labelledby", "card-title");
  place.hidden = false;
}

/** Whoever chose a language keeps it. */
function inLanguage(page) {
  const address = new URL(page, location.origin);
  const chosen = new URLSearchParams(location.search).get("lang");
  if (chosen) address.searchParams.set("lang", chosen);
  return address.href;
}

export function clearCard(place) {
  place.hidden = true;
  place.removeAttribute("aria-labelledby");
  place.replaceChildren();
}

function table(rows) {
  return el("dl", { className: "facts" }, ...rows.map((row) => el("div", {}, el("dt", {}, row.label), el("dd", {}, row.value))));
}

function copyable({ label, value }, texts) {
  const button = el("button", { type: "button", className: "quiet", "aria-label": `${texts.copy}: ${label}` }, texts.copy);
  button.addEventListener("click", () => copyText(value, button, texts.copied));
  return el("div", { className: "copyable" }, el("span", {}, el("small", {}, label), el("code", {}, value)), button);
}

function link(texts) {
  const button = el("button", { type: "button", className: "quiet" }, texts.link);
  button.addEventListener("click", () => copyText(location.href, button, texts.copied));
  return button;
}

function alsoHere(others, texts, on) {
  const choices = others.map((other) => {
    const { layerTitle, title } = other.properties;
    const button = el("button", { type: "button", onclick: () => on.choose(other) }, el("small", {}, layerTitle), el("span", {}, title || "–"));
    for (const name of ["mouseenter", "focus"]) button.addEventListener(name, () => on.hover(other));
    for (const name of ["mouseleave", "blur"]) button.addEventListener(name, () => on.hover(null));
    return el("li", {}, button);
  });
  return el("section", { className: "also" }, el("h3", {}, texts.alsoHere), el("ul", {}, ...choices));
}
