// The background map. The site says whether it answers before a browser is sent there; if it fails all the same, it is taken away.

import { ask } from "portal/dom";

const FAILURES = 3;

/** Put the background under the registry's layers; `onFailed` when there is one, but it cannot be had. */
export async function addBasemap(engine, config, onFailed) {
  if (!config.url || !navigator.onLine) return;
  const { available } = await ask(config.check).catch(() => ({ available: false }));
  if (!available) return onFailed();
  const raster = engine.raster(config.url, { attribution: config.attribution, maxNativeZoom: config.maxZoom, maxZoom: 22, className: "basemap" });
  let [failed, came] = [0, 0];
  raster.on("tileload", () => (came += 1));
  raster.on("tileerror", () => {
    failed += 1;
    if (failed < FAILURES || came) return;
    engine.remove(raster);
    onFailed();
  });
  engine.add(raster);
}
