// The map page: reads the address, starts the engine, and connects panel, list, search, card and sheet to one state.
// Filters and list work before the map is there, and without it.

import { readAddress, termsOf, writeAddress } from "portal/address";
import { basemapBoxes, chooseBasemap } from "portal/basemap";
import { beginMap } from "portal/begin";
import { $ } from "portal/dom";
import { createEngine } from "portal/engine";
import { Filters } from "portal/filters";
import { LayerSwitcher } from "portal/layers";
import { keepPlace } from "portal/moment";
import { Notice } from "portal/notice";
import { Results } from "portal/results";
import { Search } from "portal/search";
import { Selection } from "portal/selection";
import { Sheet } from "portal/sheet";
import { Tabs } from "portal/tabs";
import { createTools } from "portal/tools";

const config = JSON.parse($("#config").textContent);
const { texts } = config;
const begin = readAddress();
const notice = new Notice($("#notice"));
const follow = $("#follow");
let found = JSON.parse($("#found").textContent);
let [engine, terms, drawing, asking, covered] = [null, termsOf(new URLSearchParams(found.query)), true, 0, 0];

const sheet = new Sheet($("#panel"), $("#handle"), texts, (height) => {
  covered = height;
  engine?.setPadding(height);
});
const tabs = new Tabs($("[role=tablist]"), () => {
  sheet.reveal();
  remember();
});
const switcher = new LayerSwitcher($(".legend"), (keys) => {
  engine?.filter(keys);
  remember();
});
const selection = new Selection({
  card: $("#card"), config, notice, during,
  on: {
    layers: () => switcher.visible(),
    isShown: ({ id, properties }) => !found.only?.[properties.layer] || found.only[properties.layer].includes(id.slice(-8)),
    reveal,
    shown: () => sheet.reveal(),
    changed: (step) => {
      results.mark(selection.what?.layer === "plots" ? selection.what.id : null);
      remember(step);
    },
  },
});
const filters = new Filters({
  place: $("#filters"), button: $("#filters-button"), texts, found,
  on: {
    busy: () => results.tell("busy"),
    same: () => results.settle(),
    terms: (wanted) => search(following(wanted), { step: true, fit: true }),
  },
});
const results = new Results({
  list: $("#results"), told: $("#told"), path: config.results, texts, found,
  on: {
    hover: (feature) => engine?.hover(feature),
    show: (id) => selection.open({ layer: "plots", id }, { fit: true, step: true, focus: true }),
    terms: (wanted) => search(wanted, { step: true, fit: !wanted.includes("page="), top: true }),
    again: () => search(terms, { force: true }),
  },
});

connect();
start().catch((problem) => {
  console.warn(problem);
  document.documentElement.dataset.map = "failed";
  notice.say("failed", texts.mapFailed, { label: texts.retry, run: () => location.reload() });
});

function connect() {
  switcher.show(switcher.fromAddress(begin.layers));
  keepPlace();
  follow.checked = terms.includes("bounds=");
  follow.addEventListener("change", () => search(following(filters.terms), { step: true, fit: !follow.checked }));
  new Search({
    input: $("#query"), list: $("#suggestions"), status: $("#search-status"), path: config.search, texts,
    onChoose: (hit) => selection.open(hit, { fit: true, step: true, focus: true }),
  });
  addEventListener("popstate", restore);
  addEventListener("offline", () => notice.say("offline", texts.offline));
  addEventListener("online", () => {
    notice.clear("offline");
    if (document.documentElement.dataset.results === "failed") search(terms, { force: true });
  });
  document.addEventListener("keydown", (event) => event.key === "Escape" && selection.what && !event.defaultPrevented && selection.close());
}

async function start() {
  notice.say("loading", texts.loading);
  const ground = $("#map");
  const map = await beginMap(ground, { ...config, label: texts.mapLabel });
  ground.style.backgroundColor = map.rules.ground ?? "";
  const on = { pick: (...place) => selection.pick(...place), move, trouble, busy };
  engine = createEngine(ground, { ...map, bounds: config.bounds, covered, texts, on });
  selection.engine = engine;
  new ResizeObserver(() => engine.resize()).observe(ground);
  sheet.moved();
  if (begin.view) engine.setView(begin.view);
  else if (found.extent && found.only) engine.fit(found.extent);
  engine.restrict(found.only);
  engine.filter(switcher.visible());
  switcher.zoomed(engine.view().zoom, texts.fromZoom);
  pointAtRows(ground);
  // The legend lies on another tab, and each of its swatches is a canvas: a phone is spared them until they are seen.
  new IntersectionObserver(([{ isIntersecting }], watch) => {
    if (!isIntersecting) return;
    watch.disconnect();
    switcher.paint(map.rules);
  }).observe($(".legend"));
  if (begin.selected) await selection.open(begin.selected, { fit: !begin.view });
  remember();
  createTools({
    place: $("#tools"), box: $("#tool-box"), engine, notice, about: config.tools, texts,
    state: () => ({ layers: switcher.toAddress() }), makeRoom: () => sheet.stop("low"),
  });
  await engine.whenIdle();
  await chooseBasemap(engine, config.basemap, basemapBoxes(), () => notice.mention(texts.basemapFailed));
}

/** Ask for the plots that match `wanted`; the map shows just them, and all of them if it shall `fit`. */
async function search(wanted, { step = false, fit = false, force = false, top = fit } = {}) {
  if (wanted === terms && !force) return results.settle();
  terms = wanted;
  remember(step);
  const answer = await results.look(wanted);
  if (!answer) return;
  found = answer;
  terms = termsOf(new URLSearchParams(found.query));
  follow.checked = terms.includes("bounds=");
  filters.show(found);
  results.show(found);
  $("#tab-plots [data-count]").textContent = found.count;
  if (top) $("#panel-plots").scrollTop = 0;
  engine?.restrict(found.only);
  if (fit && found.extent && !follow.checked) engine?.fit(found.extent);
  remember();
}

/** `wanted` within what the map shows, if the list shall follow it. */
function following(wanted) {
  const query = new URLSearchParams(wanted);
  query.delete("bounds");
  if (follow.checked && engine) query.set("bounds", engine.extent().map((degrees) => degrees.toFixed(5)).join(","));
  return query.toString();
}

/** Back or forward: the page is as the address says. */
async function restore() {
  const wanted = readAddress();
  tabs.show(wanted.tab);
  switcher.show(switcher.fromAddress(wanted.layers));
  engine?.filter(switcher.visible());
  follow.checked = wanted.terms.includes("bounds=");
  if (wanted.view) engine?.setView(wanted.view);
  if (wanted.selected) selection.open(wanted.selected);
  else selection.clear();
  await search(wanted.terms);
}

/** A listed plot under the pointer, or in the middle of a map that is moved by keys, marks its row. */
function pointAtRows(ground) {
  engine.follow((lng, lat) => {
    if (ground.matches(":hover, :focus")) ground.classList.toggle("on-plot", results.pointAt(lng, lat));
  });
  ground.addEventListener("pointerleave", () => results.point(null));
}

function reveal(layer) {
  const keys = switcher.visible();
  if (keys.has(layer)) return;
  switcher.show(keys.add(layer));
  engine?.filter(switcher.visible());
}

function move(view) {
  switcher.zoomed(view.zoom, texts.fromZoom);
  remember();
  if (!follow.checked) return;
  clearTimeout(move.timer);
  move.timer = setTimeout(() => search(following(terms)), 250);
}

/** The address follows the state, and the links to other languages follow the address. */
function remember(step = false) {
  const state = { terms, view: engine?.view(), layers: switcher.toAddress(), selected: selection.what, tab: tabs.name };
  const address = writeAddress(state, step);
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
  if (!engine) return;
  const idle = !drawing && !asking;
  document.documentElement.dataset.map = idle ? "idle" : "busy";
  if (idle) notice.clear("loading");
}
