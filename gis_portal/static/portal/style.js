// Our one MapLibre style as rules of protomaps-leaflet: what is painted, and what is lettered, in the style's order.

import { compile } from "portal/expressions";
import { letter, letterer } from "portal/lettering";
import { circle, fill, line } from "portal/paint";

// Leaflet counts in tiles of 256 px, the style in tiles of 512 px.
const styleZoom = (mapZoom) => mapZoom - 1;

/** `{ground, paint, labels}` of a style document; rules carry the key of their layer as `dataLayer`. */
export function compileStyle(style, library, anchors) {
  const drawn = style.layers.filter((layer) => layer["source-layer"]);
  const floats = (layer) => layer.type === "symbol" && !layer.layout?.["text-allow-overlap"];
  return {
    ground: style.layers.find((layer) => layer.type === "background")?.paint["background-color"],
    paint: drawn.filter((layer) => !floats(layer)).map((layer) => rule(layer, painter(layer))),
    // MapLibre lets the uppermost label win, this library the first.
    labels: drawn.filter(floats).reverse().map((layer) => rule(layer, letterer(layer, reader(layer), library, anchors))),
  };
}

function rule(layer, symbolizer) {
  const test = layer.filter && compile(layer.filter);
  return {
    id: layer.id,
    kind: layer.type,
    dataLayer: layer["source-layer"],
    minzoom: (layer.minzoom ?? 0) + 1,
    // The style's upper limit is exclusive.
    maxzoom: (layer.maxzoom ?? 30) + 1 - 1e-6,
    filter: test ? (zoom, feature) => test(styleZoom(zoom), feature.props) : undefined,
    symbolizer,
  };
}

function painter(layer) {
  const value = reader(layer);
  return { fill, line, circle, symbol: letter }[layer.type](value);
}

/** A reader of the layer's properties: (name, default) → function of map zoom and feature. */
function reader(layer) {
  const values = { ...layer.layout, ...layer.paint };
  return (name, fallback) => {
    // A list of fonts looks like an expression and is none.
    const found = name === "text-font" ? () => values[name] ?? fallback : compile(values[name] ?? fallback);
    return (zoom, feature) => found(styleZoom(zoom), feature.props);
  };
}
