// The plots that match: asked for, swapped in, and tied to their outlines on the map, both ways.

import { termsOfClick } from "portal/address";
import { $, $$, ask, el } from "portal/dom";
import { holds } from "portal/geometry";

export class Results {
  /** `list` holds the rows, `told` says how many there are; `on` = { hover(feature|null), show(id), terms(query), again() }. */
  constructor({ list, told, path, texts, found, on }) {
    Object.assign(this, { list, told, path, texts, on, shapes: found.shapes, selected: null });
    for (const name of ["pointerover", "focusin"]) list.addEventListener(name, ({ target }) => this.point(rowOf(target)));
    for (const name of ["pointerleave", "focusout"]) list.addEventListener(name, () => this.point(null));
    list.addEventListener("click", (event) => this.click(event));
    this.tell("idle");
  }

  /** For tests and other programs; what is shown is no longer what is asked for while it is busy. */
  tell(state) {
    document.documentElement.dataset.results = state;
    this.list.ariaBusy = String(state === "busy");
  }

  /** What matches `terms`, as the server answered; null when something else was asked for meanwhile. */
  async look(terms) {
    this.request?.abort();
    const request = (this.request = new AbortController());
    this.tell("busy");
    try {
      const found = await ask(`${this.path}?${terms}`, {}, request.signal);
      this.request = null;
      return found;
    } catch (problem) {
      if (this.request === request) this.request = null;
      // What is wrong with a term stands beside its field.
      if (problem.content?.results) return problem.content;
      if (problem.name !== "AbortError") this.fail();
      return null;
    }
  }

  /** Nothing else is asked for than what is shown or under way. */
  settle() {
    if (!this.request) this.tell("idle");
  }

  fail() {
    const again = el("button", { type: "button", className: "quiet", onclick: () => this.on.again() }, this.texts.retry);
    $(".results-failed", this.list)?.remove();
    this.list.prepend(el("p", { className: "message warning results-failed", role: "alert" }, el("span", {}, this.texts.resultsFailed), again));
    this.tell("failed");
  }

  show(found) {
    const kept = keyOf(document.activeElement, this.list);
    this.list.replaceChildren(...new DOMParser().parseFromString(found.results, "text/html").body.childNodes);
    this.shapes = found.shapes;
    this.told.textContent = found.told;
    this.mark(this.selected);
    if (kept) ($(kept, this.list) ?? this.list).focus({ preventScroll: true });
    this.tell("idle");
  }

  /** Mark the row of the plot that is selected. */
  mark(id) {
    this.selected = id;
    for (const row of $$("[data-plot]", this.list)) row.toggleAttribute("data-selected", row.dataset.plot === id);
  }

  /** Lift a row and its outline out, or none. */
  point(row) {
    if (row === this.pointed) return;
    this.pointed?.classList.remove("pointed");
    this.pointed = row;
    row?.classList.add("pointed");
    const geometry = row && this.shapes[row.dataset.plot];
    this.on.hover(geometry ? { type: "Feature", geometry } : null);
  }

  /** The pointer is at a place of the map; whether a listed plot lies there. */
  pointAt(lng, lat) {
    const id = Object.keys(this.shapes).find((one) => holds(this.shapes[one], lng, lat));
    const row = id ? $(`[data-plot="${id}"]`, this.list) : null;
    this.point(row);
    row?.scrollIntoView({ block: "nearest" });
    return row !== null;
  }

  click(event) {
    const terms = termsOfClick(event);
    if (terms !== null) return this.on.terms(terms);
    const link = event.target.closest("[data-show]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    this.on.show(link.dataset.show);
  }
}

const rowOf = (element) => element.closest("[data-plot]");

/** How to find what is focused again after the list was swapped; what has no name of its own gives way to the list. */
function keyOf(element, list) {
  if (!list.contains(element)) return null;
  const row = rowOf(element)?.dataset.plot;
  const own = element.id ? `#${CSS.escape(element.id)}` : "";
  return row ? `[data-plot="${row}"] ${own || element.localName}` : own || ":scope";
}
