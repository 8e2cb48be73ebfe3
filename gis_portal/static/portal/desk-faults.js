// The error map: list and map show the same problem.

import { $, $$ } from "portal/dom";

const place = $("[data-faults]");
const map = $("[data-diffmap]", place);
const lines = new Map($$("[data-fault]", place).map((line) => [Number(line.dataset.fault), line]));

function mark(item) {
  for (const [known, line] of lines) {
    if (known === item) line.setAttribute("aria-current", "true");
    else line.removeAttribute("aria-current");
  }
}

for (const button of $$("[data-show]", place)) {
  button.hidden = false;
  button.addEventListener("click", () => {
    const item = Number(button.dataset.show);
    mark(item);
    map.dispatchEvent(new CustomEvent("diffmap:select", { detail: { item, by: "page" } }));
    map.scrollIntoView({ block: "nearest" });
  });
}

map.addEventListener("diffmap:select", ({ detail }) => {
  if (detail.by !== "map") return;
  mark(detail.item);
  lines.get(detail.item)?.scrollIntoView({ block: "nearest" });
});
