// The day that the map shows: choosing another keeps place, layers and selection, which the address holds.

import { $ } from "portal/dom";

export function keepPlace() {
  $("[data-at-form]")?.addEventListener("submit", (event) => go(event, event.target.elements.at.value));
  $("[data-today]")?.addEventListener("click", (event) => event.ctrlKey || event.metaKey || event.shiftKey || go(event, ""));
}

function go(event, day) {
  event.preventDefault();
  const address = new URL(location.href);
  if (day) address.searchParams.set("at", day);
  else address.searchParams.delete("at");
  location.assign(address);
}
