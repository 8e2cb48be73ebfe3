// What is selected: picked on the map, found by the search, or shown from the list; its outline and its card.

import { clearCard, showCard } from "portal/card";
import { $, ask } from "portal/dom";
import { bounds } from "portal/geometry";

export class Selection {
  /**
   * `card` is where it is shown, over what else the panel holds; `during(promise)` counts what is under way;
   * `on` = { layers(), reveal(layer), isShown(feature), shown(), changed(step) }.
   */
  constructor({ card, config, notice, during, on }) {
    Object.assign(this, { card, config, notice, during, on, texts: config.texts, engine: null, what: null, from: null });
  }

  /** What lies at a place: the uppermost is shown, the others are offered. */
  async pick(lng, lat, zoom, byKeyboard = false) {
    this.picking?.abort();
    this.picking = new AbortController();
    const question = { lng: lng.toFixed(8), lat: lat.toFixed(8), zoom, layers: [...this.on.layers()].join(",") };
    try {
      const found = await this.during(ask(this.config.pick, question, this.picking.signal));
      const features = found.features.filter((feature) => this.on.isShown(feature));
      if (features.length) return this.choose(features[0], features, { step: true, focus: byKeyboard });
      this.close();
      this.notice.mention(this.texts.nothingHere);
    } catch (problem) {
      this.failed(problem);
    }
  }

  /** Show a feature by its identity, from a shared address, the search or the list. */
  async open({ layer, id }, options = {}) {
    this.picking?.abort();
    this.picking = new AbortController();
    const path = `${this.config.feature}${encodeURIComponent(layer)}/${encodeURIComponent(id)}`;
    try {
      const feature = await this.during(ask(path, {}, this.picking.signal));
      this.on.reveal(layer);
      this.choose(feature, [], options);
    } catch (problem) {
      if (this.failed(problem)) this.clear();
    }
  }

  failed(problem) {
    if (problem.name === "AbortError") return false;
    this.notice.mention(problem.status ? problem.message : this.texts.pickFailed);
    return true;
  }

  choose(feature, all, { step = false, focus = false, fit = false }) {
    if (focus && !this.card.contains(document.activeElement)) this.from = document.activeElement;
    this.what = { layer: feature.properties.layer, id: feature.id };
    this.engine?.hover(null);
    this.engine?.select(feature);
    const others = all.filter((other) => other !== feature);
    const choose = (other) => this.choose(other, all, { step: true, focus: true });
    showCard(this.card, feature, others, this.texts, { close: () => this.close(), hover: (other) => this.engine?.hover(other), choose });
    this.card.scrollTop = 0;
    this.cover(true);
    this.on.shown();
    if (fit) this.engine?.fit(bounds(feature.geometry));
    if (focus) $("#card-title").focus({ preventScroll: true });
    this.on.changed(step);
  }

  close() {
    const inside = this.card.contains(document.activeElement);
    const had = this.what !== null;
    this.clear();
    if (inside) (this.from?.isConnected ? this.from : $("#map")).focus({ preventScroll: true });
    this.from = null;
    this.on.changed(had);
  }

  clear() {
    this.what = null;
    this.engine?.select(null);
    this.engine?.hover(null);
    clearCard(this.card);
    this.cover(false);
  }

  /** The card lies over the list, which keeps its place beneath and is out of reach meanwhile. */
  cover(isCovered) {
    for (const part of this.card.parentElement.children) if (part !== this.card) part.inert = isCovered;
  }
}
