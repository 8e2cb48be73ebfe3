// The map engine behind one small face: select, hover, filter, fit, setView, whenIdle. Only this file knows Leaflet and protomaps-leaflet.

import { TileSource } from "portal/tiles";

const SELECTED = { color: "#d6006c", weight: 4, opacity: 1, fillColor: "#d6006c", fillOpacity: 0.06 };
const HOVERED = { color: "#d6006c", weight: 3, opacity: 0.8, dashArray: "5 4", fill: false };
const MAX_ZOOM = 22;
// A point is shown with its surroundings.
const CLOSE_UP = 18;
// Steps of the zoom of a first view on a map that is less wide than this.
const [BETWEEN, NARROW_PX] = [0.25, 600];
// What is this large is seen well.
const SEEN_PX = 40;

/**
 * `rules` as compiled from the style, `tilejson` of the vector tiles, `bounds` [west, south, east, north] to begin with,
 * less `cut` of them on every side, and above the pixels that are `covered` below; `on` = { pick(lng, lat, zoom),
 * move(view), trouble(failed), busy(isBusy) }; `texts` for the controls; `className` of the tiles' pane.
 */
export function createEngine(element, { library, rules, anchors, tilejson, bounds, cut = 0.15, covered = 0, className = "", texts, on }) {
  const L = window.L;
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const map = L.map(element, {
    zoomControl: false, maxZoom: MAX_ZOOM, minZoom: 5, zoomAnimation: !still, fadeAnimation: false, inertia: !still,
  });
  map.attributionControl.setPrefix(false);
  L.control.zoom({ position: "topright", zoomInTitle: texts.zoomIn, zoomOutTitle: texts.zoomOut }).addTo(map);
  L.control.scale({ position: "bottomright", imperial: false }).addTo(map);

  const vector = library.leafletLayer({
    url: new TileSource(tilejson, (failed) => on.trouble(failed)),
    maxDataZoom: tilejson.maxzoom, maxZoom: MAX_ZOOM, attribution: "", paintRules: [], labelRules: [], className,
  });
  const work = countWork(vector, map, on.busy, () => anchors.takeMoved());
  const hovered = L.geoJSON(null, overlay(L, HOVERED)).addTo(map);
  const selected = L.geoJSON(null, overlay(L, SELECTED)).addTo(map);
  const pinned = L.layerGroup().addTo(map);
  let padding = { topLeft: [24, 24], bottomRight: [24, 24 + covered] };
  let taker = null;
  const pick = (lng, lat, byKeyboard) => (taker ? taker(lng, lat) : on.pick(lng, lat, map.getZoom(), byKeyboard));

  map.on("click", (event) => pick(event.latlng.lng, event.latlng.lat, false));
  map.on("moveend", () => on.move(view()));
  // Leaflet focuses the map on a click, too; the ring in its middle is for those who use keys.
  for (const name of ["pointerdown", "keydown"])
    addEventListener(name, () => element.classList.toggle("by-pointer", name === "pointerdown"), true);
  element.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.target !== element) return;
    const { lng, lat } = map.getCenter();
    pick(lng, lat, true);
  });

  const view = () => ({ lng: map.getCenter().lng, lat: map.getCenter().lat, zoom: map.getZoom() });
  const fit = ([west, south, east, north], maxZoom = CLOSE_UP) =>
    map.fitBounds([[south, west], [north, east]], {
      maxZoom, animate: !still, paddingTopLeft: padding.topLeft, paddingBottomRight: padding.bottomRight,
    });
  // On a phone a whole level more or less cuts the zone or makes it tiny: the first view lies between levels.
  const isNarrow = map.getSize().x < NARROW_PX;
  if (isNarrow) map.options.zoomSnap = BETWEEN;
  fit(isNarrow ? bounds : snug(bounds, cut));
  map.options.zoomSnap = 1;

  let [seen, only] = [new Set(), new Map()];
  const narrow = () => {
    vector.paintRules = narrowed(rules.paint, seen, only);
    vector.labelRules = narrowed(rules.labels, seen, only);
    letterAgain(vector);
  };

  return {
    view,
    fit,
    /** Bring bounds into view and to some size; a view that shows them well already stays. */
    reveal([west, south, east, north]) {
      const box = L.latLngBounds([[south, west], [north, east]]);
      const size = map.latLngToContainerPoint(box.getSouthEast()).distanceTo(map.latLngToContainerPoint(box.getNorthWest()));
      const isLarge = size >= SEEN_PX || map.getZoom() >= CLOSE_UP;
      if (!isLarge || !map.getBounds().contains(box)) fit([west, south, east, north]);
    },
    setView: ({ lng, lat, zoom }) => map.setView([lat, lng], zoom, { animate: !still }),
    select: (feature) => show(selected, feature),
    hover: (feature) => show(hovered, feature),
    /** Draw the layers whose keys are in the set `keys`. No tile is asked for before: where to look is set first. */
    filter(keys) {
      seen = keys;
      narrow();
      if (!map.hasLayer(vector)) vector.addTo(map);
    },
    /** Of some layers draw only the features whose ids end in one of the endings `only[layer]`; null: all again. */
    restrict(wanted) {
      only = new Map(Object.entries(wanted ?? {}).map(([layer, endings]) => [layer, new Set(endings)]));
      narrow();
    },
    /**
     * Lay what `source` gives (`get(zxy, tileSize)`: features by layer) over the tiles and over what is selected;
     * answers how to draw it anew.
     */
    cover(source, paintRules, maxDataZoom = MAX_ZOOM) {
      map.createPane("cover").style.zIndex = 450;
      const layer = library.leafletLayer({ sources: {}, maxZoom: MAX_ZOOM, attribution: "", pane: "cover", paintRules, labelRules: [] });
      layer.views.set("", new library.View(new library.TileCache(source, 512), maxDataZoom, 1));
      work.watch(layer);
      layer.addTo(map);
      return () => layer.redraw();
    },
    /** Stand `points` ({lng, lat, severity, text}) upright on the map, each as `signOf(severity)`; a click tells `picked`. */
    pins(points, signOf, picked) {
      pinned.clearLayers();
      for (const point of points) {
        const icon = L.divIcon({ className: "pin", html: signOf(point.severity).cloneNode(true), iconSize: [28, 20] });
        // The list says the same to keys and screen readers.
        L.marker([point.lat, point.lng], { icon, title: point.text, keyboard: false }).on("click", () => picked(point)).addTo(pinned);
      }
    },
    /** Give clicks, and Enter on the focused map, to `to(lng, lat)` of a tool instead of picking; null: pick again. */
    take(to) {
      taker = to;
      // The second click of a tool's double click is a click of the tool's.
      map.doubleClickZoom[to ? "disable" : "enable"]();
      element.classList.toggle("aiming", to !== null);
    },
    /** Tell `told(lng, lat)` where the pointer is, and the middle of the map as it moves by keys; answers how to stop. */
    follow(told) {
      const pointer = ({ latlng }) => told(latlng.lng, latlng.lat);
      const middle = () => element.classList.contains("by-pointer") || pointer({ latlng: map.getCenter() });
      map.on("mousemove", pointer).on("move", middle);
      return () => map.off("mousemove", pointer).off("move", middle);
    },
    /** Call `then` whenever the map has moved; answers how to stop. */
    moved(then) {
      map.on("moveend", then);
      return () => map.off("moveend", then);
    },
    /** A drawing of a tool's own: `show(GeoJSON or null)`, `remove()`. Points with `radius_m` are circles of that many metres. */
    sketch(look) {
      const group = L.geoJSON(null, { ...overlay(L, look), pointToLayer: (feature, place) => spot(L, feature, place, look) }).addTo(map);
      return { show: (features) => show(group, features), remove: () => group.remove() };
    },
    /** West, south, east, north of what is seen, in degrees. */
    extent() {
      const seen = map.getBounds();
      return [seen.getWest(), seen.getSouth(), seen.getEast(), seen.getNorth()];
    },
    whenIdle: work.whenIdle,
    setPadding: (bottom) => (padding = { topLeft: [24, 24], bottomRight: [24, 24 + bottom] }),
    resize: () => map.invalidateSize({ animate: false }),
    reload: () => vector.redraw(),
    raster: (address, options) => L.tileLayer(address, options),
    add: (layer) => layer.addTo(map).bringToBack(),
    remove: (layer) => layer.remove(),
  };
}

/** Bounds a little too small: rather the edges of the zone out of sight than half the window empty. */
function snug([west, south, east, north], cut) {
  const [x, y] = [(east - west) * cut, (north - south) * cut];
  return [west + x, south + y, east - x, north - y];
}

/** The rules of the layers `seen`, each for no more than the features that `only` leaves. */
function narrowed(rules, seen, only) {
  return rules.filter((rule) => seen.has(rule.dataLayer)).map((rule) => {
    const left = only.get(rule.dataLayer);
    if (!left) return rule;
    return { ...rule, filter: (zoom, feature) => left.has(feature.props.id.slice(-8)) && (!rule.filter || rule.filter(zoom, feature)) };
  });
}

function letterAgain(vector) {
  vector.clearLayout();
  vector.rerenderTiles();
}

function overlay(L, look) {
  return {
    interactive: false,
    style: look,
    pointToLayer: (_, latlng) => L.circleMarker(latlng, { ...look, radius: 12, interactive: false }),
  };
}

function spot(L, { properties }, place, look) {
  const shown = { ...look, interactive: false };
  return properties?.radius_m ? L.circle(place, { ...shown, radius: properties.radius_m }) : L.circleMarker(place, { radius: 5, ...shown, fillOpacity: 1 });
}

function show(group, feature) {
  group.clearLayers();
  if (feature) group.addData(feature);
}

/** Knows when everything is drawn: no tile under way and the map at rest for a moment. */
function countWork(vector, map, onBusy, labelsMoved) {
  let [running, moving, timer, waiting] = [0, false, 0, []];
  const settle = () => {
    clearTimeout(timer);
    onBusy(true);
    if (running || moving) return;
    timer = setTimeout(() => {
      if (labelsMoved()) return letterAgain(vector);
      onBusy(false);
      waiting.splice(0).forEach((resolve) => resolve());
    }, 60);
  };
  const watch = (layer) => {
    const draw = layer.renderTile.bind(layer);
    layer.renderTile = async (...tile) => {
      running += 1;
      settle();
      try {
        await draw(...tile);
      } finally {
        running -= 1;
        settle();
      }
    };
  };
  watch(vector);
  map.on("movestart zoomstart", () => { moving = true; settle(); });
  map.on("moveend zoomend", () => { moving = false; settle(); });
  return { watch, whenIdle: () => new Promise((resolve) => { waiting.push(resolve); settle(); }) };
}
