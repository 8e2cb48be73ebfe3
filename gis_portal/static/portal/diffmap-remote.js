// Differences that the server keeps: tiles for the map, single things by place or by number.

import { ask } from "portal/dom";
import { TileSource } from "portal/tiles";

const KEPT = 200;

export class RemoteSource {
  /** `about` is the answer of the difference's address; `onTrouble(failed)` after each tile. */
  constructor(about, library, onTrouble) {
    this.about = about;
    this.tiles = new library.PmtilesSource(new TileSource({ tiles: [about.tiles] }, onTrouble), true);
    this.things = new Map();
  }

  get bounds() {
    return this.about.bounds;
  }

  get counts() {
    return this.about.counts;
  }

  get(place, size) {
    return this.tiles.get(place, size);
  }

  async at(lng, lat, zoom, signal) {
    const question = { lng: lng.toFixed(8), lat: lat.toFixed(8), zoom };
    return (await ask(this.about.things, question, signal)).features;
  }

  /** Both sides of one item; asked for once. */
  async item(item) {
    if (this.things.size > KEPT) this.things.clear();
    if (!this.things.has(item)) this.things.set(item, (await ask(this.about.things, { item })).features);
    return this.things.get(item);
  }
}
