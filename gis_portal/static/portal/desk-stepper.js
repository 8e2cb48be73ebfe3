// Steps through the items of a change set in place: details, table, map and address go along. Every link of it works
// without this script, too.
import { page, parsed } from "portal/desk-fragments";

const KEPT = "desk-keys";
const TYPING = "input, textarea, select, [contenteditable], .leaflet-container, [role=listbox]";
const STEPS = { j: "next", k: "prev", ArrowRight: "next", ArrowLeft: "prev" };

export class Stepper {
  constructor(workspace) {
    this.workspace = workspace;
    this.details = workspace.querySelector("[data-details]");
    this.map = workspace.querySelector("[data-diffmap]");
    this.announced = workspace.querySelector("[data-announce]");
    if (!this.details) return;
    this.known = new Map();
    document.addEventListener("click", (event) => this.onClick(event));
    document.addEventListener("keydown", (event) => this.onKey(event));
    document.addEventListener("submit", (event) => this.onSubmit(event));
    window.addEventListener("popstate", () => this.show(new URLSearchParams(location.search).get("item"), "none"));
    this.map?.addEventListener("diffmap:select", ({ detail }) => detail.by === "map" && this.show(detail.item, "push"));
    this.map?.addEventListener("diffmap:ready", () => this.tellMap());
    this.offerKeys();
    this.lookAhead();
  }

  get item() {
    return this.details.querySelector("[data-item]")?.dataset.item;
  }

  /** Single letters as keys can be switched off (WCAG 2.1.4), and stay so in this browser. */
  offerKeys() {
    const box = this.workspace.querySelector("[data-keys]");
    this.keys = box;
    box.checked = localStorage.getItem(KEPT) !== "off";
    box.addEventListener("change", () => localStorage.setItem(KEPT, box.checked ? "on" : "off"));
    box.closest("[hidden]").hidden = false;
  }

  onClick(event) {
    const link = event.target.closest("a[data-step]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
    event.preventDefault();
    this.show(link.dataset.step, "push", link.closest("[data-details]") ? link.rel : "");
  }

  onKey(event) {
    const rel = STEPS[event.key];
    if (!rel || event.ctrlKey || event.metaKey || event.altKey || event.target.closest(TYPING)) return;
    if (event.key.length === 1 && !this.keys.checked) return;
    const link = this.details.querySelector(`a[rel=${rel}]`);
    if (!link) return;
    event.preventDefault();
    this.show(link.dataset.step, "push");
  }

  address(item) {
    const { workspace, query } = this.workspace.dataset;
    const lang = new URLSearchParams(location.search).get("lang");
    const words = [query, lang && `lang=${encodeURIComponent(lang)}`].filter(Boolean).join("&");
    return { fragment: `${workspace}items/${item}/?${words}`, page: `${workspace}?item=${item}${words && `&${words}`}` };
  }

  /** Put `item` in place; `history` says whether the address goes along, `focus` which button keeps the focus. */
  async show(item, history, focus = "") {
    if (!item) return;
    const { fragment, page: address } = this.address(item);
    this.wanted = String(item);
    try {
      const text = await this.fetched(fragment);
      if (this.wanted !== String(item)) return;
      this.place(text, focus);
    } catch {
      location.assign(address);
      return;
    }
    if (history === "push") window.history.pushState(null, "", address);
    this.mark();
    this.tellMap();
    this.lookAhead();
  }

  /** Asked once: what was fetched ahead is there when its turn comes. */
  fetched(address) {
    if (!this.known.has(address)) {
      const asked = page(address);
      this.known.set(address, asked);
      asked.catch(() => this.known.delete(address));
    }
    return this.known.get(address);
  }

  lookAhead() {
    const next = this.details.querySelector("a[rel=next]")?.dataset.step;
    if (next) this.fetched(this.address(next).fragment).catch(() => {});
  }

  place(text, focus) {
    const typed = this.details.contains(document.activeElement);
    this.details.replaceChildren(...parsed(text).body.childNodes);
    const title = this.details.querySelector("#item-title");
    this.announced.textContent = `${this.details.querySelector(".position").textContent.trim()}: ${title.textContent.trim()}`;
    const button = focus && this.details.querySelector(`a[rel=${focus}]`);
    if (button || typed) (button || this.details.querySelector("#details")).focus({ preventScroll: true });
  }

  mark() {
    for (const row of this.workspace.querySelectorAll("[data-row]")) {
      const isHere = row.dataset.row === this.item;
      row.toggleAttribute("aria-current", isHere);
      if (!isHere) continue;
      row.setAttribute("aria-current", "true");
      const box = row.closest(".scrolls");
      const place = row.offsetTop - box.clientHeight / 2;
      box.scrollTo({ top: place });
    }
  }

  tellMap() {
    if (!this.item) return;
    this.map?.dispatchEvent(new CustomEvent("diffmap:select", { bubbles: true, detail: { item: Number(this.item) } }));
  }

  /** A comment on the item leaves the reviewer where they are; anything that goes wrong is told by the whole page. */
  async onSubmit(event) {
    const form = event.target.closest("form[data-quietly]");
    if (!form) return;
    event.preventDefault();
    const item = this.item;
    try {
      await page(form.action, { method: "POST", body: new FormData(form) });
    } catch {
      form.submit();
      return;
    }
    this.known.clear();
    await this.show(item, "none");
  }
}
