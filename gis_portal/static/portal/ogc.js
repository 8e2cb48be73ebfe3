// The small map beside a table of features, or one feature: the layer in the portal's own style, what is listed outlined.
// A row that is pointed at stands out on the map; a place that is clicked marks its row.

import { addBasemap } from "portal/basemap";
import { beginMap } from "portal/begin";
import { $, $$ } from "portal/dom";
import { createEngine } from "portal/engine";
import { Notice } from "portal/notice";

const config = JSON.parse($("#ogc-config").textContent);
const { features } = JSON.parse($("#ogc-shapes").textContent);
const element = $("[data-small-map]");
const ground = $(".small-map-ground", element);
const notice = new Notice($(".notice", element));
document.documentElement.dataset.map = "starting";

function bounds(shapes) {
  const places = (nested) => (typeof nested[0] === "number" ? [nested] : nested.flatMap(places));
  const all = shapes.flatMap(({ geometry }) => places(geometry.coordinates));
  const [xs, ys] = [all.map(([x]) => x), all.map(([, y]) => y)];
  const least = (numbers) => numbers.reduce((a, b) => Math.min(a, b));
  const most = (numbers) => numbers.reduce((a, b) => Math.max(a, b));
  return [least(xs), least(ys), most(xs), most(ys)];
}

async function start() {
  notice.say("loading", config.texts.loading);
  const engine = createEngine(ground, {
    ...(await beginMap(ground, { ...config, label: element.dataset.label })), texts: config.texts, bounds: bounds(features), cut: 0,
    on: { pick: () => {}, move: () => {}, trouble: tell, busy: (busy) => (document.documentElement.dataset.map = busy ? "busy" : "idle") },
  });
  engine.filter(new Set([element.dataset.layer]));
  engine.fit(bounds(features));
  if (features.length === 1) engine.select(features[0]);
  for (const row of $$("[data-feature]")) {
    const own = features.find(({ id }) => id === row.dataset.feature);
    for (const name of ["pointerenter", "focusin"]) row.addEventListener(name, () => engine.hover(own));
    for (const name of ["pointerleave", "focusout"]) row.addEventListener(name, () => engine.hover(null));
  }
  await engine.whenIdle();
  notice.clear("loading");
  await addBasemap(engine, config.basemap, () => {});
}

function tell(failed) {
  if (failed) notice.say("tiles", config.texts.tilesFailed);
  else notice.clear("tiles");
}

start().catch((problem) => {
  console.warn(problem);
  document.documentElement.dataset.map = "failed";
  notice.clear("loading");
  notice.say("failed", config.texts.mapFailed);
});
