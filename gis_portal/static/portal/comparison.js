// The comparison's own page: what this browser keeps is offered, and follows what is taken out or put elsewhere here.

import { copyText } from "portal/copying";
import { address, replace, shortlisted } from "portal/shortlist";

const $ = (selector) => document.querySelector(selector);
const here = [...document.querySelectorAll("[data-without]")].map((link) => link.dataset.without);
const isOwn = () => same(here, shortlisted());

/** Whether both lists hold the same, in whatever order. */
function same(some, others) {
  return some.length === others.length && some.every((one) => others.includes(one));
}

// The links lead to the same comparison without a plot, or in another order; where it is this browser's own, what the
// browser keeps becomes what the link shows.
for (const link of document.querySelectorAll("[data-without], [data-move]")) {
  link.addEventListener("click", () => isOwn() && replace(named(link.href)));
}

/** The plots that a comparison's address names. */
function named(href) {
  const list = new URL(href).searchParams.get("plots");
  return list ? list.split(",").map(decodeURIComponent) : [];
}

const keep = $("[data-keep-these]");
if (keep) {
  document.addEventListener("shortlist", offerToKeep);
  keep.addEventListener("click", () => replace(here));
  offerToKeep();
}

function offerToKeep() {
  keep.hidden = isOwn();
}

const copy = $("[data-copy-link]");
if (copy) {
  copy.hidden = false;
  copy.addEventListener("click", () => copyText(location.href, copy, copy.dataset.done));
}
const print = $("[data-print]");
if (print) {
  print.hidden = false;
  print.addEventListener("click", () => window.print());
}

const kept = $("[data-kept]");
if (kept) {
  document.addEventListener("shortlist", offerKept);
  offerKept();
}

function offerKept() {
  const now = shortlisted();
  kept.hidden = !now.length;
  $("[data-none]").hidden = now.length > 0;
  $("[data-kept-codes]").textContent = now.map((one) => one.slice(one.indexOf("/") + 1)).join(", ");
  $("[data-kept-link]").href = address(now);
}
