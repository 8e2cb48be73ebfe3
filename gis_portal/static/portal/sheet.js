// The panel on a phone: a sheet with three stops. Its handle is a real button that can also be dragged.

const STOPS = ["low", "half", "full"];

export class Sheet {
  /** `onMove(height)` gets the height in px that the sheet covers; 0 on wide screens, where it stands beside the map. */
  constructor(panel, handle, texts, onMove) {
    Object.assign(this, { panel, handle, texts, onMove, narrow: matchMedia("(max-width: 767px)") });
    handle.addEventListener("click", () => this.dragged || this.stop(STOPS[(STOPS.indexOf(panel.dataset.stop) + 1) % STOPS.length]));
    handle.addEventListener("pointerdown", (event) => this.grab(event));
    panel.addEventListener("transitionend", () => this.moved());
    this.narrow.addEventListener("change", () => this.moved());
    this.stop(panel.dataset.stop);
  }

  stop(name) {
    this.panel.dataset.stop = name;
    const open = name !== "low";
    this.handle.setAttribute("aria-expanded", String(open));
    this.handle.lastElementChild.textContent = name === "full" ? this.texts.sheetOpen : this.texts.sheetClosed;
    this.moved();
  }

  /** At least half open, so that a card can be read. */
  reveal() {
    if (this.panel.dataset.stop === "low") this.stop("half");
  }

  moved() {
    // Whoever has it open in full sees no map: what is looked for is put where it will be seen above half a sheet.
    const heights = { low: 96, half: innerHeight * 0.46, full: innerHeight * 0.46 };
    this.onMove(this.narrow.matches ? heights[this.panel.dataset.stop] : 0);
  }

  grab(start) {
    this.dragged = false;
    const from = this.panel.getBoundingClientRect().height;
    const move = (event) => {
      if (Math.abs(event.clientY - start.clientY) > 6) this.dragged = true;
      if (this.dragged) this.panel.style.height = `${from + start.clientY - event.clientY}px`;
    };
    const drop = () => {
      this.handle.removeEventListener("pointermove", move);
      const share = this.panel.getBoundingClientRect().height / innerHeight;
      this.panel.style.removeProperty("height");
      if (this.dragged) this.stop(share > 0.67 ? "full" : share > 0.28 ? "half" : "low");
    };
    this.handle.setPointerCapture(start.pointerId);
    this.handle.addEventListener("pointermove", move);
    this.handle.addEventListener("lostpointercapture", drop, { once: true });
  }
}
