// What the map page shows, as its address: whoever opens it sees the same.

// A metre on the ground.
const DECIMALS = 5;
// Every other parameter is a term of the search for plots.
const OWN = ["lang", "at", "map", "layers", "selected", "tab", "base"];

/** Of `query`, what is asked of the plots. */
export function termsOf(query) {
  return new URLSearchParams([...query].filter(([name, value]) => value && !OWN.includes(name))).toString();
}

/** The terms that a click on a link of the list or the form asks for; null for any other click. */
export function termsOfClick(event) {
  const link = event.target.closest("a");
  if (!link?.getAttribute("href").startsWith("?") || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return null;
  event.preventDefault();
  return termsOf(new URLSearchParams(link.search));
}

/** `{terms, view, layers, selected, tab}`; parts that are missing or make no sense are null. */
export function readAddress() {
  const query = new URLSearchParams(location.search);
  const [zoom, lat, lng] = (query.get("map") ?? "").split("/").map(Number);
  const sane = zoom >= 1 && zoom <= 22 && Math.abs(lat) <= 85 && Math.abs(lng) <= 180;
  const [layer, id] = (query.get("selected") ?? "").split("/");
  return {
    terms: termsOf(query),
    view: sane ? { zoom, lat, lng } : null,
    layers: query.get("layers"),
    selected: layer && id ? { layer, id } : null,
    tab: query.get("tab") === "layers" ? "layers" : "plots",
  };
}

/** Write the state into the address; as a step of the browser's history, or in place of the present one. */
export function writeAddress({ terms, view, layers, selected, tab }, step = false) {
  const address = new URL(location.href);
  const before = address.searchParams;
  const query = new URLSearchParams(terms);
  const set = (name, value) => value && query.set(name, value);
  for (const name of ["lang", "at", "base"]) set(name, before.get(name));
  set("map", view ? `${view.zoom}/${view.lat.toFixed(DECIMALS)}/${view.lng.toFixed(DECIMALS)}` : before.get("map"));
  if (layers !== null) query.set("layers", layers);
  set("selected", selected && `${selected.layer}/${selected.id}`);
  set("tab", tab === "plots" ? null : tab);
  address.search = query.toString();
  // Slashes, commas and stars are allowed in a query and easier to read in a message.
  const text = address.href.replaceAll("%2F", "/").replaceAll("%2C", ",").replaceAll("%2A", "*");
  if (text !== location.href) history[step ? "pushState" : "replaceState"](null, "", text);
  return text;
}
