// The search field: an editable combobox with a list (WAI-ARIA Authoring Practices), operated by keyboard, mouse or touch.

import { ask, el } from "portal/dom";

const PAUSE_MS = 160;
const SHORTEST = 2;

export class Search {
  /** `onChoose(hit)` gets one result of the site's search. */
  constructor({ input, list, status, path, texts, onChoose }) {
    Object.assign(this, { input, list, status, path, texts, onChoose, hits: [], active: -1 });
    input.addEventListener("input", () => this.later());
    input.addEventListener("focus", () => this.hits.length && this.open());
    input.addEventListener("blur", () => setTimeout(() => this.close(), 150));
    input.addEventListener("keydown", (event) => this.key(event));
    input.form.addEventListener("submit", (event) => event.preventDefault());
  }

  later() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.look(), PAUSE_MS);
  }

  async look() {
    const q = this.input.value.trim();
    this.request?.abort();
    if (q.length < SHORTEST) return this.show([], "");
    this.request = new AbortController();
    this.status.textContent = this.texts.searching;
    try {
      const { results } = await ask(this.path, { q }, this.request.signal);
      this.show(results, results.length ? this.texts.hits.replace("{count}", results.length) : this.texts.noHits);
    } catch (problem) {
      if (problem.name !== "AbortError") this.show([], this.texts.searchFailed);
    }
  }

  show(hits, told) {
    Object.assign(this, { hits, active: -1 });
    this.status.textContent = told;
    this.input.removeAttribute("aria-activedescendant");
    const options = hits.map((hit, i) =>
      el("li", { role: "option", id: `hit-${i}`, "aria-selected": "false", onmousedown: (event) => event.preventDefault(), onclick: () => this.choose(i) },
        el("span", { className: "hit" }, hit.title), el("small", {}, [hit.kind, hit.detail].filter(Boolean).join(" · "))));
    const empty = told && !hits.length ? [el("li", { className: "none", role: "option", "aria-disabled": "true", "aria-selected": "false" }, told)] : [];
    this.list.replaceChildren(...options, ...empty);
    if (options.length || empty.length) this.open();
    else this.close();
  }

  open() {
    this.list.hidden = false;
    this.input.setAttribute("aria-expanded", "true");
  }

  close() {
    this.list.hidden = true;
    this.input.setAttribute("aria-expanded", "false");
  }

  key(event) {
    const moves = { ArrowDown: 1, ArrowUp: -1 };
    if (moves[event.key] && this.hits.length) {
      event.preventDefault();
      this.open();
      this.mark((this.active + moves[event.key] + this.hits.length + (this.active < 0 && event.key === "ArrowUp" ? 1 : 0)) % this.hits.length);
    } else if (event.key === "Escape") {
      if (this.list.hidden) this.input.value = "";
      this.close();
    } else if (event.key === "Enter") {
      event.preventDefault();
      if (this.hits.length) this.choose(Math.max(this.active, 0));
      else this.look();
    }
  }

  mark(index) {
    this.list.children[this.active]?.setAttribute("aria-selected", "false");
    this.active = index;
    const option = this.list.children[index];
    option.setAttribute("aria-selected", "true");
    option.scrollIntoView({ block: "nearest" });
    this.input.setAttribute("aria-activedescendant", option.id);
  }

  choose(index) {
    const hit = this.hits[index];
    this.input.value = hit.title;
    this.close();
    this.onChoose(hit);
  }
}
