// The map of differences, wherever a page has an element with `data-diffmap`. Page and map speak by events on that element:
// `diffmap:select` {item} both ways (the map's own say `by: "map"`), `diffmap:hover` {item} and `diffmap:fit` {item?} to the map;
// `diffmap:points` {points} lays findings of rules over it and `diffmap:point` shows one of them ({lng, lat, severity, text});
// `diffmap:ready` from the map.

import { addBasemap } from "portal/basemap";
import { beginMap } from "portal/begin";
import { FeatureSource } from "portal/diffmap-features";
import { diffRules } from "portal/diffmap-looks";
import { RemoteSource } from "portal/diffmap-remote";
import { $, $$, ask } from "portal/dom";
import { createEngine } from "portal/engine";
import { Notice } from "portal/notice";

const config = JSON.parse($("#diffmap-config").textContent);
const { texts } = config;
document.documentElement.dataset.map = "starting";

class DiffMap {
  constructor(element) {
    this.element = element;
    this.ground = $(".diffmap-map", element);
    this.caption = $(".diffmap-caption", element);
    this.notice = new Notice($(".notice", element));
    this.selected = null;
  }

  async start() {
    this.notice.say("loading", texts.loading);
    const label = `${this.element.dataset.label} ${texts.diffmapHelp}`;
    const [map, source] = await Promise.all([beginMap(this.ground, { ...config, label }), this.open(window.protomapsL)]);
    this.source = source;
    this.engine = createEngine(this.ground, {
      ...map, texts, bounds: source.bounds ?? config.bounds, cut: 0, className: "beneath",
      on: { pick: (...place) => this.pick(...place), move: () => {}, trouble: (failed) => this.trouble("tiles", failed), busy: (busy) => this.tell(busy) },
    });
    this.engine.filter(new Set(config.beneath));
    this.redraw = this.engine.cover(source, diffRules(), map.tilejson.maxzoom);
    this.count(source.counts);
    if (!source.bounds) this.notice.say("empty", texts.diffmapEmpty);
    this.connect();
    await this.engine.whenIdle();
    await addBasemap(this.engine, config.basemap, () => {});
  }

  async open(library) {
    const { source, features } = this.element.dataset;
    if (features) return new FeatureSource(JSON.parse(document.getElementById(features).textContent).features);
    return new RemoteSource(await ask(source), library, (failed) => this.trouble("changes", failed));
  }

  connect() {
    this.element.addEventListener("diffmap:select", ({ detail }) => detail.by === "map" || this.select(detail.item, this.opening ? "" : "reveal"));
    this.element.addEventListener("diffmap:hover", ({ detail }) => this.hover(detail?.item));
    this.element.addEventListener("diffmap:fit", ({ detail }) => (detail?.item ? this.select(detail.item, "fit") : this.fitAll()));
    this.element.addEventListener("diffmap:points", ({ detail }) => this.findings(detail.points));
    this.element.addEventListener("diffmap:point", ({ detail }) => this.finding(detail));
    const all = $(".diffmap-all", this.element);
    all.hidden = !this.source.bounds;
    all.addEventListener("click", () => this.fitAll());
    addEventListener("resize", () => this.engine.resize());
    // What the page chooses in answer to this is marked, but the map begins with the whole.
    this.opening = true;
    this.element.dispatchEvent(new CustomEvent("diffmap:ready", { bubbles: true }));
    this.opening = false;
  }

  fitAll() {
    if (this.source.bounds) this.engine.fit(this.source.bounds);
  }

  /** What lies at a place: the uppermost, and with each further click there the one below it. */
  async pick(lng, lat, zoom) {
    this.picking?.abort();
    this.picking = new AbortController();
    const { signal } = this.picking;
    await this.during(async () => {
      const found = await this.source.at(lng, lat, zoom, signal);
      const items = [...new Set(found.map(({ properties }) => properties.item))];
      if (!items.length) return this.notice.mention(texts.nothingHere);
      const item = items[(items.indexOf(this.selected) + 1) % items.length];
      this.show(item, found.filter(({ properties }) => properties.item === item), items.length);
      this.element.dispatchEvent(new CustomEvent("diffmap:select", { bubbles: true, detail: { item, by: "map" } }));
    });
  }

  /** Mark an item as the page asks, nothing for `null`; `move` names how the engine brings it into view. */
  async select(item, move = "") {
    if (item === null || item === undefined) return this.clear();
    await this.during(async () => {
      const found = await this.source.item(item);
      if (!found.length) {
        this.clear();
        return this.notice.mention(texts.diffmapUnplaced);
      }
      this.show(found[0].properties.item, found, 1);
      if (move) this.engine[move](new FeatureSource(found).bounds);
    });
  }

  async hover(item) {
    this.wanted = item;
    const found = item ? await this.source.item(item).catch(() => []) : [];
    if (this.wanted === item) this.engine.hover(found.length ? { type: "FeatureCollection", features: found } : null);
  }

  show(item, features, here) {
    this.selected = item;
    this.engine.select({ type: "FeatureCollection", features });
    const { action, kept, registry, title } = features.at(-1).properties;
    const what = `${config.registries[registry] ?? ""} ${title ?? ""}`.trim();
    const how = features.some(({ properties }) => properties.kept) && kept ? texts.diffmapKept : texts[action];
    this.caption.textContent = `${how}: ${what}${here > 1 ? `. ${texts.diffmapMore.replace("{count}", here)}` : ""}`;
  }

  findings(points) {
    this.engine.pins(together(points), (severity) => $(`[data-legend=${severity}] svg`, this.element), (point) => this.finding(point));
    for (const line of $$("[data-legend]", this.element)) {
      const number = points.filter(({ severity }) => severity === line.dataset.legend).length;
      line.hidden = !number;
      $("b", line).textContent = number.toLocaleString(document.documentElement.lang);
    }
  }

  finding({ lng, lat, text }) {
    this.selected = null;
    this.engine.select({ type: "Point", coordinates: [lng, lat] });
    this.engine.reveal([lng, lat, lng, lat]);
    this.caption.textContent = text;
  }

  clear() {
    this.selected = null;
    this.engine.select(null);
    this.caption.textContent = "";
  }

  count(counts) {
    for (const place of $$("[data-count]", this.element)) place.textContent = (counts[place.dataset.count] ?? 0).toLocaleString(document.documentElement.lang);
  }

  trouble(what, failed) {
    if (failed) this.notice.say(what, texts.tilesFailed, { label: texts.retry, run: () => this.again() });
    else this.notice.clear(what);
  }

  again() {
    this.engine.reload();
    this.redraw();
  }

  async during(work) {
    this.asking = (this.asking ?? 0) + 1;
    this.tell(this.drawing);
    try {
      await work();
    } catch (problem) {
      if (problem.name !== "AbortError") this.notice.mention(problem.status ? problem.message : texts.pickFailed);
    } finally {
      this.asking -= 1;
      this.tell(this.drawing);
    }
  }

  /** For tests and other programs: whether everything asked for is drawn. */
  tell(drawing) {
    this.drawing = drawing;
    const idle = !drawing && !this.asking;
    document.documentElement.dataset.map = idle ? "idle" : "busy";
    if (idle) this.notice.clear("loading");
  }

  fail(problem) {
    console.warn(problem);
    document.documentElement.dataset.map = "failed";
    this.notice.clear("loading");
    this.notice.say("failed", texts.diffmapFailed, { label: texts.retry, run: () => location.reload() });
  }
}

/** Findings at one place as one, with all their words and the graver of their signs. */
function together(points) {
  const places = new Map();
  for (const point of points) {
    const key = `${point.lng} ${point.lat}`;
    const there = places.get(key);
    if (!there) places.set(key, { ...point });
    else Object.assign(there, { text: `${there.text}\n${point.text}`, severity: point.severity === "blocks" ? "blocks" : there.severity });
  }
  return [...places.values()];
}

for (const element of $$("[data-diffmap]")) {
  const map = new DiffMap(element);
  map.start().catch((problem) => map.fail(problem));
}
