// The form of filters: what is chosen becomes terms. On wide screens it stands beside the list, elsewhere it opens over all.

import { termsOf, termsOfClick } from "portal/address";
import { $, el } from "portal/dom";
import { patch } from "portal/patch";

// A visitor who types has not finished yet.
const TYPING_MS = 400;
const WIDE = matchMedia("(min-width: 1200px)");

export class Filters {
  /** `place` holds the form, `button` opens it; `on` = { busy() as soon as something changes, same(), terms(query) }. */
  constructor({ place, button, texts, found, on }) {
    Object.assign(this, { place, button, on, home: place.parentElement, next: place.nextElementSibling });
    this.last = this.terms;
    this.done = el("button", { type: "button", className: "button primary wide", onclick: () => this.close() });
    this.dialog = el("dialog", { className: "filters-view", "aria-label": texts.filters },
      el("header", {}, el("h2", {}, texts.filters),
        el("button", { type: "button", className: "close", "aria-label": texts.close, onclick: () => this.close() }, "×")),
      el("footer", {}, this.done));
    this.dialog.addEventListener("close", () => this.home.insertBefore(place, this.next));
    document.body.append(this.dialog);
    this.tell(found);
    button.addEventListener("click", () => this.toggle());
    WIDE.addEventListener("change", () => this.close());
    place.addEventListener("input", ({ target }) => this.later(["checkbox", "radio", "select-one", "range"].includes(target.type) ? 0 : TYPING_MS));
    place.addEventListener("change", () => this.later(0));
    place.addEventListener("click", (event) => {
      const terms = termsOfClick(event);
      if (terms === null) return;
      $("input, select", place).focus();
      on.terms(terms);
    });
    place.addEventListener("submit", (event) => {
      event.preventDefault();
      this.later(0);
      this.close();
    });
  }

  get terms() {
    return termsOf(new FormData($("form", this.place)));
  }

  later(pause) {
    clearTimeout(this.timer);
    if (this.terms === this.last) return this.on.same();
    this.on.busy();
    this.timer = setTimeout(() => {
      this.last = this.terms;
      this.on.terms(this.last);
    }, pause);
  }

  /** What the server made of the terms: counts, what is impossible, and values as they are understood. */
  show({ filters, show, chosen }) {
    patch($("form", this.place), $("form", new DOMParser().parseFromString(filters, "text/html")));
    this.last = this.terms;
    this.tell({ show, chosen });
  }

  tell({ show, chosen }) {
    this.done.textContent = show;
    const badge = $("[data-chosen]", this.button);
    badge.textContent = chosen;
    badge.hidden = !chosen;
  }

  toggle() {
    const stage = this.home.closest(".stage");
    if (!WIDE.matches) {
      this.dialog.lastElementChild.before(this.place);
      this.dialog.showModal();
    } else if (stage.dataset.filters === "open") delete stage.dataset.filters;
    else stage.dataset.filters = "open";
    this.button.setAttribute("aria-expanded", String(WIDE.matches && stage.dataset.filters === "open"));
  }

  close() {
    if (this.dialog.open) this.dialog.close();
  }
}
