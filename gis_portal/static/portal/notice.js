// One line over the map for what the reader should know: loading, trouble, offline. It announces itself to screen readers.

import { el } from "portal/dom";

export class Notice {
  constructor(place) {
    this.place = place;
    this.shown = new Map();
  }

  /** Show `text` under a name until it is taken away; `action` = {label, run} adds a button. Later names lie on top. */
  say(name, text, action = null) {
    if (this.shown.get(name)?.text === text) return;
    this.shown.set(name, { text, action });
    this.draw();
  }

  clear(name) {
    if (this.shown.delete(name)) this.draw();
  }

  /** Show `text` for a few seconds. */
  mention(text) {
    this.say("mention", text);
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.clear("mention"), 6000);
  }

  draw() {
    const top = [...this.shown.values()].at(-1);
    this.place.hidden = !top;
    if (!top) return this.place.replaceChildren();
    const button = top.action && el("button", { type: "button", className: "quiet", onclick: top.action.run }, top.action.label);
    this.place.replaceChildren(el("span", {}, top.text), ...(button ? [button] : []));
  }
}
