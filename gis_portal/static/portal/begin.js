// What every map of the portal begins with: the libraries, the style as rules, where the tiles are, a ground for keys.

import { Anchors } from "portal/anchors";
import { ask } from "portal/dom";
import { compileStyle } from "portal/style";

/** `{library, rules, anchors, tilejson}` for the engine; `style` and `tiles` are addresses, `label` tells what the map is. */
export async function beginMap(ground, { style, tiles, label }) {
  const library = window.protomapsL;
  if (!library || !window.L) throw new Error("The map's libraries are not installed.");
  const [look, tilejson] = await Promise.all([ask(style), ask(tiles)]);
  const anchors = new Anchors();
  ground.setAttribute("role", "application");
  ground.setAttribute("aria-label", label);
  return { library, rules: compileStyle(look, library, anchors), anchors, tilejson };
}
