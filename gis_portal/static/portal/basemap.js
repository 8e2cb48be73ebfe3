// Background maps. The site says whether one answers before a browser is sent there; if it fails all the same, it is taken away.

import { $$, ask } from "portal/dom";

const FAILURES = 3;
const PLAIN = "0";

/** Put the first background under the registry's layers; `onFailed` when there is one, but it cannot be had. */
export function addBasemap(engine, config, onFailed) {
  return lay(engine, config, config.choices[0], onFailed);
}

/** The same with the choice of `boxes` (radio buttons), which the address remembers as `base`; `0` is the plain ground. */
export function chooseBasemap(engine, config, boxes, onFailed) {
  if (!config.choices.length) return Promise.resolve();
  const wanted = new URLSearchParams(location.search).get("base");
  const begin = boxes.find((box) => box.value === wanted) ?? boxes.find((box) => box.value !== PLAIN);
  let laid = Promise.resolve();
  const choose = (key) => {
    const before = laid;
    laid = lay(engine, config, config.choices.find((one) => String(one.key) === key), onFailed);
    before.then((layer) => layer && engine.remove(layer));
    return laid;
  };
  for (const box of boxes) {
    box.checked = box === begin;
    box.addEventListener("change", () => {
      remember(box.value);
      choose(box.value);
    });
  }
  return choose(begin.value);
}

export const basemapBoxes = () => $$("input[name=base]");

function remember(key) {
  const address = new URL(location.href);
  address.searchParams.set("base", key);
  history.replaceState(history.state, "", address.href.replaceAll("%2F", "/").replaceAll("%2C", ",").replaceAll("%2A", "*"));
}

async function lay(engine, config, choice, onFailed) {
  if (!choice || !navigator.onLine) return null;
  const { available } = await ask(config.check, { key: choice.key }).catch(() => ({ available: false }));
  if (!available) return onFailed();
  const raster = engine.raster(choice.url, { attribution: choice.attribution, maxNativeZoom: choice.maxZoom, maxZoom: 22, className: "basemap" });
  let [failed, came] = [0, 0];
  raster.on("tileload", () => (came += 1));
  raster.on("tileerror", () => {
    failed += 1;
    if (failed < FAILURES || came) return;
    engine.remove(raster);
    onFailed();
  });
  engine.add(raster);
  return raster;
}
