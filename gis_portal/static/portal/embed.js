// The map in a frame of another site's page: look, pick, and go on to the portal in a tab of its own.

import { readAddress, writeAddress } from "portal/address";
import { addBasemap } from "portal/basemap";
import { beginMap } from "portal/begin";
import { $, ask, el } from "portal/dom";
import { createEngine } from "portal/engine";
import { Notice } from "portal/notice";

const config = JSON.parse($("#config").textContent);
const { texts } = config;
const notice = new Notice($("#notice"));
const found = $("#found");
const begin = readAddress();
const shown = keysOf(begin.layers);
let [engine, selected, picking] = [null, begin.selected, null];

start().catch((problem) => {
  console.warn(problem);
  document.documentElement.dataset.map = "failed";
  notice.say("failed", texts.mapFailed);
});

async function start() {
  notice.say("loading", texts.loading);
  const ground = $("#map");
  const map = await beginMap(ground, { ...config, label: texts.mapLabel });
  ground.style.backgroundColor = map.rules.ground ?? "";
  engine = createEngine(ground, { ...map, bounds: config.bounds, texts, on: { pick, move: remember, trouble, busy } });
  if (begin.view) engine.setView(begin.view);
  engine.filter(shown);
  document.addEventListener("keydown", (event) => event.key === "Escape" && choose(null));
  if (selected) await open(selected);
  remember();
  await engine.whenIdle();
  await addBasemap(engine, config.basemap, () => notice.mention(texts.basemapFailed));
}

/** Layers for the words of an address, as the portal's own map reads them. */
function keysOf(words) {
  const all = Object.values(config.themes).flat();
  const asked = words === null ? config.first.map((theme) => `*${theme}`) : words.split(",");
  const keys = asked.flatMap((word) => (word.startsWith("*") ? config.themes[word.slice(1)] ?? [] : [word]));
  return new Set(keys.filter((key) => all.includes(key)));
}

async function pick(lng, lat, zoom) {
  picking?.abort();
  picking = new AbortController();
  try {
    const question = { lng: lng.toFixed(8), lat: lat.toFixed(8), zoom, layers: [...shown].join(",") };
    const { features } = await ask(config.pick, question, picking.signal);
    choose(features[0] ?? null);
  } catch (problem) {
    if (problem.name !== "AbortError") notice.mention(texts.pickFailed);
  }
}

async function open({ layer, id }) {
  try {
    choose(await ask(`${config.feature}${encodeURIComponent(layer)}/${encodeURIComponent(id)}`));
  } catch {
    choose(null);
  }
}

function choose(feature) {
  selected = feature && { layer: feature.properties.layer, id: feature.id };
  engine.select(feature);
  remember();
  found.hidden = !feature;
  if (!feature) return found.replaceChildren();
  const { title, layerTitle, status } = feature.properties;
  found.replaceChildren(
    el("p", {}, el("b", {}, title || layerTitle), title ? ` ${layerTitle}` : "", status && el("span", { className: "status", "data-status": status.code }, status.label)),
    el("a", { href: $("#whole").href, target: "_blank", rel: "noopener" }, texts.openPlot));
}

/** The link to the portal shows there what is shown here. */
function remember() {
  if (!engine) return;
  const there = new URL(writeAddress({ terms: "", view: engine.view(), layers: begin.layers, selected, tab: "plots" }));
  there.pathname = "/";
  if (!there.searchParams.has("lang")) there.searchParams.set("lang", document.documentElement.lang);
  $("#whole").href = there.href;
}

function trouble(failed) {
  if (failed) notice.say("tiles", texts.tilesFailed, { label: texts.retry, run: () => engine.reload() });
  else notice.clear("tiles");
}

function busy(isBusy) {
  document.documentElement.dataset.map = isBusy ? "busy" : "idle";
  if (!isBusy) notice.clear("loading");
}
