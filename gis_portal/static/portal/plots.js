// The list of plots answers while filters are chosen: the same page is asked for, and what differs is put in place.
// Without this script the form has its button and every filter its link.

import { $, $$ } from "portal/dom";
import { patch } from "portal/patch";

const TYPING_MS = 500;
const PARTS = ["#filter-form", "#results", ".at", "[data-export]", "[data-map-link]", ".filters-button"];
const form = $("#filter-form");
const root = document.documentElement;
let timer;
let request;

/** The page's address with what the form holds; empty fields say nothing. */
function addressOfForm() {
  const given = [...new FormData(form)].filter(([name, value]) => value && !(name === "price_period" && value === "once"));
  const query = new URLSearchParams(given.filter(([name, value]) => !(name === "area_unit" && value === "m2"))).toString();
  return `${location.pathname}${query ? `?${query}` : ""}`;
}

async function show(address, step = true) {
  clearTimeout(timer);
  request?.abort();
  const mine = (request = new AbortController());
  root.dataset.results = "busy";
  try {
    const answer = await fetch(address, { signal: mine.signal, headers: { Accept: "text/html" } });
    // What was refused comes with the form and its errors, too.
    if (!answer.ok && answer.status !== 400) throw new Error(answer.status);
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
    if (!$("#results", fresh)) throw new Error(answer.status);
    if (step) history.pushState(null, "", address);
    for (const part of PARTS) if ($(part) && $(part, fresh)) take($(part), $(part, fresh));
    $("#told").textContent = $(".found-count, .empty h2", fresh)?.textContent.trim() ?? "";
    root.dataset.results = "idle";
  } catch (problem) {
    if (problem.name !== "AbortError") location.assign(address);
  }
}

function take(old, fresh) {
  for (const { name, value } of fresh.attributes) if (name !== "data-results") old.setAttribute(name, value);
  if (old.id === "results") old.replaceChildren(...fresh.childNodes);
  else patch(old, fresh);
}

function later(pause) {
  root.dataset.results = "busy";
  clearTimeout(timer);
  timer = setTimeout(() => show(addressOfForm()), pause);
}

form.addEventListener("input", ({ target }) => later(["checkbox", "radio", "select-one"].includes(target.type) ? 0 : TYPING_MS));
form.addEventListener("submit", (event) => {
  event.preventDefault();
  if ($("#filters").matches(":popover-open")) $("#filters").hidePopover();
  show(addressOfForm());
});
document.addEventListener("click", (event) => {
  const link = event.target.closest?.("a[href^='?']");
  if (!link || !link.closest("#results, #filter-form") || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
  event.preventDefault();
  show(`${location.pathname}${link.getAttribute("href").replace(/^\?$/, "")}`).then(() => {
    if (link.rel) $("#results").scrollIntoView();
    $("#results").focus({ preventScroll: true });
  });
});
addEventListener("popstate", () => show(location.pathname + location.search, false));
for (const button of $$("[data-apply]", form)) button.classList.add("scripted");
