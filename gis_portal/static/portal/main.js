// The map page: reads the address, starts the engine, and connects switcher, search, card and sheet to one state.

import { readAddress, writeAddress } from "portal/address";
import { Anchors } from "portal/anchors";
import { addBasemap } from "portal/basemap";
import { clearCard, showCard } from "portal/card";
import { $, ask } from "portal/dom";
import { createEngine } from "portal/engine";
import { LayerSwitcher } from "portal/layers";
import { keepPlace } from "portal/moment";
import { Notice } from "portal/notice";
import { Search } from "portal/search";
import { Sheet } from "portal/sheet";
import { compileStyle } from "portal/style";

const config = JSON.parse($("#config").textContent);
const { texts } = config;
const notice = new Notice($("#notice"));
const card = $("#card");
const begin = readAddress();
let [engine, selected, sheet, picking] = [null, null, null, null];

const switcher = new LayerSwitcher($(".legend"), (keys) => {
  engine?.filter(keys);
  remember();
});
switcher.show(switcher.fromAddress(begin.layers));
keepPlace();

start().catch((problem) => {
  console.warn(problem);
  document.documentElement.dataset.map = "failed";
  notice.say("failed", texts.mapFailed, { label: texts.retry, run: () => location.reload() });
});

async function start() {
  const library = window.protomapsL;
  if (!library || !window.L) throw new Error("The map's libraries are not installed.");
  notice.say("loading", texts.loading);
  const [style, tilejson] = await Promise.all([ask(config.style), ask(config.tiles)]);
  const anchors = new Anchors();
  const rules = compileStyle(style, library, anchors);
  const ground = $("#map");
  ground.style.backgroundColor = rules.ground ?? "";
  ground.setAttribute("role", "application");
  ground.setAttribute("aria-label", texts.mapLabel);
  engine = createEngine(ground, { library, rules, anchors, tilejson, bounds: config.bounds, texts, on: { pick, move, trouble, busy } });
  sheet = new Sheet($("#panel"), $("#handle"), texts, (height) => engine.setPadding(height));
  if (begin.view) engine.setView(begin.view);
  engine.filter(switcher.visible());
  switcher.paint(rules);
  switcher.zoomed(engine.view().zoom, texts.fromZoom);
  connect();
  if (begin.selected) await open(begin.selected, { fit: !begin.view });
  remember();
  await engine.whenIdle();
  await addBasemap(engine, config.basemap, () => notice.mention(texts.basemapFailed));
}

function connect() {
  new Search({
    input: $("#query"), list: $("#suggestions"), status: $("#search-status"), path: config.search, texts,
    onChoose: (hit) => open(hit, { fit: true, step: true, focus: true }),
  });
  addEventListener("popstate", () => {
    const { view, layers, selected: wanted } = readAddress();
    switcher.show(switcher.fromAddress(layers));
    engine.filter(switcher.visible());
    if (view) engine.setView(view);
    if (wanted) open(wanted, {});
    else unselect();
  });
  addEventListener("resize", () => engine.resize());
  addEventListener("offline", () => notice.say("offline", texts.offline));
  addEventListener("online", () => notice.clear("offline"));
  document.addEventListener("keydown", (event) => event.key === "Escape" && selected && !event.defaultPrevented && close());
}

/** What lies at a place: the uppermost is shown, the others are offered. */
async function pick(lng, lat, zoom, byKeyboard = false) {
  picking?.abort();
  picking = new AbortController();
  const question = { lng: lng.toFixed(8), lat: lat.toFixed(8), zoom, layers: [...switcher.visible()].join(",") };
  try {
    const { features } = await during(ask(config.pick, question, picking.signal));
    if (features.length) choose(features[0], features, { step: true, focus: byKeyboard });
    else {
      close();
      notice.mention(texts.nothingHere);
    }
  } catch (problem) {
    if (problem.name !== "AbortError") notice.mention(problem.status ? problem.message : texts.pickFailed);
  }
}

/** Show a feature by its identity, from a shared address or the search. */
async function open({ layer, id }, { fit = false, step = false, focus = false }) {
  try {
    const feature = await during(ask(`${config.feature}${encodeURIComponent(layer)}/${encodeURIComponent(id)}`));
    reveal(layer);
    choose(feature, [], { step, focus, fit });
  } catch (problem) {
    notice.mention(problem.status ? problem.message : texts.pickFailed);
    unselect();
  }
}

function choose(feature, all, { step = false, focus = false, fit = false }) {
  selected = { layer: feature.properties.layer, id: feature.id };
  engine.hover(null);
  engine.select(feature);
  const others = all.filter((other) => other !== feature);
  showCard(card, feature, others, texts, { close, hover: engine.hover, choose: (other) => choose(other, all, { step: true, focus: true }) });
  card.parentElement.scrollTop = 0;
  sheet.reveal();
  if (fit) engine.fit(bounds(feature.geometry));
  if (focus) $("#card-title").focus({ preventScroll: true });
  remember(step);
}

function reveal(layer) {
  const keys = switcher.visible();
  if (keys.has(layer)) return;
  switcher.show(keys.add(layer));
  engine.filter(switcher.visible());
}

function close() {
  const inside = card.contains(document.activeElement);
  const had = selected !== null;
  unselect();
  if (inside) $("#map").focus({ preventScroll: true });
  remember(had);
}

function unselect() {
  selected = null;
  engine.select(null);
  engine.hover(null);
  clearCard(card);
}

function move(view) {
  switcher.zoomed(view.zoom, texts.fromZoom);
  remember();
}

/** The address follows the state, and the links to other languages follow the address. */
function remember(step = false) {
  if (!engine) return;
  const address = writeAddress({ view: engine.view(), layers: switcher.toAddress(), selected }, step);
  for (const language of document.querySelectorAll("[data-language]")) {
    const same = new URL(address);
    same.searchParams.set("lang", language.dataset.language);
    language.href = same.href.replaceAll("%2F", "/").replaceAll("%2C", ",");
  }
}

function trouble(failed) {
  if (failed) notice.say("tiles", texts.tilesFailed, { label: texts.retry, run: () => engine.reload() });
  else notice.clear("tiles");
}

let [drawing, asking] = [true, 0];

function busy(isBusy) {
  drawing = isBusy;
  tell();
}

async function during(question) {
  asking += 1;
  tell();
  try {
    return await question;
  } finally {
    asking -= 1;
    tell();
  }
}

/** For tests and other programs: whether everything asked for is drawn. */
function tell() {
  const idle = !drawing && !asking;
  document.documentElement.dataset.map = idle ? "idle" : "busy";
  if (idle) notice.clear("loading");
}

/** West, south, east, north of a GeoJSON geometry. */
function bounds({ coordinates }) {
  const flat = coordinates.flat(Infinity);
  const each = depth(coordinates);
  const [xs, ys] = [flat.filter((_, i) => i % each === 0), flat.filter((_, i) => i % each === 1)];
  return [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)];
}

/** Numbers in one position: 2, or 3 with a height. */
function depth(nested) {
  return Array.isArray(nested[0]) ? depth(nested[0]) : nested.length;
}
