// What the rules found, as points on the page's map: the list leads to the map. Both come when they are ready.
import { $$ } from "portal/dom";

const ofLine = (line) => {
  const [lng, lat] = line.dataset.point.split(" ").map(Number);
  return { lng, lat, severity: line.dataset.severity, text: line.dataset.text };
};

export function tieFindings(map) {
  if (!map) return;
  const say = (name, detail) => map.dispatchEvent(new CustomEvent(name, { detail }));
  let isReady = false;
  const tell = () => {
    if (!isReady) return;
    // A refused step tells some of them once more above.
    say("diffmap:points", { points: $$("#rules [data-point]").map(ofLine) });
    for (const button of $$("[data-show-point]")) button.hidden = false;
  };
  map.addEventListener("diffmap:ready", () => {
    isReady = true;
    tell();
  });
  document.addEventListener("fragment:filled", tell);
  document.addEventListener("click", ({ target }) => {
    const button = target.closest("[data-show-point]");
    if (!button) return;
    say("diffmap:point", ofLine(button.closest("[data-point]")));
    map.scrollIntoView({ block: "nearest" });
  });
}
