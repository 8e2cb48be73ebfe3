// What the map shows, as the page's address: whoever opens it sees the same.

// A metre on the ground.
const DECIMALS = 5;

/** `{view, layers, selected}`; parts that are missing or make no sense are null. */
export function readAddress() {
  const query = new URLSearchParams(location.search);
  const [zoom, lat, lng] = (query.get("map") ?? "").split("/").map(Number);
  const sane = zoom >= 1 && zoom <= 22 && Math.abs(lat) <= 85 && Math.abs(lng) <= 180;
  const [layer, id] = (query.get("selected") ?? "").split("/");
  return {
    view: sane ? { zoom, lat, lng } : null,
    layers: query.get("layers"),
    selected: layer && id ? { layer, id } : null,
  };
}

/** Write the state into the address; a new selection becomes a step of the browser's history. */
export function writeAddress({ view, layers, selected }, step = false) {
  const address = new URL(location.href);
  const set = (name, value) => (value === null ? address.searchParams.delete(name) : address.searchParams.set(name, value));
  set("map", `${view.zoom}/${view.lat.toFixed(DECIMALS)}/${view.lng.toFixed(DECIMALS)}`);
  set("layers", layers);
  set("selected", selected && `${selected.layer}/${selected.id}`);
  // Slashes, commas and stars are allowed in a query and easier to read in a message.
  const text = address.href.replaceAll("%2F", "/").replaceAll("%2C", ",").replaceAll("%2A", "*");
  if (text !== location.href) history[step ? "pushState" : "replaceState"](null, "", text);
  return text;
}
