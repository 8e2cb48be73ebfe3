// The layer switcher. The check boxes are the state; themes are switched as a whole or layer by layer.

import { $, $$ } from "portal/dom";
import { swatch } from "portal/swatch";

export class LayerSwitcher {
  /** `onChange(keys)` gets the set of visible layers after each change. */
  constructor(root, onChange) {
    this.root = root;
    this.boxes = $$("input[name=layer]", root);
    this.first = this.visible();
    root.addEventListener("change", (event) => {
      const theme = event.target.dataset.themeToggle;
      if (theme) this.inTheme(theme).forEach((box) => (box.checked = event.target.checked));
      this.mark();
      onChange(this.visible());
    });
    this.mark();
  }

  visible() {
    return new Set(this.boxes.filter((box) => box.checked).map((box) => box.value));
  }

  show(keys) {
    this.boxes.forEach((box) => (box.checked = keys.has(box.value)));
    this.mark();
  }

  inTheme(theme) {
    return this.boxes.filter((box) => box.closest("[data-theme]").dataset.theme === theme);
  }

  /** For the address: a theme that is shown whole by `*theme`, other layers by their keys; null when nothing was changed. */
  toAddress() {
    const keys = this.visible();
    if (keys.size === this.first.size && [...keys].every((key) => this.first.has(key))) return null;
    const words = [];
    for (const toggle of $$("[data-theme-toggle]", this.root)) {
      const boxes = this.inTheme(toggle.dataset.themeToggle);
      if (boxes.every((box) => box.checked)) words.push(`*${toggle.dataset.themeToggle}`);
      else words.push(...boxes.filter((box) => box.checked).map((box) => box.value));
    }
    return words.join(",");
  }

  /** Keys for the words of an address; words that mean nothing any more are passed over. */
  fromAddress(words) {
    if (words === null) return this.first;
    const keys = words.split(",").flatMap((word) => (word.startsWith("*") ? this.inTheme(word.slice(1)).map((box) => box.value) : [word]));
    const known = new Set(this.boxes.map((box) => box.value));
    return new Set(keys.filter((key) => known.has(key)));
  }

  mark() {
    for (const toggle of $$("[data-theme-toggle]", this.root)) {
      const boxes = this.inTheme(toggle.dataset.themeToggle);
      const shown = boxes.filter((box) => box.checked).length;
      toggle.checked = shown > 0;
      toggle.indeterminate = shown > 0 && shown < boxes.length;
    }
  }

  /** Layers that are not drawn at this map zoom yet are marked, and say so. */
  zoomed(zoom, hint) {
    for (const box of this.boxes) {
      const tooFar = Number(box.dataset.minZoom) > zoom - 1;
      const row = box.closest("li");
      row.classList.toggle("too-far", tooFar);
      row.title = tooFar ? hint : "";
    }
  }

  paint(rules) {
    for (const place of $$("[data-swatch]", this.root)) {
      // What is usual: an asset at work, an offer that stands.
      const props = { status: "functional", state: "published", ...JSON.parse(place.dataset.props ?? "{}") };
      place.replaceChildren(swatch(rules, place.dataset.swatch, place.dataset.kind, props));
    }
  }
}
