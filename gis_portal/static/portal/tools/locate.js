// Where the reader is. The browser is asked only now, on this click, and the place stays in the browser.

import { el } from "portal/dom";
import { fill, number, spoken } from "portal/tools/parts";

const SPOT = { color: "#0b5fff", weight: 2, opacity: 1, fillColor: "#0b5fff", fillOpacity: 0.12 };
const [PATIENCE_MS, OLD_MS] = [20_000, 5_000];
const EARTH_M = 6_371_000;
// Whoever is further off than this came to look at the zone, not at where they are.
const FAR_M = 20_000;
const REASONS = { 1: "locateDenied", 2: "locateUnknown", 3: "locateLate" };

export function open({ content, engine, facts, texts }) {
  const spot = engine.sketch(SPOT);
  const status = spoken();
  let isOpen = true;
  const ask = () => {
    again.hidden = true;
    status.textContent = texts.locating;
    if (!navigator.geolocation || !isSecureContext) return fail({ code: 2 });
    navigator.geolocation.getCurrentPosition(found, fail, { enableHighAccuracy: true, timeout: PATIENCE_MS, maximumAge: OLD_MS });
  };
  const again = el("button", { type: "button", className: "quiet", onclick: ask, hidden: true }, texts.locateAgain);
  content.append(status, again, el("p", { className: "tool-note" }, texts.locateNote));
  ask();

  function found({ coords }) {
    if (!isOpen) return;
    const { longitude: lng, latitude: lat, accuracy } = coords;
    const away = distance([lng, lat], middle(facts.bounds));
    again.hidden = false;
    spot.show(circle(lng, lat, accuracy));
    if (away > FAR_M) return (status.textContent = fill(texts.locatedFar, { distance: number(away / 1000, 0) }));
    engine.fit(around(lng, lat, accuracy));
    status.textContent = fill(texts.located, { accuracy: number(Math.max(1, accuracy), 0) });
  }

  function fail({ code }) {
    if (!isOpen) return;
    again.hidden = false;
    status.textContent = texts[isSecureContext ? REASONS[code] : "locateInsecure"];
  }

  return {
    close() {
      isOpen = false;
      spot.remove();
    },
  };
}

function circle(lng, lat, accuracy) {
  const geometry = { type: "Point", coordinates: [lng, lat] };
  const parts = [{ radius_m: accuracy }, {}].map((properties) => ({ type: "Feature", properties, geometry }));
  return { type: "FeatureCollection", features: parts };
}

const middle = ([west, south, east, north]) => [(west + east) / 2, (south + north) / 2];

function distance([lng, lat], [otherLng, otherLat]) {
  const rad = Math.PI / 180;
  const x = (otherLng - lng) * rad * Math.cos(((lat + otherLat) / 2) * rad);
  return EARTH_M * Math.hypot(x, (otherLat - lat) * rad);
}

/** Bounds of the circle, 50 m at least, so that something is seen around the reader. */
function around(lng, lat, accuracy) {
  const degrees = Math.max(50, accuracy) / (EARTH_M * Math.PI / 180);
  const wide = degrees / Math.cos((lat * Math.PI) / 180);
  return [lng - wide, lat - degrees, lng + wide, lat + degrees];
}
