// The panel's tabs (WAI-ARIA Authoring Practices): arrow keys choose, and what is chosen is shown at once.

import { $$ } from "portal/dom";

export class Tabs {
  /** `list` holds the tabs; `onChange(name)` after a visitor chose one, `name` being its id without `tab-`. */
  constructor(list, onChange) {
    this.tabs = $$("[role=tab]", list);
    this.onChange = onChange;
    list.addEventListener("click", (event) => {
      const tab = event.target.closest("[role=tab]");
      if (tab) this.choose(tab);
    });
    list.addEventListener("keydown", (event) => this.key(event));
  }

  get name() {
    return this.tabs.find((tab) => tab.ariaSelected === "true").id.replace("tab-", "");
  }

  show(name) {
    for (const tab of this.tabs) {
      const isShown = tab.id === `tab-${name}`;
      tab.ariaSelected = String(isShown);
      tab.tabIndex = isShown ? 0 : -1;
      document.getElementById(tab.getAttribute("aria-controls")).hidden = !isShown;
    }
  }

  choose(tab) {
    this.show(tab.id.replace("tab-", ""));
    this.onChange(this.name);
  }

  key(event) {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    const at = this.tabs.indexOf(event.target);
    if (!step || at < 0) return;
    event.preventDefault();
    const tab = this.tabs[(at + step + this.tabs.length) % this.tabs.length];
    tab.focus();
    this.choose(tab);
  }
}
